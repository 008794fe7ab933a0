"""Where a customer stands after a turn, and what people say about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from vocabulary.emotion import ScoreError, check_probabilities, check_range
from vocabulary.labels import FINE_SENTIMENTS


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
        check_range("frustration", self.frustration, 0.0, 100.0)
        check_range("trend", self.trend, -100.0, 100.0)
        for name in ("confidence", "unsure", "stressed", "confident"):
            check_range(name, getattr(self, name), 0.0, 1.0)
        check_range("ceiling", self.ceiling, 0.0, 100.0)
        check_range("floor", self.floor, 0.0, self.ceiling)
        if self.sentiment is not None:
            check_probabilities(self.sentiment, FINE_SENTIMENTS)
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
