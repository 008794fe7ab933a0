"""What a voice says about how its speaker feels: a small classifier over prosody, words unheard."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.model_files import open_model
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.functionals import NAMES, summarise
from emotion.voice.prosody_rev3 import Prosody
from vocabulary import LABELS, Absent, Clip, Feature, Modality, ModalityScore

REVISION: Final = 1
"""Format of the model's inputs and outputs; a folder of another revision is refused."""

TOO_SHORT: Final = "less than half a second of voice"

_WORDS: Final = {
    "pitch_median": ("a high voice", "a low voice"),
    "pitch_range": ("pitch moves widely", "pitch moves little"),
    "level_movement": ("loudness jumps", "loudness is even"),
    "alpha_mean": ("a sharp, pressed voice", "a soft voice"),
    "rate": ("fast speech", "slow speech"),
    "pause_share": ("many pauses", "hardly a pause"),
}
_FAMILIAR: Final = 1.5
_PRIOR_TURNS: Final = 3.0
_MOST_SHIFT: Final = 1.5  # deviations
_TELLING: Final = 1.0  # standard deviations from the training speakers' mean


@dataclass(frozen=True)
class VoiceReading:
    """One turn's score, and the speaker's baseline with this turn in it."""

    score: ModalityScore
    baseline: SpeakerBaseline


class VoiceScorer:
    """Scores one utterance of the customer.

    model_dir: holds model.onnx and meta.json, as `attune emotion train voice` writes them.
    Safe to share between threads. Raises: ModelError.
    """

    def __init__(self, model_dir: Path) -> None:
        self._model = open_model(model_dir, kind="voice", revision=REVISION)
        meta = self._model.meta
        self._known = tuple(meta["known_labels"])
        self._mean = np.array(meta["mean"], dtype=np.float64)
        self._deviation = np.array(meta["deviation"], dtype=np.float64)
        self._equal = np.array([label in self._known for label in LABELS]) / len(self._known)
        self._confidence_limit = float(meta["confidence_limit"])
        self._fingerprint = f"voice-{REVISION}-{len(NAMES)}"

    def score(self, clip: Clip, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent:
        """Estimate emotion from prosody alone; Absent with less than half a second of the customer's voice.

        baseline: of the customer's earlier turns in this session; None before the first. One of another model is
        ignored. The result carries the baseline for the next turn.
        Gain does not matter; clip.customer_segments are respected; of a long turn the last 20 s count.
        Source: docs/decisions/0021-voice-emotion.md; figures in models/voice_emotion/card.md.
        """
        prosody = Prosody.of(clip)
        summary = summarise(prosody) if prosody else None
        if summary is None:
            return Absent(TOO_SHORT)
        before = baseline or SpeakerBaseline()
        after = before.updated(self._fingerprint, summary)
        summary = (summary - self._usual(before)).astype(np.float32)
        labels, arousal = self._model.run(["labels", "arousal"], {"functionals": summary[None, :]})
        view = np.asarray(labels[0], dtype=np.float64)
        view /= view.sum()
        share = self._share(summary)
        probabilities = share * view + (1.0 - share) * self._equal
        aroused = float(np.clip(arousal[0, 0], -1.0, 1.0))
        reading = ModalityScore(
            modality=Modality.VOICE,
            probabilities=tuple(float(value) for value in probabilities),
            confidence=float(probabilities.max()),
            arousal=aroused,
            # Prosody tells joy from anger badly: no valence is better than a wrong one.
            valence=None,
            frustration_cue=_frustration(view, share, aroused),
            known_labels=self._known,
            features=self._explain(summary),
        )
        return VoiceReading(reading, after)

    def _usual(self, baseline: SpeakerBaseline) -> NDArray[np.float64]:
        """How far this speaker's usual figures are from everybody's, trusted more with every turn and bounded."""
        if not baseline.fits(self._fingerprint, self._mean.size):
            return np.zeros_like(self._mean)
        trusted = baseline.turns / (baseline.turns + _PRIOR_TURNS)
        away = (np.array(baseline.mean) - self._mean) / self._deviation
        return np.asarray(np.clip(trusted * away, -_MOST_SHIFT, _MOST_SHIFT) * self._deviation)

    def _share(self, summary: NDArray[np.float32]) -> float:
        """How much the model's view counts against equal shares of the labels it knows, [0, 1].

        It is limited (docs/decisions/0021-voice-emotion.md), and shrinks with the mean squared distance from the
        training clips, in deviations: held-out actors lie near 1, 95 % of them below 2.3.
        """
        distance = np.clip((summary - self._mean) / self._deviation, -6.0, 6.0)
        return self._confidence_limit * min(1.0, _FAMILIAR / max(float((distance**2).mean()), 1e-9))

    def _explain(self, summary: NDArray[np.float32]) -> tuple[Feature, ...]:
        distance = (summary - self._mean) / self._deviation
        found = []
        for name, (above, below) in _WORDS.items():
            position = NAMES.index(name)
            if abs(distance[position]) >= _TELLING:
                words = above if distance[position] > 0 else below
                found.append((abs(distance[position]), Feature(name, float(summary[position]), words)))
        return tuple(feature for _, feature in sorted(found, key=lambda pair: -pair[0])[:3])


def _frustration(view: NDArray[np.float64], share: float, arousal: float) -> float:
    """Anger, and half of disgust, in the model's own view: 0 where it sees none, however unsure it is.

    A quarter goes with arousal, so cold disgust counts for less than a raised voice.
    """
    tense = share * (view[LABELS.index("anger")] + 0.5 * view[LABELS.index("disgust")])
    return float(np.clip(tense * (0.75 + 0.25 * arousal), 0.0, 1.0))
