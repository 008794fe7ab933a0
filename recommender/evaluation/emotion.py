"""What knowing the customer's state is worth: the same situations with it and without it."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.judged import ndcg
from recommender.evaluation.situations import Situation
from recommender.slate import Request, Slate
from vocabulary import Item, StateName

PLACES: Final = 5
RIGHT_FROM: Final = 2
DRAWS: Final = 2000
SEED: Final = 20_261
_ENDS: Final = (2.5, 97.5)

Ask = Callable[[Request], Slate]


@dataclass(frozen=True)
class Comparison:
    """Means over situations of which something is wanted. aware, blind: NDCG@5, 0 to 1. shown: items in a list. right:
    share of all items shown that have a grade of 2 or 3."""

    situations: int
    aware: float
    blind: float
    aware_shown: float
    blind_shown: float
    aware_right: float
    blind_right: float

    @property
    def gain(self) -> float:
        """How much better with the state, as a share of the figure without it; 0 where that is 0."""
        return self.aware / self.blind - 1.0 if self.blind else 0.0

    def to_dict(self) -> dict[str, Any]:
        return {
            "situations": self.situations,
            f"aware_ndcg@{PLACES}": round(self.aware, 4),
            f"blind_ndcg@{PLACES}": round(self.blind, 4),
            "gain": round(self.gain, 4),
            "aware_shown": round(self.aware_shown, 2),
            "blind_shown": round(self.blind_shown, 2),
            "aware_right": round(self.aware_right, 4),
            "blind_right": round(self.blind_right, 4),
        }


@dataclass(frozen=True)
class EmotionReport:
    """overall: every situation, calm ones included, whose list is the same. felt: without the calm ones.

    interval: of the overall gain, 95 % of draws of needs with replacement (situations of a need hang together).
    difference: the same for aware - blind. silent: shares of the situations with nothing wanted that got nothing, with
    the state and without; None if there are none.
    """

    overall: Comparison
    felt: Comparison
    by_state: Mapping[StateName, Comparison]
    interval: tuple[float, float]
    difference: tuple[float, float]
    silent: tuple[float, float] | None

    def to_dict(self) -> dict[str, Any]:
        return {
            **self.overall.to_dict(),
            "gain_interval": [round(end, 4) for end in self.interval],
            "difference_interval": [round(end, 4) for end in self.difference],
            "without_calm": self.felt.to_dict(),
            "by_state": {name.value: part.to_dict() for name, part in self.by_state.items()},
            "silent_where_nothing_is_wanted": None
            if self.silent is None
            else {"aware": round(self.silent[0], 4), "blind": round(self.silent[1], 4)},
        }


@dataclass(frozen=True)
class _Answered:
    situation: Situation
    aware: float
    blind: float
    aware_shown: int
    blind_shown: int
    aware_right: int
    blind_right: int


def compare(situations: Sequence[Situation], ask: Ask, items: Sequence[Item], *, seed: int = SEED) -> EmotionReport:
    """Ask each situation with its state and without it. Raises: ValueError without a situation that wants something.

    ask: the recommender. items: the catalogue; the best possible list is made of all of it, whatever was found.
    """
    by_id = {item.id: item for item in items}
    answered = [_answered(one, ask, by_id) for one in situations]
    wanting = [one for one in answered if one.situation.wanted]
    if not wanting:
        raise ValueError("no situation wants anything; expected at least one.")
    idle = [one for one in answered if not one.situation.wanted]
    states = defaultdict(list)
    for one in wanting:
        states[one.situation.state.name].append(one)
    interval, difference = _intervals(wanting, seed)
    return EmotionReport(
        overall=_means(wanting),
        felt=_means([one for one in wanting if one.situation.state.name is not StateName.CALM]),
        by_state={name: _means(states[name]) for name in StateName if name in states},
        interval=interval,
        difference=difference,
        silent=(_share([not one.aware_shown for one in idle]), _share([not one.blind_shown for one in idle]))
        if idle
        else None,
    )


def _answered(situation: Situation, ask: Ask, items: Mapping[str, Item]) -> _Answered:
    possible = [situation.grade(item) for item in items.values()]
    slates = [ask(situation.request(PLACES, with_state=with_state)).suggestions for with_state in (True, False)]
    grades = [[situation.grade(items[one.item_id]) for one in shown] for shown in slates]
    aware, blind = (ndcg(gains, possible, PLACES) for gains in grades)
    right = [sum(grade >= RIGHT_FROM for grade in gains) for gains in grades]
    return _Answered(situation, aware, blind, len(slates[0]), len(slates[1]), right[0], right[1])


def _intervals(answered: Sequence[_Answered], seed: int) -> tuple[tuple[float, float], tuple[float, float]]:
    needs = sorted({one.situation.need for one in answered})
    row = {need: number for number, need in enumerate(needs)}
    sums: NDArray[np.float64] = np.zeros((len(needs), 3))
    for one in answered:
        sums[row[one.situation.need]] += (one.aware, one.blind, 1.0)
    draws = np.random.default_rng(seed).integers(0, len(needs), size=(DRAWS, len(needs)))
    totals = sums[draws].sum(axis=1)
    gains = np.divide(totals[:, 0], totals[:, 1], out=np.ones(DRAWS), where=totals[:, 1] > 0) - 1.0
    differences = (totals[:, 0] - totals[:, 1]) / totals[:, 2]
    return _ends(gains), _ends(differences)


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(values, _ENDS)
    return float(low), float(high)


def _means(answered: Sequence[_Answered]) -> Comparison:
    count = max(len(answered), 1)
    return Comparison(
        situations=len(answered),
        aware=math.fsum(one.aware for one in answered) / count,
        blind=math.fsum(one.blind for one in answered) / count,
        aware_shown=sum(one.aware_shown for one in answered) / count,
        blind_shown=sum(one.blind_shown for one in answered) / count,
        aware_right=sum(one.aware_right for one in answered) / max(sum(one.aware_shown for one in answered), 1),
        blind_right=sum(one.blind_right for one in answered) / max(sum(one.blind_shown for one in answered), 1),
    )


def _share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths)
