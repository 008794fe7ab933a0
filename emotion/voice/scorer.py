"""What a voice says about how its speaker feels: prosody against what is usual for this voice, words unheard."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError
from emotion.model_files import open_model
from emotion.voice.affect import expected_valence, frustration_cue
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.measured import Measured, measure_clip
from emotion.voice.population import Population
from emotion.voice.prosody import NAMES
from emotion.voice.reasons import GROUPS, reasons, without
from vocabulary import Absent, Clip, Modality, ModalityScore

REVISION: Final = 2
"""Format of the model's inputs and outputs; a folder of another revision is refused."""

Array = NDArray[np.float64]

_AROUSED: Final = ("pitch_median", "pitch_range", "articulation_rate", "level_movement")
"""Beside arousal, what engagement is made of: a high, moving, quick and accented voice."""


class RunsModel(Protocol):
    """What the scorer needs of an opened model: inputs to named outputs."""

    def run(self, outputs: list[str], inputs: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]: ...


@dataclass(frozen=True)
class VoiceConstants:
    """What goes with the weights. population: of the figures. fold: classes into LABELS, (classes, 7).

    known_labels: those that some class folds into. temperature: of the logits. familiar: distance up to which the
    model believes itself without reserve. Both for a new voice, and for one well known. own_share: most that the
    comparison with the speaker's own baseline may count beside the one with everybody, [0, 1].
    """

    population: Population
    fold: Array
    known_labels: tuple[str, ...]
    temperature: tuple[float, float]
    familiar: tuple[float, float]
    own_share: float

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> "VoiceConstants":
        """Read what training wrote. Raises: ModelError."""
        try:
            return cls(
                Population.from_dict(meta["population"]),
                np.array(meta["fold"], dtype=np.float64),
                tuple(meta["known_labels"]),
                (float(meta["temperature"][0]), float(meta["temperature"][1])),
                (float(meta["familiar"][0]), float(meta["familiar"][1])),
                float(meta["own_share"]),
            )
        except (KeyError, TypeError, ValueError, IndexError):
            raise ModelError(
                "meta.json of the voice model lacks constants. Make it again with `attune emotion train voice`."
            ) from None


@dataclass(frozen=True)
class VoiceReading:
    """One turn's score, and the speaker's baseline with this turn in it."""

    score: ModalityScore
    baseline: SpeakerBaseline


@dataclass(frozen=True)
class Raw:
    """A model's own answer to n rows: logits (n, classes), arousal (n,), and distance (n,): the mean squared distance
    of the figures from what is usual, in all directions alike; near 1 for a voice like those of training.
    """

    logits: Array
    arousal: Array
    distance: Array

    def probabilities(self, temperature: float, familiar: float, fold: Array) -> Array:
        """Over LABELS, (n, 7). fold: (classes, 7).

        Beyond the `familiar` distance the temperature grows with it: a strange microphone, room, language or voice
        lowers confidence, and what is heard clearly is still told from what is not (docs/decisions/0082).
        """
        warmth = temperature * np.maximum(1.0, self.distance / familiar)
        scaled = self.logits / warmth[:, None]
        powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True) @ fold)


@dataclass(frozen=True)
class View:
    """The model's answer to some rows: probabilities (n, 7) in the order of LABELS, arousal (n,) in [-1, 1]."""

    probabilities: Array
    arousal: Array


class VoiceScorer:
    """Scores one utterance of the customer.

    model_dir: holds model.onnx and meta.json, as `attune emotion train voice` writes them.
    Safe to share between threads. Raises: ModelError.
    """

    engine: str = "own model, ONNX"

    def __init__(self, model_dir: Path) -> None:
        opened = open_model(model_dir, kind="voice", revision=REVISION)
        self._set(opened, VoiceConstants.from_meta(opened.meta))

    @classmethod
    def of(cls, model: RunsModel, constants: VoiceConstants) -> "VoiceScorer":
        """A scorer around a model that is open already: training measures its folds with it."""
        scorer = cls.__new__(cls)
        scorer._set(model, constants)
        return scorer

    def _set(self, model: RunsModel, constants: VoiceConstants) -> None:
        self._model, self._constants = model, constants
        # Figures of another extractor or model revision are no baseline.
        self._profile = f"voice-{REVISION}-{len(NAMES)}"

    def measure(self, clip: Clip) -> Measured | Absent:
        """What score() takes of a clip: measured once, it can be scored beside many baselines."""
        return measure_clip(clip)

    def score(self, clip: Clip, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent:
        """Estimate emotion from prosody alone; Absent with less than half a second of the customer's voice.

        baseline: of the customer's earlier turns in this session; None before the first. One of another model is
        ignored. The result carries the baseline for the next turn.
        Gain does not matter; clip.customer_segments are respected; of a long turn the last 20 s count.
        Source: docs/decisions/0082-voice-models.md; figures in models/voice_emotion/card.md.
        """
        measured = self.measure(clip)
        return measured if isinstance(measured, Absent) else self.score_measured(measured, baseline=baseline)

    def score_measured(self, measured: Measured, *, baseline: SpeakerBaseline | None = None) -> VoiceReading:
        """Score what measure() took."""
        before = baseline if baseline is not None and baseline.fits(self._profile, len(NAMES)) else SpeakerBaseline()
        figures = measured.figures.astype(np.float64)
        rows = np.stack([figures, *(without(name, figures, self.usual(before)) for name in GROUPS)])
        view = self.view(rows, before)
        probabilities, arousal = view.probabilities[0], float(view.arousal[0])
        score = ModalityScore(
            modality=Modality.VOICE,
            probabilities=tuple(float(value) for value in probabilities),
            confidence=float(probabilities.max()),
            arousal=arousal,
            valence=expected_valence(probabilities),
            frustration_cue=frustration_cue(probabilities, arousal),
            known_labels=self._constants.known_labels,
            features=reasons(view.probabilities, figures, self._away(figures, before), heard_before=before.turns > 0),
            engagement=self._engagement(figures, before, arousal),
        )
        return VoiceReading(score, self.heard(figures, before))

    def view(self, figures: Array, baseline: SpeakerBaseline) -> View:
        """The model's answer to rows of figures of one speaker, (n, len(NAMES)).

        With a baseline, the comparison with the speaker's own voice and the one with everybody's are pooled: an
        angry customer whose turns were all angry stays angrier than most.
        """
        raw, constants = self.raw(figures, baseline), self._constants
        probabilities = raw.probabilities(
            after(baseline.turns, constants.temperature), after(baseline.turns, constants.familiar), constants.fold
        )
        return View(probabilities, np.clip(raw.arousal, -1.0, 1.0))

    def raw(self, figures: Array, baseline: SpeakerBaseline) -> "Raw":
        """What the model itself says, both comparisons pooled."""
        everybody = self._run(figures, SpeakerBaseline())
        if not baseline.turns:
            return everybody
        own, share = self._run(figures, baseline), self._constants.own_share
        return Raw(
            share * own.logits + (1.0 - share) * everybody.logits,
            share * own.arousal + (1.0 - share) * everybody.arousal,
            own.distance,
        )

    def heard(self, figures: Array, baseline: SpeakerBaseline) -> SpeakerBaseline:
        """The baseline with one more turn's figures, (len(NAMES),), in it."""
        return baseline.updated(self._profile, figures)

    def _run(self, figures: Array, baseline: SpeakerBaseline) -> "Raw":
        inputs = self._constants.population.inputs(figures, *self._own(baseline, len(figures)))
        found = self._model.run(["logits", "arousal", "distance"], {"inputs": inputs.astype(np.float32)})
        logits, arousal, distance = (np.asarray(each, dtype=np.float64) for each in found)
        return Raw(logits, arousal[:, 0], distance[:, 0])

    def _own(self, baseline: SpeakerBaseline, n: int) -> tuple[Array, Array]:
        mean = np.array(baseline.mean) if baseline.turns else self._constants.population.mean
        return np.broadcast_to(mean, (n, mean.size)), np.full(n, float(baseline.turns))

    def usual(self, baseline: SpeakerBaseline) -> Array:
        """What each figure usually is for this speaker, (len(NAMES),)."""
        return np.asarray(self._constants.population.usual(*self._own(baseline, 1))[0])

    def _away(self, figures: Array, baseline: SpeakerBaseline) -> Array:
        """Distance from what is usual in expected deviations, (len(NAMES),)."""
        inputs = self._constants.population.inputs(figures[None, :], *self._own(baseline, 1))
        return np.asarray(inputs[0, : figures.size])

    def _engagement(self, figures: Array, baseline: SpeakerBaseline, arousal: float) -> float:
        """[0, 1], .5 for the usual: a squashed mean of 2 × arousal and the distances of _AROUSED from the usual.

        It is energy in the voice by definition, not attention: no data here says how attentive anybody is.
        """
        away = self._away(figures, baseline)
        parts = [2.0 * arousal, *(away[NAMES.index(name)] for name in _AROUSED)]
        return float(1.0 / (1.0 + np.exp(-float(np.mean(parts)))))


def after(turns: int, values: tuple[float, float]) -> float:
    """Between the value for a new voice and the one for a voice well known, nearer to that with every turn."""
    new, known = values
    return known + (new - known) / (1.0 + turns)
