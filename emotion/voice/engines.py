"""The engines that can read a voice: the model that ships, or a transformers audio-classification model."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError
from emotion.foreign_model import load_foreign
from emotion.model_files import MODEL_FILE
from emotion.voice.affect import expected_arousal, expected_valence, frustration_cue
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.measured import measure_clip
from emotion.voice.prosody import MAX_SECONDS
from emotion.voice.scorer import VoiceReading, VoiceScorer
from vocabulary import LABELS, SAMPLE_RATE_HZ, Absent, Clip, Modality, ModalityScore

SETTING: Final = "ATTUNE_VOICE_EMOTION_MODEL"

CONFIDENCE_LIMIT: Final = 0.6
"""Most of a foreign model's own view beside equal shares of its labels: its calibration is not known here."""

# Published models write their labels as words of many kinds, or by their first three letters.
_NAMES: Final = {
    "anger": ("angry", "ang"),
    "disgust": ("disgusted", "dis"),
    "fear": ("fearful", "afraid", "fea"),
    "happiness": ("happy", "hap", "joy", "excited", "exc"),
    "sadness": ("sad",),
    "surprise": ("surprised", "sur", "ps", "pleasant surprise"),
    "neutral": ("neu", "calm", "cal", "boredom", "bored"),
}
_LABEL_OF: Final = {name: label for label, names in _NAMES.items() for name in (label, *names)}


def label_places(names: list[str], model: str) -> list[int]:
    """Where each of a model's labels lies in LABELS. Raises: ModelError naming those that mean nothing here.

    >>> label_places(["NEU", "hap", "Angry"], "a model")
    [6, 3, 0]
    """
    plain = [name.strip().lower().replace("_", " ") for name in names]
    unknown = [name for name, word in zip(names, plain, strict=True) if word not in _LABEL_OF]
    if unknown:
        raise ModelError(
            f"{model} has labels that mean nothing here: {', '.join(unknown)}. Expected words such as "
            f"{', '.join(LABELS)}, calm, or their first three letters. Set id2label in its config.json, or unset "
            f"{SETTING}."
        )
    return [LABELS.index(_LABEL_OF[word]) for word in plain]


@dataclass(frozen=True, eq=False)
class Heard:
    """What a transformers model said about one clip: probabilities over LABELS, (7,)."""

    probabilities: NDArray[np.float64]


class TransformersVoiceScorer:
    """model: a hub id, or a folder with config.json, preprocessor_config.json and weights. Its code is never run.

    The speaker's baseline is neither
    used nor changed: such a model hears each clip alone. One clip at a time. Raises: ModelError.
    """

    def __init__(self, model: str) -> None:
        self._extractor, self._network = load_foreign(
            model,
            lambda transformers: (
                transformers.AutoFeatureExtractor.from_pretrained(model),
                transformers.AutoModelForAudioClassification.from_pretrained(model),
            ),
            setting=SETTING,
            kind="audio",
        )
        self._torch: Any = import_module("torch")
        config = self._network.config
        self._places = label_places([config.id2label[at] for at in range(config.num_labels)], model)
        rate = getattr(self._extractor, "sampling_rate", SAMPLE_RATE_HZ)
        if rate != SAMPLE_RATE_HZ:
            raise ModelError(f"{model} wants {rate} Hz; expected a model for {SAMPLE_RATE_HZ} Hz. Unset {SETTING}.")
        self._known = tuple(label for at, label in enumerate(LABELS) if at in self._places)
        self.engine = f"transformers: {model}"

    def measure(self, clip: Clip) -> Heard | Absent:
        """Let the model hear the customer's part of a clip, its last 20 s; Absent with too little voice in it."""
        measured = measure_clip(clip)
        if isinstance(measured, Absent):
            return measured
        samples = clip.samples
        if clip.customer_segments is not None:
            spans = [
                (round(start * SAMPLE_RATE_HZ), round(end * SAMPLE_RATE_HZ)) for start, end in clip.customer_segments
            ]
            samples = np.concatenate([samples[max(0, start) : max(0, end)] for start, end in spans])
        samples = samples[-round(MAX_SECONDS * SAMPLE_RATE_HZ) :]
        given = self._extractor(samples, sampling_rate=SAMPLE_RATE_HZ, return_tensors="pt")
        with self._torch.inference_mode():
            chances = self._network(**given).logits[0].float().softmax(-1).double().numpy()
        probabilities = np.zeros(len(LABELS))
        np.add.at(probabilities, self._places, chances)
        return Heard(probabilities / probabilities.sum())

    def score_measured(self, measured: Heard, *, baseline: SpeakerBaseline | None = None) -> VoiceReading:
        """What the model said, drawn towards equal shares of its labels."""
        equal = np.array([label in self._known for label in LABELS]) / len(self._known)
        probabilities = CONFIDENCE_LIMIT * measured.probabilities + (1.0 - CONFIDENCE_LIMIT) * equal
        arousal = expected_arousal(measured.probabilities)
        score = ModalityScore(
            modality=Modality.VOICE,
            probabilities=tuple(float(value) for value in probabilities),
            confidence=float(probabilities.max()),
            arousal=arousal,
            valence=expected_valence(measured.probabilities),
            frustration_cue=frustration_cue(probabilities, arousal)
            if {"anger", "disgust"} & set(self._known)
            else None,
            known_labels=self._known,
        )
        return VoiceReading(score, baseline or SpeakerBaseline())

    def score(self, clip: Clip, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent:
        """See VoiceScorer.score(); without reasons, because this model gives none."""
        heard = self.measure(clip)
        return heard if isinstance(heard, Absent) else self.score_measured(heard, baseline=baseline)


def open_voice_scorer(model_dir: Path, model: str = "") -> VoiceScorer | TransformersVoiceScorer:
    """The configured model, or the one that ships where none is configured. Raises: ModelError.

    A configured model that cannot be opened is an error: it is never silently replaced.
    """
    return TransformersVoiceScorer(model) if model else VoiceScorer(model_dir)


@dataclass(frozen=True)
class VoiceEngineStatus:
    """Which engine reads voices. engine: None when none can; note says why, or where the figures are."""

    engine: str | None
    is_configured: bool
    note: str


def describe_voice_emotion(model_dir: Path, model: str) -> VoiceEngineStatus:
    """Look without loading anything."""
    if not model:
        here = (model_dir / MODEL_FILE).is_file()
        note = "figures in models/voice_emotion/card.md" if here else f"{model_dir} is missing"
        return VoiceEngineStatus(VoiceScorer.engine if here else None, False, note)
    if find_spec("transformers") is None or find_spec("torch") is None:
        return VoiceEngineStatus(None, True, f"{SETTING} is set, and transformers is not installed; run `make setup`")
    folder = Path(model).expanduser()
    if folder.is_absolute() and not (folder / "config.json").is_file():
        return VoiceEngineStatus(None, True, f"{SETTING} names {model}, which holds no config.json")
    return VoiceEngineStatus(f"transformers: {model}", True, f"set by {SETTING}; its figures are its makers'")
