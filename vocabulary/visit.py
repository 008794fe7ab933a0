"""What a customer's steps add up to: counts of the five signs of being stuck. No judgement is in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Final, Self

from vocabulary.behaviour import Step, StepKind, in_order

RAPID_MS: Final = 400
"""Clicks closer together than this are faster than a page can answer and a person can look."""

RAPID_CLICKS: Final = 3
"""So many of them in a row are a burst: a double click is a habit."""

AWAY_MS: Final = 120_000
"""Longer without any sign, the customer is taken to be away; no more than this is counted as staying."""

USUAL_DWELL_S: Final = 20.0
"""A first guess of how long a customer stays in a step; it counts as one more step beside those that are known."""


@dataclass(frozen=True)
class Visit:
    """Counts over the steps of one customer; every tab is read by itself, so that two tabs are no to and fro.

    steps: everything that happened. places: different names.
    returns: how often the customer came back to a step from another one.
    back_and_forth: the longest run of going to and fro between the same two steps, in moves (a-b-a-b is 3).
    rereads, aborts, done: how often each happened. rapid_bursts: three or more clicks, each within 400 ms.
    longest_stay_s: longest time in one step, in seconds, time away left out.
    stay_ratio: that time over the median of the other steps and USUAL_DWELL_S, at least 1.
    stuck_at: the step with most signs of trouble (returns, rereads, aborts, bursts); None without any.
    signs_there: how many they are. signs_elsewhere: how many lie in all other steps.
    """

    steps: int
    places: int
    returns: int
    back_and_forth: int
    rereads: int
    aborts: int
    done: int
    rapid_bursts: int
    longest_stay_s: float
    stay_ratio: float
    stuck_at: str | None
    signs_there: int
    signs_elsewhere: int

    @classmethod
    def of(cls, steps: Sequence[Step]) -> Self:
        """Count. The order of `steps` and repeated ones do not matter."""
        ordered = in_order(steps)
        tabs = [[step for step in ordered if step.tab == tab] for tab in sorted({step.tab for step in ordered})]
        paths = [_path(tab) for tab in tabs]
        stays: dict[str, float] = defaultdict(float)
        signs: dict[str, int] = defaultdict(int)
        bursts = 0
        for tab in tabs:
            _add_stays(tab, stays)
            for name in _bursts(tab):
                bursts += 1
                signs[name] += 1
        for step in ordered:
            if step.kind in (StepKind.READ, StepKind.ABORT):
                signs[step.name] += 1
        returns = 0
        for path in paths:
            for name in _returns(path):
                returns += 1
                signs[name] += 1
        longest, ratio = _longest_stay(stays)
        stuck_at = max(sorted(signs), key=lambda name: signs[name]) if signs else None
        return cls(
            steps=len(ordered),
            places=len({step.name for step in ordered}),
            returns=returns,
            back_and_forth=max((_to_and_fro(path) for path in paths), default=0),
            rereads=sum(step.kind is StepKind.READ for step in ordered),
            aborts=sum(step.kind is StepKind.ABORT for step in ordered),
            done=sum(step.kind is StepKind.DONE for step in ordered),
            rapid_bursts=bursts,
            longest_stay_s=longest,
            stay_ratio=ratio,
            stuck_at=stuck_at,
            signs_there=0 if stuck_at is None else signs[stuck_at],
            signs_elsewhere=sum(count for name, count in signs.items() if name != stuck_at),
        )


def _path(tab: Iterable[Step]) -> list[str]:
    """The steps that were entered, one after the other; entering the same one again is no move."""
    return [name for name, _ in groupby(step.name for step in tab if step.kind is StepKind.ENTER)]


def _returns(path: Sequence[str]) -> list[str]:
    """For each way back to a step seen before, the step that it is a sign about.

    That is the later one of the two in order of first sight: who goes from the address back to the cart and to the
    address again has trouble with the address.

    >>> _returns(["cart", "address", "cart", "address"])
    ['address', 'address']
    """
    order: dict[str, int] = {}
    found = []
    for before, name in pairwise(["", *path]):
        if name in order:
            found.append(max(before, name, key=lambda one: order[one]))
        else:
            order[name] = len(order)
    return found


def _to_and_fro(path: Sequence[str]) -> int:
    """Moves in the longest stretch of the path that knows only two steps.

    >>> _to_and_fro(["cart", "address", "cart", "address", "pay"])
    3
    >>> _to_and_fro(["cart", "address", "pay"])
    0
    """
    longest = run = 0
    for index in range(2, len(path)):
        run = run + 1 if path[index] == path[index - 2] else 0
        longest = max(longest, run + 1 if run else 0)
    return longest


def _bursts(tab: Sequence[Step]) -> list[str]:
    """The step of each burst of clicks."""
    clicks = [step for step in tab if step.kind is StepKind.CLICK]
    found = []
    run = 1
    for before, click in pairwise(clicks):
        run = run + 1 if click.at_ms - before.at_ms <= RAPID_MS and click.name == before.name else 1
        if run == RAPID_CLICKS:
            found.append(click.name)
    return found


def _add_stays(tab: Sequence[Step], stays: dict[str, float]) -> None:
    here: str | None = None
    since = 0
    for step in tab:
        if here is not None:
            stays[here] += min(step.at_ms - since, AWAY_MS) / 1000
        since = step.at_ms
        if step.kind in (StepKind.LEAVE, StepKind.DONE, StepKind.ABORT):
            here = None if here == step.name else here
        elif step.kind is StepKind.ENTER:
            here = step.name


def _longest_stay(stays: dict[str, float]) -> tuple[float, float]:
    if not stays:
        return 0.0, 1.0
    where = max(sorted(stays), key=lambda name: stays[name])
    others = [seconds for name, seconds in stays.items() if name != where]
    usual = median([*others, USUAL_DWELL_S])
    return stays[where], max(1.0, stays[where] / max(usual, 1.0))
