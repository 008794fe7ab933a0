"""Several pictures of one turn as one reading."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_NEAR: Final = 0.25
"""Total variation to the middle reading up to which a picture counts fully; one caught in mid-word lies beyond."""


def pool(probabilities: NDArray[np.float64], weights: Sequence[float]) -> NDArray[np.float64]:
    """One distribution (k,) for the readings (n, k) of n pictures, n at least 1.

    A weighted mean: pictures of one moment are no independent witnesses, so together they are never surer than the
    surest of them. Each counts by its picture's quality and by how sure it is, and by less the further it lies from
    the middle (median) of all: one odd picture among several moves little.

    >>> pool(np.array([[0.8, 0.2], [0.5, 0.5]]), [1.0, 1.0]).round(2).tolist()
    [0.72, 0.28]
    """
    readings = np.clip(np.asarray(probabilities, dtype=np.float64), 1e-9, 1.0)
    shares = np.asarray(weights, dtype=np.float64) * _sureness(readings)
    if len(readings) > 2:
        middle = np.median(readings, axis=0)
        apart = 0.5 * np.abs(readings - middle / middle.sum()).sum(axis=1)
        shares = shares * np.minimum(1.0, _NEAR / np.maximum(apart, 1e-9))
    pooled = (readings * shares[:, None]).sum(axis=0)
    return np.asarray(pooled / pooled.sum())


def _sureness(readings: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for a reading that names one label, down to .1 for equal shares: it never counts for nothing."""
    entropy = -(readings * np.log(readings)).sum(axis=1) / np.log(readings.shape[1])
    return np.asarray(np.clip(1.0 - entropy, 0.1, 1.0))
