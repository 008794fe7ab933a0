"""What the scorers say about one turn, and what fusion makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from vocabulary.labels import FINE_SENTIMENTS, LABELS, Modality

DOUBTED_FROM: Final = 0.5
"""A doubt is scaled so that this is its operating point (models/voice_doubt/card.md: who is doubted wrongly there)."""

DOUBT_HINTS: Final[Mapping[Modality, str]] = {
    Modality.VOICE: "The voice may be synthetic, so its tone counts less; ask as usual: some people speak with a "
    "machine's voice.",
}
"""What agents read about a doubted signal. It is no reason to refuse anything."""


class ScoreError(ValueError):
    """A score is outside its range, or a vector has the wrong length."""

    code = "score_invalid"
    retryable = False


def check_range(name: str, value: float | None, low: float, high: float) -> None:
    """None is no value and passes. Raises: ScoreError."""
    # The comparison is false for NaN, so NaN is refused as well.
    if value is not None and not low <= value <= high:
        raise ScoreError(f"{name} is {value}; expected {low} to {high}.")


def check_probabilities(probabilities: tuple[float, ...], names: tuple[str, ...] = LABELS) -> None:
    """One for each name, each in [0, 1], summing to 1. Raises: ScoreError."""
    if len(probabilities) != len(names):
        raise ScoreError(f"{len(probabilities)} probabilities; expected {len(names)}: {', '.join(names)}.")
    for name, value in zip(names, probabilities, strict=True):
        check_range(f"probability of {name}", value, 0.0, 1.0)
    if abs(sum(probabilities) - 1.0) > 1e-3:
        raise ScoreError(f"probabilities sum to {sum(probabilities):.4f}; expected 1.")


def check_affect(given: "ModalityScore | Emotion") -> None:
    """Every field within its range. Raises: ScoreError."""
    check_probabilities(given.probabilities)
    if given.sentiment is not None:
        check_probabilities(given.sentiment, FINE_SENTIMENTS)
    for name in ("confidence", "engagement", "frustration_cue"):
        check_range(name, getattr(given, name), 0.0, 1.0)
    for name in ("arousal", "valence"):
        check_range(name, getattr(given, name), -1.0, 1.0)
    for name, value in given.nuances.items():
        check_range(name, value, 0.0, 1.0)


@dataclass(frozen=True)
class Feature:
    """One reason for a score, in words that an agent understands."""

    name: str
    value: float
    words: str

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "value": self.value, "words": self.words}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(str(raw["name"]), float(raw["value"]), str(raw["words"]))


@dataclass(frozen=True)
class ModalityScore:
    """What one modality says about one turn.

    probabilities: 7 values in the order of LABELS, summing to 1.
    arousal, valence: [-1, 1]; None when this modality cannot tell.
    confidence: [0, 1], the chance that the most probable label is right.
    frustration_cue: [0, 1], direct evidence of dissatisfaction; None when this modality cannot tell.
    known_labels: labels that the scorer was trained on; the others get no contribution from it.
    features: the few measurements that moved the result most, strongest first.
    sentiment: 5 values in the order of FINE_SENTIMENTS, summing to 1; None when this modality cannot tell.
    engagement: [0, 1], how much energy and attention the customer puts in; None when this modality cannot tell.
    nuances: finer readings by name (annoyance, disappointment, confusion, gratitude, ...), each in [0, 1].
    doubt: [0, 1], signs that the signal is a machine's, such as a synthetic voice; from DOUBTED_FROM on
    it counts less and agents are told; None where nobody looked.
    Raises: ScoreError.
    """

    modality: Modality
    probabilities: tuple[float, ...]
    confidence: float
    arousal: float | None = None
    valence: float | None = None
    frustration_cue: float | None = None
    known_labels: tuple[str, ...] = LABELS
    features: tuple[Feature, ...] = ()
    sentiment: tuple[float, ...] | None = None
    engagement: float | None = None
    nuances: Mapping[str, float] = field(default_factory=dict)
    doubt: float | None = None

    def __post_init__(self) -> None:
        check_affect(self)
        check_range("doubt", self.doubt, 0.0, 1.0)
        unknown = set(self.known_labels) - set(LABELS)
        if unknown:
            raise ScoreError(f"unknown labels {sorted(unknown)}; expected some of {', '.join(LABELS)}.")

    @property
    def is_doubted(self) -> bool:
        """Whether the signs are strong enough to say so."""
        return self.doubt is not None and self.doubt >= DOUBTED_FROM

    def to_dict(self) -> dict[str, Any]:
        return {
            "modality": self.modality.value,
            "probabilities": dict(zip(LABELS, self.probabilities, strict=True)),
            "confidence": self.confidence,
            "arousal": self.arousal,
            "valence": self.valence,
            "frustration_cue": self.frustration_cue,
            "known_labels": list(self.known_labels),
            "features": [feature.to_dict() for feature in self.features],
            "sentiment": list(self.sentiment) if self.sentiment is not None else None,
            "engagement": self.engagement,
            "nuances": dict(self.nuances),
            "doubt": self.doubt,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            modality=Modality(raw["modality"]),
            probabilities=tuple(float(raw["probabilities"][label]) for label in LABELS),
            confidence=float(raw["confidence"]),
            arousal=raw["arousal"],
            valence=raw["valence"],
            frustration_cue=raw["frustration_cue"],
            known_labels=tuple(raw["known_labels"]),
            features=tuple(Feature.from_dict(feature) for feature in raw["features"]),
            # Scores of earlier versions were stored without these.
            sentiment=tuple(raw["sentiment"]) if raw.get("sentiment") is not None else None,
            engagement=raw.get("engagement"),
            nuances=dict(raw.get("nuances", {})),
            doubt=raw.get("doubt"),
        )


@dataclass(frozen=True)
class Absent:
    """Why a modality says nothing about a turn: never "neutral".

    reason: a few plain words for staff, such as "less than half a second of voice".
    """

    reason: str


@dataclass(frozen=True)
class Emotion:
    """The fused reading of one turn.

    probabilities: 7 values in the order of LABELS, summing to 1.
    confidence: [0, 1]. arousal, valence: [-1, 1] or None.
    frustration_cue: [0, 1], fused direct evidence of dissatisfaction; None when no modality can tell.
    contributions: share of each present modality in the result, summing to 1.
    mixed: the modalities contradict each other, so no single label is honest.
    certain: confidence is above the floor; below it the assistant must not act on the label.
    sentiment: 5 values in the order of FINE_SENTIMENTS, summing to 1; None when no modality can tell.
    engagement: [0, 1] or None. nuances: finer readings by name, each in [0, 1].
    """

    probabilities: tuple[float, ...]
    confidence: float
    contributions: Mapping[Modality, float]
    mixed: bool
    certain: bool
    arousal: float | None = None
    valence: float | None = None
    frustration_cue: float | None = None
    sentiment: tuple[float, ...] | None = None
    engagement: float | None = None
    nuances: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_affect(self)

    @property
    def label(self) -> str:
        """The most probable label."""
        return max(zip(self.probabilities, LABELS, strict=True))[1]

    def probability(self, label: str) -> float:
        """The probability of one label of LABELS."""
        return self.probabilities[LABELS.index(label)]

    def to_dict(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "probabilities": dict(zip(LABELS, self.probabilities, strict=True)),
            "confidence": self.confidence,
            "contributions": {modality.value: share for modality, share in self.contributions.items()},
            "mixed": self.mixed,
            "certain": self.certain,
            "arousal": self.arousal,
            "valence": self.valence,
            "frustration_cue": self.frustration_cue,
            "sentiment": list(self.sentiment) if self.sentiment is not None else None,
            "engagement": self.engagement,
            "nuances": dict(self.nuances),
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            probabilities=tuple(float(raw["probabilities"][label]) for label in LABELS),
            confidence=float(raw["confidence"]),
            contributions={Modality(name): float(share) for name, share in raw["contributions"].items()},
            mixed=bool(raw["mixed"]),
            certain=bool(raw["certain"]),
            arousal=raw["arousal"],
            valence=raw["valence"],
            frustration_cue=raw["frustration_cue"],
            # Emotions of earlier versions were stored without these.
            sentiment=tuple(raw["sentiment"]) if raw.get("sentiment") is not None else None,
            engagement=raw.get("engagement"),
            nuances=dict(raw.get("nuances", {})),
        )
