"""What the customer state leads to: a mode, offers or none, a person or not; hand-overs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Mode(StrEnum):
    """How the assistant speaks; the value of the slot `attune_mode`."""

    NEUTRAL = "neutral"
    SLOW = "slow"
    NO_SELL = "no_sell"


@dataclass(frozen=True)
class Decision:
    """What may happen in this turn, and why.

    reason: two or three plain sentences for agents and auditors. No reply ever shows it to the customer.
    priority: 0 (can wait) to 100 (first in the queue); meaningful when escalate is true.
    clarify: the reading is too unsure to act on, so the assistant asks one neutral question that names no emotion
    ("Is this going the way you hoped?") and otherwise goes on as before.
    clarified: a neutral question has been asked, now or earlier, since the last matter was resolved: ask no other.
    may_ask: whether a consent that the customer has not given may be asked for now. The customer may always give it.
    """

    mode: Mode
    offers_allowed: bool
    escalate: bool
    reason: str
    priority: int = 0
    clarify: bool = False
    clarified: bool = False
    may_ask: bool = True

    def to_dict(self) -> dict[str, Any]:
        return {
            "mode": self.mode.value,
            "offers_allowed": self.offers_allowed,
            "escalate": self.escalate,
            "reason": self.reason,
            "priority": self.priority,
            "clarify": self.clarify,
            "clarified": self.clarified,
            "may_ask": self.may_ask,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            mode=Mode(raw["mode"]),
            offers_allowed=bool(raw["offers_allowed"]),
            escalate=bool(raw["escalate"]),
            reason=str(raw["reason"]),
            priority=int(raw["priority"]),
            # Decisions of earlier versions were stored without these.
            clarify=bool(raw.get("clarify", False)),
            clarified=bool(raw.get("clarified", False)),
            may_ask=bool(raw.get("may_ask", True)),
        )


class EscalationState(StrEnum):
    """Steps of a hand-over."""

    REQUESTED = "requested"
    CLAIMED = "claimed"
    RETURNED = "returned"
    CLOSED = "closed"


@dataclass(frozen=True)
class Escalation:
    """A conversation that waits for, or is with, a person.

    priority: 0 to 100. claimed_by: the staff id, None while it waits.
    """

    id: str
    conversation_id: str
    message_id: str
    reason: str
    priority: int
    state: EscalationState
    requested_at: datetime
    claimed_by: str | None = None
