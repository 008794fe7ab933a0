"""What people's corrections change: one conversation at once, and the shop's thresholds slowly and within bounds.

Pure: who corrected, and where it is stored, is the caller's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

from emotion.errors import FeedbackError
from emotion.state.naming import NameOptions
from vocabulary import LABELS, CustomerState, Perceived, StateName

VERSION: Final = 1
MOST_SHIFT: Final = 10.0
"""Points by which corrections can move the levels of the modes, either way."""

MOST_PER_SOURCE: Final = 5.0
"""A person's first five corrections count one each; all that follow only refine what these five say."""

PRIOR: Final = 20.0
"""Corrections' worth of trust in the thresholds as they are: twenty people of one mind move them half the way."""


_ERROR: Final = {Perceived.LESS_UPSET: 1.0, Perceived.AS_SHOWN: 0.0, Perceived.MORE_UPSET: -1.0}
# If the customer is less upset than shown, the model reads too high and the thresholds must rise.


@dataclass(frozen=True)
class Correction:
    """One person's word about one assessed turn.

    source: a pseudonym of who says it, the same for all of their corrections; never a name. perceived: against the
    level shown. label: what the emotion really was, one of LABELS; None if only the level was judged.
    shown_label, shown_confidence: what the model had said; needed with label.
    Raises: FeedbackError.
    """

    source: str
    perceived: Perceived
    label: str | None = None
    shown_label: str | None = None
    shown_confidence: float | None = None

    def __post_init__(self) -> None:
        if not self.source:
            raise FeedbackError("a correction without a source; expected the pseudonym of whoever makes it.")
        for label in (self.label, self.shown_label):
            if label is not None and label not in LABELS:
                raise FeedbackError(f"label {label!r} in a correction; expected one of {', '.join(LABELS)}.")
        if self.label is not None and (self.shown_label is None or self.shown_confidence is None):
            raise FeedbackError("a corrected label without what was shown; give shown_label and shown_confidence.")
        if self.shown_confidence is not None and not 0.0 <= self.shown_confidence <= 1.0:
            raise FeedbackError(f"shown_confidence is {self.shown_confidence}; expected 0 to 1.")


@dataclass(frozen=True)
class _Tally:
    """One source's corrections: how many, their summed error of level, and the same for labels."""

    count: int = 0
    error: float = 0.0
    labels: int = 0
    overconfidence: float = 0.0

    def __post_init__(self) -> None:
        whole = all(isinstance(value, int) and value >= 0 for value in (self.count, self.labels))
        # Comparisons are false for NaN, so NaN is refused as well.
        if not whole or not abs(self.error) <= self.count or not abs(self.overconfidence) <= self.labels + 1e-9:
            raise FeedbackError(f"a tally of {self} contradicts itself; expected sums no larger than their counts.")

    def with_one(self, correction: Correction) -> "_Tally":
        labels, overconfidence = self.labels, self.overconfidence
        if correction.label is not None and correction.shown_confidence is not None:
            labels += 1
            overconfidence += correction.shown_confidence - float(correction.label == correction.shown_label)
        return _Tally(self.count + 1, self.error + _ERROR[correction.perceived], labels, overconfidence)


@dataclass(frozen=True)
class Recalibration:
    """A shop's corrections, summed by source, and what follows from them.

    Sums do not know the order in which they grew, so corrections may arrive in any. Every source counts with the
    mean of what it said and at most MOST_PER_SOURCE; PRIOR pulls towards no change.
    """

    tallies: Mapping[str, _Tally] = field(default_factory=dict)

    def updated(self, correction: Correction) -> "Recalibration":
        """With one more correction."""
        before = self.tallies.get(correction.source, _Tally())
        return Recalibration({**self.tallies, correction.source: before.with_one(correction)})

    def without(self, source: str) -> "Recalibration":
        """As if this source had never said anything: for erasure."""
        return Recalibration({name: tally for name, tally in self.tallies.items() if name != source})

    @property
    def level_shift(self) -> float:
        """Points to add to the levels at which modes begin, -MOST_SHIFT to MOST_SHIFT.

        One agent, ten times "less upset": 10 × 5 / (5 + 20) = 2 points. Twenty agents once each: 10 × 20 / 40 = 5.
        """
        return MOST_SHIFT * _pooled([(tally.count, tally.error) for tally in self.tallies.values()])

    @property
    def certain_shift(self) -> float:
        """To add to the confidence floor, -.1 to .1: overconfident labels raise it.

        The pooled gap between the confidence that was shown and how often the label was right, as far as it goes.
        """
        gap = _pooled([(tally.labels, tally.overconfidence) for tally in self.tallies.values()])
        return min(0.1, max(-0.1, gap))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "version": VERSION,
            "tallies": {
                name: [tally.count, tally.error, tally.labels, tally.overconfidence]
                for name, tally in sorted(self.tallies.items())
            },
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Raises: FeedbackError if it is damaged or of another version."""
        if not isinstance(raw, Mapping) or raw.get("version") != VERSION:
            raise FeedbackError(f"stored corrections of an unknown version; expected {VERSION}. Start afresh.")
        try:
            tallies = {
                str(name): _Tally(count, error, labels, overconfidence)
                for name, (count, error, labels, overconfidence) in raw["tallies"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError):
            raise FeedbackError("stored corrections are damaged; expected four numbers for each source.") from None
        return cls(tallies)


def apply_correction(
    state: CustomerState, perceived: Perceived, *, now: datetime | None = None, names: NameOptions | None = None
) -> CustomerState:
    """The state of this conversation after a person has corrected it: their word outranks the model from here on.

    LESS_UPSET: the level falls below the end of frustration and cannot rise above it again by what is sensed.
    MORE_UPSET: the level rises to where frustration begins and stays at least there until the matter is resolved.
    AS_SHOWN: a bound that an earlier correction had set is lifted.
    The facts of the dialogue (a request for a person, failures) act as before. now: with a time zone.
    """
    options = names or NameOptions()
    floor, ceiling = 0.0, 100.0
    if perceived is Perceived.LESS_UPSET:
        ceiling = max(0.0, math.nextafter(options.calm_below, 0.0))
    elif perceived is Perceived.MORE_UPSET:
        floor = options.frustrated_from
    level = min(max(state.frustration, floor), ceiling)
    name = state.name
    if perceived is Perceived.LESS_UPSET and name is StateName.FRUSTRATED:
        name = StateName.CALM
    elif perceived is Perceived.MORE_UPSET and StateName.FRUSTRATED in options.states:
        name = StateName.FRUSTRATED
    return replace(
        state,
        frustration=level,
        trend=level - state.frustration,
        name=name,
        confidence=1.0,
        since=state.since if name is state.name else now,
        floor=floor,
        ceiling=ceiling,
    )


def _pooled(sums: list[tuple[int, float]]) -> float:
    """Mean of the sources' means, each weighing min(count, MOST_PER_SOURCE), drawn to 0 by PRIOR: [-1, 1]."""
    weights = [min(float(count), MOST_PER_SOURCE) for count, _ in sums]
    said = math.fsum(weight * total / count for weight, (count, total) in zip(weights, sums, strict=True) if count)
    return said / (math.fsum(weights) + PRIOR)
