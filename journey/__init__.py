"""Pure decisions: customer state in, decision out, with the reason in words."""

from journey.decision import (
    CONFIDENCE_FLOOR,
    ESCALATE_FROM,
    NO_SELL_FROM,
    SLOW_FROM,
    Levels,
    decide,
    decide_unassessed,
    is_uncertain,
)
from journey.help import offers_help
from journey.never_assessed import is_never_assessed, says_under_age
from journey.relief import ContractFacts, PlanFacts, Relief, ReliefKind, relief_options, relief_rules
from journey.topics import sensitive_topic

__all__ = [
    "CONFIDENCE_FLOOR",
    "ESCALATE_FROM",
    "NO_SELL_FROM",
    "SLOW_FROM",
    "ContractFacts",
    "Levels",
    "PlanFacts",
    "Relief",
    "ReliefKind",
    "decide",
    "decide_unassessed",
    "is_never_assessed",
    "is_uncertain",
    "offers_help",
    "relief_options",
    "relief_rules",
    "says_under_age",
    "sensitive_topic",
]
