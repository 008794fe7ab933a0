"""Pure decisions: customer state in, decision out, with the reason in words."""

from journey.decision import (
    CONFIDENCE_FLOOR,
    ESCALATE_FROM,
    NO_SELL_FROM,
    SLOW_FROM,
    Levels,
    decide,
    is_uncertain,
)
from journey.help import offers_help
from journey.topics import sensitive_topic

__all__ = [
    "CONFIDENCE_FLOOR",
    "ESCALATE_FROM",
    "NO_SELL_FROM",
    "SLOW_FROM",
    "Levels",
    "decide",
    "is_uncertain",
    "offers_help",
    "sensitive_topic",
]
