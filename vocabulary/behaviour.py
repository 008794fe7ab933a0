"""What a customer does on a shop's page: named steps and their timing, and what can be counted in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

STEP_NAME: Final = re.compile(r"[a-z0-9_-]{1,64}")
"""Names of steps are the shop's own, such as "address" or "pay-by-card": too narrow for what a customer writes."""

LONGEST_VISIT_MS: Final = 24 * 60 * 60 * 1000
"""Bound of `Step.at_ms`: anything later is a broken clock."""

MOST_TABS: Final = 64
"""Bound of `Step.tab`."""

RECENT_MS: Final = 10 * 60 * 1000
"""How far back steps say something about now."""


class StepError(ValueError):
    """A step breaks its own contract (name, kind or time)."""

    code = "step_invalid"
    retryable = False


class StepKind(StrEnum):
    """What happened in a step.

    enter: the customer came to it. leave: went away from it, or the page was put aside. done: finished it.
    abort: gave it up (closed it, cancelled it). read: went back up to read it again. click: pressed something in it.
    """

    ENTER = "enter"
    LEAVE = "leave"
    DONE = "done"
    ABORT = "abort"
    READ = "read"
    CLICK = "click"


@dataclass(frozen=True)
class Step:
    """One thing that happened in a step of the shop's page. No text, no key and no place on the screen is in it.

    name: the shop's name of the step, 1 to 64 characters of a-z, 0-9, "_" and "-".
    at_ms: whole milliseconds since the first step that is known, 0 to 24 hours; grows within a tab.
    tab: which of the customer's tabs, counted from 0.
    Raises: StepError.
    """

    name: str
    kind: StepKind
    at_ms: int
    tab: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not STEP_NAME.fullmatch(self.name):
            raise StepError(
                "a step's name is not allowed; expected 1 to 64 characters of a-z, 0-9, '_' and '-', such as 'address'."
            )
        if not isinstance(self.kind, StepKind):
            raise StepError(f"a step's kind is not known; expected one of {', '.join(StepKind)}.")
        _check_count("at_ms", self.at_ms, LONGEST_VISIT_MS)
        _check_count("tab", self.tab, MOST_TABS - 1)

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind.value, "at_ms": self.at_ms, "tab": self.tab}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        try:
            kind = StepKind(raw["kind"])
        except ValueError:
            raise StepError(f"a step's kind is not known; expected one of {', '.join(StepKind)}.") from None
        return cls(name=raw["name"], kind=kind, at_ms=raw["at_ms"], tab=raw.get("tab", 0))


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps by time, each once, whatever the order and however often they came.

    Two clicks of one tab cannot fall into one millisecond, so equal steps are one that came twice.
    """
    return sorted(set(steps), key=lambda step: (step.at_ms, step.tab, step.name, step.kind.value))


def latest(steps: Sequence[Step], *, within_ms: int = RECENT_MS) -> list[Step]:
    """The steps of the last ten minutes before the newest one, in order: what was hard before that is past."""
    ordered = in_order(steps)
    return [step for step in ordered if step.at_ms >= ordered[-1].at_ms - within_ms]


def _check_count(name: str, value: int, most: int) -> None:
    # bool is an int to Python, and no time.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise StepError(f"a step's {name} is {value!r:.40}; expected a whole number from 0 to {most}.")
