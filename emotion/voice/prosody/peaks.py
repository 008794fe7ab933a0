"""Peaks of a curve by prominence and distance.

The rule of scipy.signal.find_peaks, whose package brings 80 MB into a process for this one function.
"""

import numpy as np
from numpy.typing import NDArray


def find_peaks(curve: NDArray[np.float64], *, height: float, prominence: float, distance: int) -> NDArray[np.intp]:
    """Positions of the peaks, ascending: at least `distance` samples apart, the higher ones first, then by prominence.

    height: the lowest value of a peak. prominence: in the curve's unit, how far a peak stands above the higher of the
    two lowest points that lie between it and the next higher sample on each side (or the end).
    """
    peaks = _maxima(curve)
    peaks = peaks[curve[peaks] >= height]
    kept = np.ones(len(peaks), dtype=bool)
    for one in np.argsort(curve[peaks], kind="stable")[::-1]:
        if kept[one]:
            near = np.abs(peaks - peaks[one]) < distance
            near[one] = False
            kept &= ~near
    return np.array([peak for peak in peaks[kept] if _prominence(curve, peak) >= prominence], dtype=np.intp)


def _maxima(curve: NDArray[np.float64]) -> NDArray[np.intp]:
    """The middle of every run of equal values that is higher than both its neighbours."""
    if curve.size < 3:
        return np.zeros(0, dtype=np.intp)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(curve)) + 1])
    ends = np.concatenate([starts[1:] - 1, [curve.size - 1]])
    values = curve[starts]
    inner = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] > values[2:])) + 1
    return np.asarray((starts[inner] + ends[inner]) // 2, dtype=np.intp)


def _prominence(curve: NDArray[np.float64], peak: int) -> float:
    height = curve[peak]
    higher = np.flatnonzero(curve[:peak] > height)
    left = curve[higher[-1] + 1 if higher.size else 0 : peak + 1].min()
    higher = np.flatnonzero(curve[peak + 1 :] > height)
    right = curve[peak : peak + 1 + higher[0] if higher.size else curve.size].min()
    return float(height - max(left, right))
