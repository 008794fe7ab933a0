"""Which acts are learned from and which are held out. Each split is made for every person alike."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.learning import Log, hold_out_drawn, hold_out_last, hold_out_newest

TEST_SEED: Final = 0
_VALIDATION_SEEDS: Final = (1, 2, 3)


class Split(StrEnum):
    """time: the last fifth of each person's acts. random: a fifth, drawn. loo: the last act alone."""

    TIME = "time"
    RANDOM = "random"
    LOO = "loo"


def measured_acts(log: Log, how: Split, *, seed: int = TEST_SEED) -> NDArray[np.bool_]:
    """What is held out to measure on, shape (n_acts,). No model and no setting is made with it."""
    return _held(log, how, seed)


def validation_acts(rest: Log, how: Split) -> Sequence[NDArray[np.bool_]]:
    """What is held out of the rest to choose settings by: the same way again; a drawn fifth is drawn three times."""
    return [_held(rest, how, seed) for seed in (_VALIDATION_SEEDS if how is Split.RANDOM else (0,))]


def _held(log: Log, how: Split, seed: int) -> NDArray[np.bool_]:
    if how is Split.RANDOM:
        return hold_out_drawn(log, seed=seed)
    return hold_out_newest(log) if how is Split.LOO else hold_out_last(log)
