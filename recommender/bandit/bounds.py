"""Which orders may be shown at all. Whatever has been learned, nothing outside of them ever is."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.bandit.features import ARM, DEARNESS, GROUP, is_uneasy
from recommender.bandit.settings import BanditSettings

CONSIDERED: Final = 6
"""The first so many places may change; those behind keep theirs."""

_FIT: Final = ARM.index("fit")


def allowed_orders(
    context: Sequence[float], arms: Mapping[str, Sequence[float]], settings: BanditSettings
) -> NDArray[np.int64]:
    """Every order that may be shown, shape (orders, arms): indices into `arms`; the ranking's own comes first.

    1. No item stands further than `reach` places from where the ranking has put it.
    2. None passes an item whose relevance is more than `gap` better, or one of another group (see `features`).
    3. For an uneasy customer nothing passes what is cheaper.
    """
    numbers = np.array(list(arms.values()), dtype=np.float64)
    count = len(numbers)
    moving = min(count, CONSIDERED)
    tail = np.arange(moving, count)
    orders, inverted = _orders(moving, settings.reach)
    first = numbers[:moving]
    # may_pass[i, j]: the item at j, behind i in the ranking, may stand before it.
    may_pass = first[None, :, _FIT] >= first[:, None, _FIT] - settings.gap
    may_pass &= first[None, :, GROUP] == first[:, None, GROUP]
    if is_uneasy(context):
        may_pass &= first[None, :, DEARNESS] <= first[:, None, DEARNESS]
    kept = orders[~(inverted & ~may_pass).any(axis=(1, 2))]
    return np.concatenate((kept, np.broadcast_to(tail, (len(kept), tail.size))), axis=1)


def neighbours(orders: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which orders differ from the chosen one by exchanges of adjacent places at most; the chosen one included."""
    places, held = np.argsort(orders, axis=1), np.argsort(chosen)
    near: NDArray[np.bool_] = np.abs(places - held).max(axis=1, initial=0) <= 1
    return near


@lru_cache(maxsize=64)
def _orders(count: int, reach: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """All orders of `count` items within `reach`, and which pairs (i, j), i < j, each one turns round."""
    found: list[list[int]] = []

    def extend(order: list[int]) -> None:
        place = len(order)
        if place == count:
            found.append(list(order))
            return
        for item in range(max(0, place - reach), min(count, place + reach + 1)):
            if item not in order:
                extend([*order, item])

    extend([])
    orders = np.array(found, dtype=np.int64).reshape(len(found), count)
    places = np.argsort(orders, axis=1)
    before = places[:, None, :] < places[:, :, None]
    pairs = np.triu(np.ones((count, count), dtype=bool), 1)
    return orders, before & pairs
