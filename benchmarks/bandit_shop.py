"""A documented shop for the bandit to be measured in: who comes, when, how they feel, and what the ranking offers them.

The things are the demo shop's own catalogue, with its prices, categories and relations. What customers want of them is
drawn from a seed and is nobody's data:

- days: 200 rounds each, Monday first; hours from 7 to 23, most in the evening
- segments: bargain .3, quality .25, new .25, regular .2; the shop knows the segment of seven in ten
- mood: frustration moves from round to round of a visit (AR(1) around a usual level of 4 to 30, with trouble in
  one visit of seven); its name follows from the level, the segment and whether something was just solved
- need: a category by the hour; one in three comes with a case, an item that they own
- candidates: eight, of the wanted category, of others, and what belongs to the item of the case; the ranking knows how
  well each fits but for an error of .12 (standard deviation), and orders by that
- hidden: each item's quality; its lure, which makes people click and be sorry; the appeal of each category in each part
  of the day and to each segment. Popularity follows quality and lure, with noise; affinity follows the person's taste

Nothing of it is linear in the numbers that the bandit sees, and half of it is hidden from them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender import Candidate, Factor, FactorKind, Request
from shop import generate_catalogue
from vocabulary import CustomerState, Item, Relation, StateName

ROUNDS_OF_A_DAY: Final = 200
CANDIDATES: Final = 8
SEGMENTS: Final = ("bargain", "quality", "new", "regular")
SEGMENT_SHARE: Final = (0.3, 0.25, 0.25, 0.2)
SEGMENT_KNOWN: Final = 0.7
PARTS_OF_DAY: Final = 4
MATCH_SPREAD: Final = 0.18
RANKING_ERROR: Final = 0.12
TASTE_SPREAD: Final = 0.5
AFFINITY_SLOPE: Final = 0.35
AFFINITY_ERROR: Final = 0.2
_START: Final = datetime(2026, 3, 2, tzinfo=UTC)
_HOURS: Final = np.array([0, 0, 0, 0, 0, 0, 0, 2, 3, 3, 3, 4, 5, 4, 3, 3, 4, 5, 7, 9, 9, 7, 4, 2], dtype=np.float64)


@dataclass(frozen=True)
class Person:
    """What is in a customer's head, or may be. match, taste: how well each candidate truly fits, 0 to 1, and their own
    liking of it; shape (candidates,), or (people, candidates) for several of one segment."""

    segment: int
    match: NDArray[np.float64]
    taste: NDArray[np.float64]


@dataclass(frozen=True)
class Round:
    """One question of one customer.

    candidates: in the ranking's order; the arrays follow it. position: in the catalogue. price: log2 of it against the
    usual one of what is needed. usual_match: of things that stand to the need as this one does.
    """

    request: Request
    candidates: tuple[Candidate, ...]
    person: Person
    part_of_day: int
    name: StateName
    position: NDArray[np.int64]
    price: NDArray[np.float64]
    usual_match: NDArray[np.float64]


class Shop:
    """One world: everything hidden is drawn from its seed."""

    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng([7, seed])
        self._seed = seed
        self.items: list[Item] = [item for item in generate_catalogue() if item.price is not None]
        self.place = {item.id: number for number, item in enumerate(self.items)}
        self.categories = sorted({item.category for item in self.items})
        self.category = np.array([self.categories.index(item.category) for item in self.items])
        count, kinds = len(self.items), len(self.categories)
        draw = self._chance.standard_normal
        self.quality = 0.7 * draw(count)
        # Half of a lure is the category's: gadgets are clicked more than they are liked.
        self.lure = 0.5 * draw(kinds)[self.category] + 0.5 * draw(count)
        self.appeal_by_part = 0.5 * draw((PARTS_OF_DAY, kinds))
        self.appeal_by_segment = 0.4 * draw((len(SEGMENTS), kinds))
        demand = np.exp(0.7 * draw((PARTS_OF_DAY, kinds)))
        self._demand = demand / demand.sum(axis=1, keepdims=True)
        liked = self.quality + 0.6 * self.lure + 0.8 * draw(count)
        self._popularity = np.argsort(np.argsort(liked)) / (count - 1)
        self._logprice = np.array([math.log2(float(item.price or 1)) for item in self.items])
        self._usual = np.array(
            [np.median(self._logprice[self.category == kind]) for kind in range(kinds)], dtype=np.float64
        )
        self._belongs: dict[str, list[tuple[int, Relation]]] = {}
        for number, item in enumerate(self.items):
            for relation in item.relations:
                self._belongs.setdefault(relation.target_id, []).append((number, relation))
        self._owned = sorted(item_id for item_id in self._belongs if item_id in self.place)

    def rounds(self, count: int) -> Iterator[Round]:
        """So many rounds, one after the other; the same seed gives the same ones."""
        chance = np.random.default_rng([11, self._seed])
        level, segment, left, usual = 0.0, 0, 0, 0.0
        for number in range(count):
            if left == 0:
                left = int(chance.integers(1, 5))
                segment = int(chance.choice(len(SEGMENTS), p=SEGMENT_SHARE))
                trouble = 35.0 if chance.random() < 1 / 7 else 0.0
                usual = float(chance.uniform(4.0, 30.0)) + trouble
                level = usual
            before, left = level, left - 1
            level = float(np.clip(usual + 0.7 * (level - usual) + chance.normal(0.0, 6.0), 0.0, 100.0))
            yield self._round(chance, number, segment, level, level - before)

    def _round(self, chance: np.random.Generator, number: int, segment: int, level: float, trend: float) -> Round:
        hour = int(chance.choice(24, p=_HOURS / _HOURS.sum()))
        at = _START + timedelta(days=number // ROUNDS_OF_A_DAY, hours=hour, minutes=int(chance.integers(60)))
        part = 0 if hour < 11 else 1 if hour < 16 else 2 if hour < 21 else 3
        name = _name(chance, level, segment)
        case = str(chance.choice(self._owned)) if chance.random() < 1 / 3 else None
        wanted = (
            self.category[self.place[case]] if case else int(chance.choice(len(self.categories), p=self._demand[part]))
        )
        position, bonds = self._found(chance, wanted, case)
        fits = self.category[position] == wanted
        bound = np.array([bond is not None for bond in bonds])
        usual = np.where(fits, 0.7, 0.35) + 0.3 * bound
        match = np.clip(usual + MATCH_SPREAD * chance.standard_normal(len(position)), 0.0, 1.0)
        relevance = match + RANKING_ERROR * chance.standard_normal(len(position))
        taste = TASTE_SPREAD * chance.standard_normal(len(position))
        affinity = 0.5 + AFFINITY_SLOPE * taste + AFFINITY_ERROR * chance.standard_normal(len(position))
        order = np.argsort(-relevance, kind="stable")
        candidates = tuple(
            Candidate(
                self.items[position[place]],
                float(relevance[place]),
                float(np.clip(affinity[place], 0.0, 1.0)),
                float(self._popularity[position[place]]),
                bonds[place],
                (Factor(FactorKind.KIND if fits[place] else FactorKind.MEANING, float(relevance[place])),),
                float(relevance[place]),
            )
            for place in order
        )
        known = SEGMENTS[segment] if chance.random() < SEGMENT_KNOWN else None
        state = CustomerState(level, float(np.clip(trend, -100.0, 100.0)), name, 0.8, 1)
        request = Request(
            state=state, about=(case,) if case else (), at=at, segment=known, seed=f"{self._seed}/{number}"
        )
        price = self._logprice[position] - self._usual[wanted]
        person = Person(segment, match[order], taste[order])
        return Round(request, candidates, person, part, name, position[order], price[order], usual[order])

    def _found(
        self, chance: np.random.Generator, wanted: int, case: str | None
    ) -> tuple[NDArray[np.int64], list[Relation | None]]:
        bound = list(self._belongs.get(case, [])) if case else []
        chance.shuffle(bound)
        held: dict[int, Relation | None] = dict(bound[:3])
        own = np.flatnonzero(self.category == wanted)
        likely = [
            *chance.permutation(own)[:5].tolist(),
            *chance.permutation(len(self.items))[: CANDIDATES + 2].tolist(),
        ]
        for number in likely:
            if len(held) < CANDIDATES and self.items[number].id != case:
                held.setdefault(int(number), None)
        return np.array(list(held), dtype=np.int64), list(held.values())


def moods(segment: int) -> dict[StateName, float]:
    """How often customers of a segment who are not distressed are in each state."""
    unsure, confident, relieved = (0.45 if segment == 2 else 0.15), (0.4 if segment == 3 else 0.15), 0.15
    return {
        StateName.UNSURE: unsure,
        StateName.CONFIDENT: confident,
        StateName.RELIEVED: relieved,
        StateName.CALM: 1.0 - unsure - confident - relieved,
    }


def _name(chance: np.random.Generator, level: float, segment: int) -> StateName:
    if level >= 55.0:
        return StateName.FRUSTRATED
    if level >= 45.0:
        return StateName.STRESSED
    often = moods(segment)
    return list(often)[int(chance.choice(len(often), p=list(often.values())))]
