"""What a new conversation takes over from the state in which an earlier one of the same customer ended. Pure."""

from datetime import datetime
from typing import Final

from vocabulary import CustomerState, StateName

HALF_LIFE_H: Final = 24.0
"""Hours after which half of the level is left."""

MOST: Final = 45.0
"""The level that is taken over at most: enough to go step by step, never enough for a hand-over or to stop offers."""

LEAST: Final = 5.0
_DOUBT: Final = 0.5


def carried_over(state: CustomerState, ended_at: datetime, now: datetime) -> CustomerState | None:
    """The state to begin with, or None when nothing worth mentioning is left of it.

    level = min(MOST, level at the end x .5 ** (hours / HALF_LIFE_H)); below LEAST it is nothing. A level of 80 that
    ended 24 hours ago begins as 40, after three days as 10. Corrections bound the conversation that they were made in,
    so floor and ceiling start afresh, and so do the evidence for the other states and the sentiment.

    ended_at, now: with a time zone; an end in the future counts as now.
    """
    hours = max(0.0, (now - ended_at).total_seconds() / 3600)
    level = min(MOST, state.frustration * 0.5 ** (hours / HALF_LIFE_H))
    if level < LEAST:
        return None
    return CustomerState(level, 0.0, StateName.CALM, state.confidence * _DOUBT, state.turns)
