"""Which name a customer's state has: two thresholds for each, so that none flickers."""

from dataclasses import dataclass
from typing import Final

from emotion.errors import StateError
from emotion.state.evidence import StateEvidence
from vocabulary import CustomerState, StateName

MOST_STATES: Final = 3
"""A use case has at most three states besides calm, each bound to an action."""

SUPPORT_STATES: Final = (StateName.FRUSTRATED, StateName.RELIEVED, StateName.UNSURE)
"""Of the use case `support` in data/use_cases.toml; a test keeps the two together."""


@dataclass(frozen=True)
class NameOptions:
    """When a state begins and ends.

    states: those that the use case knows, at most three; calm is always there and is not counted.
    frustrated_from, calm_below: levels at which frustrated begins and ends, 0 to 100.
    relieved_drop: fall from above calm_below, in points, that counts as relief.
    shown_from, shown_until: [0, 1], averages of evidence at which unsure, stressed and confident begin and end.
    Raises: StateError.
    """

    states: tuple[StateName, ...] = SUPPORT_STATES
    frustrated_from: float = 50.0
    calm_below: float = 35.0
    relieved_drop: float = 15.0
    shown_from: float = 0.4
    shown_until: float = 0.25

    def __post_init__(self) -> None:
        counted = set(self.states) - {StateName.CALM}
        if len(counted) > MOST_STATES:
            raise StateError(
                f"{len(counted)} states ({', '.join(sorted(counted))}); expected at most {MOST_STATES} besides calm. "
                "Leave some out of the use case's entry."
            )
        if not 0.0 <= self.calm_below < self.frustrated_from <= 100.0:
            raise StateError(
                f"calm_below is {self.calm_below} and frustrated_from {self.frustrated_from}; "
                "expected 0 <= calm_below < frustrated_from <= 100."
            )
        if not 0.0 <= self.shown_until < self.shown_from <= 1.0:
            raise StateError(
                f"shown_until is {self.shown_until} and shown_from {self.shown_from}; "
                "expected 0 <= shown_until < shown_from <= 1."
            )


def name_state(previous: CustomerState | None, level: float, shown: StateEvidence, options: NameOptions) -> StateName:
    """The first that applies of frustrated, relieved, stressed, unsure, confident; else calm."""
    was = previous.name if previous is not None else StateName.CALM
    for name, applies in (
        (StateName.FRUSTRATED, _frustrated(was, level, options)),
        (StateName.RELIEVED, _relieved(previous, level, options)),
        (StateName.STRESSED, _shown(StateName.STRESSED, was, shown.stressed, options)),
        (StateName.UNSURE, _shown(StateName.UNSURE, was, shown.unsure, options)),
        (StateName.CONFIDENT, _shown(StateName.CONFIDENT, was, shown.confident, options)),
    ):
        if applies and name in options.states:
            return name
    return StateName.CALM


def _frustrated(was: StateName, level: float, options: NameOptions) -> bool:
    return level >= (options.calm_below if was is StateName.FRUSTRATED else options.frustrated_from)


def _relieved(previous: CustomerState | None, level: float, options: NameOptions) -> bool:
    if previous is None or level >= options.calm_below:
        return False
    fell = previous.frustration - level >= options.relieved_drop and previous.frustration >= options.calm_below
    still = previous.name is StateName.RELIEVED and level <= previous.frustration
    return fell or still or previous.name is StateName.FRUSTRATED


def _shown(name: StateName, was: StateName, evidence: float, options: NameOptions) -> bool:
    return evidence >= (options.shown_until if was is name else options.shown_from)
