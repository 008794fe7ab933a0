"""The numbers that the bandit looks at: of the moment (context), of each item (arm), and of both together."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from recommender.slate import Candidate, FactorKind, Request
from vocabulary import CustomerState, RelationKind, StateName

LAYOUT: Final = 1
"""Of the numbers below. Outcomes that were logged with another one are not learned from."""

RESTS_FROM: Final = 40.0
"""Frustration from which nothing is changed or tried; well below where the ranking speaks of distress."""

UNEASY_FROM: Final = 25.0
"""Frustration from which no dearer item may pass a cheaper one."""

STATES: Final = (StateName.CALM, StateName.UNSURE, StateName.CONFIDENT, StateName.RELIEVED)
SEGMENTS: Final = 6
CATEGORIES: Final = 8
ITEMS: Final = 256
"""Segments, categories and items are counted in so many buckets, by a checksum of their name."""

CONTEXT: Final = (
    "frustration",
    "trend",
    *(f"state {name.value}" for name in STATES),
    "state unknown",
    "hour sine",
    "hour cosine",
    "weekend",
    *(f"segment {bucket}" for bucket in range(SEGMENTS)),
    "has a case",
)
_BONDS: Final = (
    RelationKind.ACCESSORY_OF,
    RelationKind.SPARE_PART_OF,
    RelationKind.REPLACEMENT_FOR,
    RelationKind.SERVICE_PLAN_FOR,
)
ARM: Final = (
    "place",
    "fit",
    "relevance",
    "kind",
    "price",
    "dear",
    "affinity",
    "popularity",
    "cold",
    *(f"bond {kind.value}" for kind in _BONDS),
    *(f"category {bucket}" for bucket in range(CATEGORIES)),
)
GROUP: Final = len(ARM)
DEARNESS: Final = len(ARM) + 1
BUCKET: Final = len(ARM) + 2
ARM_LENGTH: Final = len(ARM) + 3
"""Behind the numbers of ARM: the group that no order may break up, the rank by price, the item's bucket."""

SIZE: Final = (1 + len(ARM)) * (1 + len(CONTEXT)) + ITEMS
"""Length of one row of `design`."""


def rests(state: CustomerState | None) -> bool:
    """Whether this customer's slate must stay as the ranking has made it."""
    if state is None:
        return False
    return state.frustration >= RESTS_FROM or state.name in (StateName.FRUSTRATED, StateName.STRESSED)


def is_uneasy(context: Sequence[float]) -> bool:
    """Whether nothing dearer may come forward in this context."""
    return context[0] * 100.0 >= UNEASY_FROM or context[2 + STATES.index(StateName.UNSURE)] > 0.0


def context_of(request: Request) -> tuple[float, ...]:
    """The moment in numbers, as named in CONTEXT; each in [-1, 1].

    The hour is in UTC: sine and cosine learn a shop's own time zone as a shift.
    """
    state, at = request.state, request.at
    angle = 2.0 * math.pi * (at.hour + at.minute / 60.0) / 24.0
    segment = None if not request.segment else crc32(request.segment.encode()) % SEGMENTS
    return (
        0.0 if state is None else _unit(state.frustration / 100.0),
        0.0 if state is None else _unit(state.trend / 100.0),
        *(float(state is not None and state.name is name) for name in STATES),
        float(state is None),
        round(math.sin(angle), 4),
        round(math.cos(angle), 4),
        float(at.weekday() >= 5),
        *(float(bucket == segment) for bucket in range(SEGMENTS)),
        float(bool(request.about)),
    )


def arms_of(candidates: Sequence[Candidate]) -> dict[str, tuple[float, ...]]:
    """Each candidate in numbers, as named in ARM and behind it, in the ranking's order.

    place: 1 for the first, falling evenly. fit: relevance by the best one's; relevance: half of it as it is. kind: it
    is the kind of thing that was asked for. price: log2 of the price by the middle price of the list, from -1 (half or
    less) to 1 (double or more), 0 if the shop names none; dear: the same above 0.
    """
    best = max((_finite(one.relevance) for one in candidates), default=0.0)
    known = sorted(float(one.item.price) for one in candidates if one.item.price is not None and one.item.price > 0)
    middle = known[len(known) // 2] if known else 1.0
    dearness = {price: rank for rank, price in enumerate(sorted({one.item.dearness for one in candidates}))}
    found: dict[str, tuple[float, ...]] = {}
    for place, one in enumerate(candidates):
        price = 0.0 if one.item.price is None or one.item.price <= 0 else float(one.item.price)
        against = _unit(math.log2(price / middle)) if price else 0.0
        bucket = crc32(one.item.category.casefold().encode()) % CATEGORIES
        numbers = (
            1.0 - place / len(candidates),
            _unit(_finite(one.relevance) / best) if best > 0.0 else 0.0,
            _unit(_finite(one.relevance) / 2.0),
            float(any(factor.kind is FactorKind.KIND for factor in one.factors)),
            against,
            max(0.0, against),
            _unit(_finite(one.affinity)),
            _unit(_finite(one.popularity)),
            float(any(factor.kind is FactorKind.COLD for factor in one.factors)),
            *(float(one.bond is not None and one.bond.kind is kind) for kind in _BONDS),
            *(float(category == bucket) for category in range(CATEGORIES)),
            float(_group(one)),
            float(dearness[one.item.dearness]),
            float(crc32(one.item.id.encode()) % ITEMS),
        )
        found[one.item.id] = tuple(round(number, 4) for number in numbers)
    return found


def design(context: Sequence[float], arms: Mapping[str, Sequence[float]]) -> NDArray[np.float64]:
    """One row for each arm, shape (arms, SIZE): every number of the arm, alone and with each of the context, and which
    item it is."""
    numbers = np.array(list(arms.values()), dtype=np.float64).reshape(len(arms), ARM_LENGTH)
    moment = np.concatenate(([1.0], np.asarray(context, dtype=np.float64)))
    own = np.concatenate((np.ones((len(arms), 1)), numbers[:, : len(ARM)]), axis=1)
    which = np.zeros((len(arms), ITEMS))
    which[np.arange(len(arms)), numbers[:, BUCKET].astype(np.int64) % ITEMS] = 1.0
    crossed = (own[:, :, None] * moment[None, None, :]).reshape(len(arms), -1)
    return np.concatenate((crossed, which), axis=1)


@lru_cache(maxsize=1)
def prior() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is believed before anything was seen: mean and standard deviation of each weight, shape (SIZE,) each.

    The ranking is right until outcomes say otherwise, what holds in every moment is larger than what holds in some,
    and one item differs little from others of its kind.
    """
    wide = 1 + len(CONTEXT)
    mean = np.zeros(SIZE)
    mean[wide * (1 + ARM.index("place"))] = 0.05
    deviation = np.full(SIZE, 0.1)
    deviation[: wide * (1 + len(ARM))].reshape(-1, wide)[:, 0] = 0.3
    deviation[-ITEMS:] = 0.1
    for one in (mean, deviation):
        one.setflags(write=False)
    return mean, deviation


def _group(one: Candidate) -> int:
    """What a rule of the customer's state has lifted or lowered, what the customer has said to like, and parts that
    nobody asked for stay where the ranking has put them against the rest."""
    state = sum(_finite(factor.weight) for factor in one.factors if factor.kind is FactorKind.STATE)
    liked = any(factor.kind is FactorKind.TASTE and factor.weight > 0 for factor in one.factors)
    unasked = any(factor.kind is FactorKind.KIND and factor.weight < 0 for factor in one.factors)
    return 10 * unasked + 2 * ((state > 0) - (state < 0)) + liked


def _finite(number: float) -> float:
    return float(number) if math.isfinite(number) else 0.0


def _unit(number: float) -> float:
    return min(1.0, max(-1.0, number))
