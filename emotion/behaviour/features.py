"""The figures that the behaviour model sees, and each of them in words."""

from collections.abc import Callable
from math import log, log1p, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import Feature, Visit

_MOST: Final = 20
"""Counts end here: the twentieth return says nothing that the tenth did not."""


def _count(value: float) -> float:
    return log1p(min(value, _MOST))


FEATURES: Final[dict[str, Callable[[Visit], float]]] = {
    "back_and_forth": lambda visit: sqrt(min(max(0, visit.back_and_forth - 2), _MOST)),
    "rereads": lambda visit: _count(visit.rereads),
    "aborts": lambda visit: _count(visit.aborts),
    "rapid_clicks": lambda visit: _count(visit.rapid_bursts),
    "stay_ratio": lambda visit: log(min(visit.stay_ratio, float(_MOST))),
    "signs_there": lambda visit: _count(visit.signs_there),
    "signs_elsewhere": lambda visit: _count(visit.signs_elsewhere / max(1, visit.places - 1)),
    "done_share": lambda visit: visit.done / max(1, visit.places),
    "places": lambda visit: _count(visit.places),
}
"""Name → figure. Counts and ratios enter as logarithms: the second return says more than the seventh.

Their meaning is `vocabulary.Visit`'s; back_and_forth: moves beyond two, because going back once and returning is how
one compares. signs_elsewhere: for each other step, because what a customer does everywhere is a habit. done_share:
finished steps over steps seen. All are 0 and up.
"""

NAMES: Final = tuple(FEATURES)


def figures(visit: Visit) -> NDArray[np.float64]:
    """The model's input, shape (len(NAMES),)."""
    return np.array([measure(visit) for measure in FEATURES.values()])


def in_words(name: str, visit: Visit) -> Feature | None:
    """What one figure says to an agent; None where it says nothing about struggle (a count of zero, a context)."""
    said: tuple[float, str] | None = {
        "back_and_forth": (
            visit.back_and_forth if visit.back_and_forth > 2 else 0,
            f"went back and forth between two steps {_times(visit.back_and_forth)}",
        ),
        "rereads": (visit.rereads, f"went back up to read again {_times(visit.rereads)}"),
        "aborts": (visit.aborts, f"gave a step up {_times(visit.aborts)}"),
        "rapid_clicks": (visit.rapid_bursts, f"clicked many times in a row {_times(visit.rapid_bursts)}"),
        "stay_ratio": (
            visit.stay_ratio - 1.0 if visit.stay_ratio >= 1.5 else 0.0,
            f"stayed {visit.stay_ratio:.1f} times as long in one step as in the others",
        ),
        "signs_there": (
            visit.signs_there if visit.signs_there >= 3 else 0.0,
            f"{visit.signs_there} signs of trouble in one and the same step",
        ),
    }.get(name)
    if said is None or said[0] <= 0:
        return None
    return Feature(name, float(said[0]), said[1])


def _times(count: int) -> str:
    return {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}.get(count, f"{count} times")
