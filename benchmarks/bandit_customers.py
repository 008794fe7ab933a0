"""How the customers of the simulated shop answer a slate. Nothing here is known to the policies.

They look at the first place and go on downwards (a cascade): after an item that they did not click with a chance by
mood, after a click with .5. An item that is looked at is clicked with chance σ(u + lure - 1.8), bought after a click
with σ(1.6 u - 1), rated after a purchase in three of ten cases, and waved away with σ(-3.5 - 1.5 u) if not clicked.

u = 2.6 (match - .55) + quality × segment's care for it - price × (segment's thrift + mood's)
    + appeal of the category by segment and part of the day + mood's liking for what belongs to the case + own taste

Everybody's u has a part that nobody can know (standard deviation .5, integrated by three points). After the slate
frustration moves: each item looked at adds to it what it irritates: its lure, more so for the unsure and the new; a
high price for the thrifty and the unsure; a poor fit; and what belongs to a case that was just solved takes away.
Levels are not cut at 0, so that means are exact.

Source of the cascade: Craswell, Zoeter, Taylor, Ramsey, "An experimental comparison of click position-bias models"
(2008).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.bandit_shop import Person, Round, Shop
from recommender.bandit import RewardSettings
from vocabulary import InteractionKind, RelationKind, StateName

GOES_ON: Final = {
    StateName.CALM: 0.8,
    StateName.UNSURE: 0.7,
    StateName.CONFIDENT: 0.65,
    StateName.RELIEVED: 0.85,
    StateName.STRESSED: 0.45,
    StateName.FRUSTRATED: 0.35,
}
GOES_ON_AFTER_CLICK: Final = 0.5
THRIFT: Final = (0.9, 0.1, 0.5, 0.4)
CARE_FOR_QUALITY: Final = (0.5, 1.3, 0.6, 1.0)
MOOD_THRIFT: Final = {StateName.UNSURE: 0.4, StateName.CONFIDENT: -0.35, StateName.FRUSTRATED: 0.3}
MOOD_BOND: Final = {
    StateName.RELIEVED: 0.9,
    StateName.UNSURE: 0.4,
    StateName.CONFIDENT: -0.5,
    StateName.FRUSTRATED: 0.3,
}
PLAN_FOR_UNSURE: Final = 0.5
UNKNOWN: Final = 0.5
RATES: Final = 0.3
POINTS: Final = 6.0
"""Points of frustration by one unit of irritation of the item at the first place."""

CALM_KNOWN: Final = 0.6
"""Share of customers who let the change of frustration be used."""

_POINTS, _WEIGHTS = np.array([-(3.0**0.5), 0.0, 3.0**0.5]), np.array([1.0, 4.0, 1.0]) / 6.0


@dataclass(frozen=True)
class Answers:
    """Chances of one round's customer by candidate, given that it is looked at: shape (candidates,) each, or
    (people, candidates) for several who could be that customer.

    rating: mean worth of the mark, -1 to 1. irritation: in points of frustration.
    """

    click: NDArray[np.float64]
    purchase: NDArray[np.float64]
    dismissal: NDArray[np.float64]
    rating: NDArray[np.float64]
    irritation: NDArray[np.float64]
    goes_on: float


@dataclass(frozen=True)
class Expected:
    """What orders lead to in the mean, shape (orders,) each, or (people, orders).

    gain: in reward. rise: of frustration, in points.
    """

    gain: NDArray[np.float64]
    clicks: NDArray[np.float64]
    rise: NDArray[np.float64]

    def reward(self, settings: RewardSettings) -> NDArray[np.float64]:
        return self.gain - settings.calm * self.rise / 100.0


def answers(shop: Shop, one: Round, person: Person | None = None) -> Answers:
    """The chances of this round's customer, or of another person in their place."""
    person = person or one.person
    category = shop.category[one.position]
    bond = np.array([float(candidate.bond is not None) for candidate in one.candidates])
    plan = np.array([float(_is_plan(candidate.bond)) for candidate in one.candidates])
    dear = np.clip(one.price, -1.5, 1.5)
    thrift = THRIFT[person.segment] + MOOD_THRIFT.get(one.name, 0.0)
    u = (
        2.6 * (person.match - 0.55)
        + CARE_FOR_QUALITY[person.segment] * shop.quality[one.position]
        - thrift * dear
        + shop.appeal_by_segment[person.segment, category]
        + shop.appeal_by_part[one.part_of_day, category]
        + MOOD_BOND.get(one.name, 0.0) * bond
        + (PLAN_FOR_UNSURE * plan if one.name is StateName.UNSURE else 0.0)
        + person.taste
    )
    lure = shop.lure[one.position]
    drawn = u[..., None] + UNKNOWN * _POINTS
    click = _logistic(drawn + lure[:, None] - 1.8)
    clicked = click @ _WEIGHTS
    purchase = ((click * _logistic(1.6 * drawn - 1.0)) @ _WEIGHTS) / clicked
    dismissal = (((1.0 - click) * _logistic(-3.5 - 1.5 * drawn)) @ _WEIGHTS) / (1.0 - clicked)
    tender = 1.0 + 0.8 * (one.name is StateName.UNSURE) + 0.4 * (person.segment == 2)
    irritation = POINTS * (
        0.6 * tender * lure
        + 0.5 * np.maximum(0.0, dear) * (1.0 + (one.name is StateName.UNSURE) + (person.segment == 0))
        + 1.2 * (0.5 - person.match)
        - 0.8 * bond * (one.name is StateName.RELIEVED)
    )
    return Answers(clicked, purchase, dismissal, np.tanh(u), irritation, GOES_ON[one.name])


def expected(held: Answers, orders: NDArray[np.int64], settings: RewardSettings) -> Expected:
    """What orders lead to in the mean. orders: shape (orders, places), indices of candidates."""
    shape = (*held.click.shape[:-1], len(orders))
    looked = np.ones(shape)
    gain, clicks, rise = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    of_item = held.click * (
        settings.click + held.purchase * (settings.purchase + RATES * settings.rating * held.rating)
    )
    of_item = of_item + (1.0 - held.click) * held.dismissal * settings.not_for_me
    for place in range(orders.shape[1]):
        item = orders[:, place]
        gain += looked * of_item[..., item]
        clicks += looked * held.click[..., item]
        rise += looked * held.irritation[..., item]
        looked = looked * (held.click[..., item] * GOES_ON_AFTER_CLICK + (1.0 - held.click[..., item]) * held.goes_on)
    return Expected(gain, clicks, rise)


def happened(
    held: Answers, order: NDArray[np.int64], settings: RewardSettings, chance: np.random.Generator
) -> tuple[dict[int, float], float | None]:
    """What one customer does with one order: reward by candidate, and the fall of frustration in units of 100 points,
    if it is known. chance: the same draws for every policy, one set of them for each candidate."""
    drawn = chance.random((len(held.click), 5))
    noise, known = chance.normal(0.0, 5.0, 2), chance.random() < CALM_KNOWN
    gains: dict[int, float] = {}
    rise = 0.0
    for item in order.tolist():
        rise += float(held.irritation[item])
        clicks = drawn[item, 0] < held.click[item]
        worth = 0.0
        if clicks:
            worth += settings.of(InteractionKind.CLICK)
            if drawn[item, 1] < held.purchase[item]:
                worth += settings.of(InteractionKind.PURCHASE)
                if drawn[item, 2] < RATES:
                    worth += settings.of(InteractionKind.RATING, 3.0 + 2.0 * float(held.rating[item]))
        elif drawn[item, 3] < held.dismissal[item]:
            worth += settings.of(InteractionKind.NOT_FOR_ME)
        if worth:
            gains[item] = worth
        if drawn[item, 4] >= (GOES_ON_AFTER_CLICK if clicks else held.goes_on):
            break
    return gains, (-(rise + float(noise.mean())) / 100.0 if known else None)


def _is_plan(bond: object) -> bool:
    return getattr(bond, "kind", None) is RelationKind.SERVICE_PLAN_FOR


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
