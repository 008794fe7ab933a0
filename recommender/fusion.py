"""Two lists, each best first, made into one."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

FUSION_K: Final = 60
"""Reciprocal rank fusion: 1 / (60 + place), summed over both lists.

Source: Cormack, Clarke, Büttcher, Reciprocal rank fusion outperforms Condorcet, 2009."""

_EQUAL: Final = 1e-6


def best(scores: NDArray[np.float32] | None, passing: NDArray[np.bool_] | None, depth: int) -> NDArray[np.int64]:
    """The slots with the best scores above 0, best first."""
    if scores is None or not scores.size:
        return np.empty(0, dtype=np.int64)
    fit = scores if passing is None else np.where(passing, scores, np.float32(0))
    found = np.argpartition(-fit, depth)[:depth] if fit.size > depth else np.arange(fit.size)
    found = found[fit[found] > 0]
    return found[np.lexsort((found, -fit[found]))].astype(np.int64)


def fuse(*lists: tuple[NDArray[np.int64], NDArray[np.float32]]) -> dict[int, tuple[float, ...]]:
    """What each list gives each slot by reciprocal rank fusion. lists: slots with their scores, best first.

    Equal scores share a place, so that what is fused does not depend on the order of the slots.

    >>> fuse((np.array([4, 7]), np.array([0.9, 0.2])), (np.array([7]), np.array([3.0])))[7]
    (0.0161..., 0.0163...)
    """
    fused: dict[int, list[float]] = {}
    for number, (slots, scores) in enumerate(lists):
        place, before = 0, math.inf
        for count, (slot, score) in enumerate(zip(slots.tolist(), scores.tolist(), strict=True), start=1):
            if before - score > _EQUAL:
                place, before = count, score
            fused.setdefault(slot, [0.0] * len(lists))[number] = 1.0 / (FUSION_K + place)
    return {slot: tuple(parts) for slot, parts in fused.items()}
