"""What is held out of a log, to choose settings by it or to measure on it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.learning.log import Log

SHARE: Final = 0.2
"""How much of each person's acts is held out."""


def hold_out_last(log: Log, share: float = SHARE) -> NDArray[np.bool_]:
    """The last floor(share · n) of each person's n acts, shape (n_acts,). Acts of one second stand as they came."""
    order = log.in_order()
    sizes = np.bincount(log.people, minlength=log.n_people)
    ends = np.repeat(np.cumsum(sizes), sizes)
    held = np.zeros(len(order), dtype=np.bool_)
    held[order] = ends - 1 - np.arange(len(order)) < np.repeat((share * sizes + 1e-9).astype(np.int64), sizes)
    return held


def hold_out_drawn(log: Log, share: float = SHARE, *, seed: int = 0) -> NDArray[np.bool_]:
    """floor(share · n) of each person's n acts, drawn; the same for the same seed."""
    mixed = np.random.default_rng(seed).random(len(log.people))
    drawn = Log(log.people, log.items, log.weights, mixed, log.n_people, log.n_items)
    return hold_out_last(drawn, share)


def hold_out_newest(log: Log) -> NDArray[np.bool_]:
    """The very last act of everybody who has two or more."""
    order = log.in_order()
    sizes = np.bincount(log.people, minlength=log.n_people)
    held = np.zeros(len(order), dtype=np.bool_)
    held[order[(np.cumsum(sizes) - 1)[sizes > 1]]] = True
    return held
