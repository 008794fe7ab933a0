"""What the scorers say, what fusion makes of it, and the customer state that follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from vocabulary.labels import FINE_SENTIMENTS, LABELS, Modality


class ScoreError(ValueError):
    """A score is outside its range, or a vector has the wrong length."""

    code = "score_invalid"
    retryable = False


def _check_range(name: str, value: float | None, low: float, high: float) -> None:
    # The comparison is false for NaN, so NaN is refused as well.
    if value is not None and not low <= value <= high:
        raise ScoreError(f"{name} is {value}; expected {low} to {high}.")


def _check_probabilities(probabilities: tuple[float, ...], names: tuple[str, ...] = LABELS) -> None:
    if len(probabilities) != len(names):
        raise ScoreError(f"{len(probabilities)} probabilities; expected {len(names)}: {', '.join(names)}.")
    for name, value in zip(names, probabilities, strict=True):
        _check_range(f"probability of {name}", value, 0.0, 1.0)
    if abs(sum(probabilities) - 1.0) > 1e-3:
        raise ScoreError(f"probabilities sum to {sum(probabilities):.4f}; expected 1.")


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

    def __post_init__(self) -> None:
        _check_probabilities(self.probabilities)
        if self.sentiment is not None:
            _check_probabilities(self.sentiment, FINE_SENTIMENTS)
        _check_range("engagement", self.engagement, 0.0, 1.0)
        for name, value in self.nuances.items():
            _check_range(name, value, 0.0, 1.0)
        _check_range("confidence", self.confidence, 0.0, 1.0)
        _check_range("arousal", self.arousal, -1.0, 1.0)
        _check_range("valence", self.valence, -1.0, 1.0)
        _check_range("frustration_cue", self.frustration_cue, 0.0, 1.0)
        unknown = set(self.known_labels) - set(LABELS)
        if unknown:
            raise ScoreError(f"unknown labels {sorted(unknown)}; expected some of {', '.join(LABELS)}.")

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
        _check_probabilities(self.probabilities)
        if self.sentiment is not None:
            _check_probabilities(self.sentiment, FINE_SENTIMENTS)
        _check_range("engagement", self.engagement, 0.0, 1.0)
        for name, value in self.nuances.items():
            _check_range(name, value, 0.0, 1.0)
        _check_range("confidence", self.confidence, 0.0, 1.0)
        _check_range("arousal", self.arousal, -1.0, 1.0)
        _check_range("valence", self.valence, -1.0, 1.0)
        _check_range("frustration_cue", self.frustration_cue, 0.0, 1.0)

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


class StateName(StrEnum):
    """The customer states. CALM is the name when none applies; of the others a use case has at most three."""

    CALM = "calm"
    UNSURE = "unsure"
    STRESSED = "stressed"
    FRUSTRATED = "frustrated"
    CONFIDENT = "confident"
    RELIEVED = "relieved"


@dataclass(frozen=True)
class CustomerState:
    """Where the customer stands after a turn.

    frustration: 0 (none) to 100. trend: change of frustration against the turn before, -100 to 100.
    confidence: [0, 1], how far the level may be trusted. turns: assessed turns so far, at least 1.
    since: when the customer came into this state, with a time zone; None if it was not noted.
    unsure, stressed, confident: [0, 1], fading averages of the evidence for these states.
    floor, ceiling: bounds of the level that a correction by a person has set, 0 to 100.
    sentiment: what the conversation so far says, 5 values in the order of FINE_SENTIMENTS; None while nothing was read.
    """

    frustration: float
    trend: float
    name: StateName
    confidence: float
    turns: int
    since: datetime | None = None
    unsure: float = 0.0
    stressed: float = 0.0
    confident: float = 0.0
    floor: float = 0.0
    ceiling: float = 100.0
    sentiment: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        _check_range("frustration", self.frustration, 0.0, 100.0)
        _check_range("trend", self.trend, -100.0, 100.0)
        for name in ("confidence", "unsure", "stressed", "confident"):
            _check_range(name, getattr(self, name), 0.0, 1.0)
        _check_range("ceiling", self.ceiling, 0.0, 100.0)
        _check_range("floor", self.floor, 0.0, self.ceiling)
        if self.sentiment is not None:
            _check_probabilities(self.sentiment, FINE_SENTIMENTS)
        if self.turns < 1:
            raise ScoreError(f"turns is {self.turns}; expected at least 1.")
        if self.since is not None and self.since.tzinfo is None:
            raise ScoreError(f"since is {self.since} without a time zone; expected one, such as datetime.now(UTC).")

    def to_dict(self) -> dict[str, Any]:
        return {
            "frustration": self.frustration,
            "trend": self.trend,
            "name": self.name.value,
            "confidence": self.confidence,
            "turns": self.turns,
            "since": self.since.isoformat() if self.since else None,
            "unsure": self.unsure,
            "stressed": self.stressed,
            "confident": self.confident,
            "floor": self.floor,
            "ceiling": self.ceiling,
            "sentiment": list(self.sentiment) if self.sentiment is not None else None,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            frustration=float(raw["frustration"]),
            trend=float(raw["trend"]),
            name=StateName(raw["name"]),
            confidence=float(raw["confidence"]),
            turns=int(raw["turns"]),
            # States of earlier versions were stored without these.
            since=datetime.fromisoformat(raw["since"]) if raw.get("since") else None,
            unsure=float(raw.get("unsure", 0.0)),
            stressed=float(raw.get("stressed", 0.0)),
            confident=float(raw.get("confident", 0.0)),
            floor=float(raw.get("floor", 0.0)),
            ceiling=float(raw.get("ceiling", 100.0)),
            sentiment=tuple(raw["sentiment"]) if raw.get("sentiment") is not None else None,
        )


class Perceived(StrEnum):
    """What a person says about the level of frustration that was shown for a turn."""

    LESS_UPSET = "less_upset"
    AS_SHOWN = "as_shown"
    MORE_UPSET = "more_upset"


@dataclass(frozen=True)
class DialogueEvidence:
    """Facts of the dialogue itself, not of the customer's expression: they need no consent to be read.

    fallbacks: turns in a row, up to this one, in which the assistant did not understand.
    repeats: how often the intent of this turn was asked before in this session without being resolved.
    action_failures: actions in this session that ended in a refusal or an error.
    reasked_slots: how often in a row, up to this turn, a form asked again for what it had just asked.
    asks_for_person: the customer asks for a human agent in this turn.
    sensitive_topic: this turn's topic should go to a person (complaint, legal threat, safety); None if not.
    resolved: this turn or the one before it completed what the customer asked for.
    """

    fallbacks: int = 0
    repeats: int = 0
    action_failures: int = 0
    asks_for_person: bool = False
    sensitive_topic: str | None = None
    resolved: bool = False
    reasked_slots: int = 0

    @property
    def friction(self) -> int:
        """All failures of the assistant together."""
        return self.fallbacks + self.repeats + self.action_failures + self.reasked_slots


@dataclass(frozen=True)
class Assessment:
    """Everything that one turn's assessment stores, and nothing more.

    scores: one per modality that was present, permitted and able to judge; absent ones are missing, never neutral.
    absent: why a modality is missing, by modality ("no consent", "no clip", "too short", ...).
    emotion, state: None when nothing could be scored.
    """

    conversation_id: str
    message_id: str
    scores: tuple[ModalityScore, ...] = ()
    absent: Mapping[Modality, str] = field(default_factory=dict)
    emotion: Emotion | None = None
    state: CustomerState | None = None
