"""Cycles of the voice, one by one: how unequal their lengths (jitter) and heights (shimmer) are."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from emotion.voice.prosody.grid import HOP
from vocabulary import SAMPLE_RATE_HZ

_SEARCH: Final = 0.2  # a cycle's length lies within a fifth of the period that the path gives
_MAX_FACTOR: Final = 1.3  # neighbours that differ more are not neighbours: Praat's limit for jitter
_MAX_HEIGHT_FACTOR: Final = 1.6  # and for shimmer
_TINY: Final = 1e-30


@dataclass(frozen=True)
class Cycles:
    """Pairs of neighbouring cycles: relative differences |a − b| over the clip's mean, one figure for each pair.

    jitter: of their lengths. shimmer: of their heights. Shapes (n_pairs,), (m_pairs,).
    """

    jitter: NDArray[np.float64]
    shimmer: NDArray[np.float64]


def measure_cycles(samples: NDArray[np.float32], hz: NDArray[np.float64], first: int) -> Cycles:
    """Match each cycle with the next by waveform (normalised cross-correlation at lags near the period).

    samples: float32 at 16 kHz; frame i of `hz` (0: unvoiced) is centred at sample first + i × HOP.
    """
    centres, periods, run = _cycle_centres(hz, first)
    if centres.size < 3:
        return Cycles(np.zeros(0), np.zeros(0))
    length, height = _match(samples, centres, periods)
    together = run[1:] == run[:-1]
    return Cycles(
        _differences(length, together, _MAX_FACTOR),
        _differences(height, together, _MAX_HEIGHT_FACTOR),
    )


def _cycle_centres(
    hz: NDArray[np.float64], first: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Where whole cycles lie by the path: their centres and periods in samples, and the number of their voiced run."""
    voiced = np.concatenate([[False], hz > 0, [False]])
    starts, ends = np.flatnonzero(voiced[1:] & ~voiced[:-1]), np.flatnonzero(~voiced[1:] & voiced[:-1])
    centres, periods, runs = [np.zeros(0)], [np.zeros(0)], [np.zeros(0, dtype=np.intp)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end - start < 3:
            continue
        track = hz[start:end]
        phase = np.concatenate([[0.0], np.cumsum(0.5 * (track[1:] + track[:-1])) * HOP / SAMPLE_RATE_HZ])
        at = np.interp(np.arange(0.5, phase[-1], 1.0), phase, np.arange(start, end))
        centres.append(first + at * HOP)
        periods.append(SAMPLE_RATE_HZ / np.interp(at, np.arange(start, end), track))
        runs.append(np.full(at.size, number))
    return np.concatenate(centres), np.concatenate(periods), np.concatenate(runs)


def _match(
    samples: NDArray[np.float32], centres: NDArray[np.float64], periods: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Length of each cycle in samples by its likeness to the next, and its height: both (n_cycles,)."""
    width = np.rint(periods).astype(np.intp)
    start = np.rint(centres - periods / 2.0).astype(np.intp)
    lowest = np.floor(periods * (1.0 - _SEARCH)).astype(np.intp)
    n_lags = np.ceil(2.0 * _SEARCH * periods).astype(np.intp) + 2
    n_width, most_lags = int(width.max()), int(n_lags.max())
    # Silence around the samples, so that every row below is whole.
    before = max(0, -int(start.min()))
    after = max(0, int((start + lowest).max()) + 2 * n_width + most_lags - samples.size)
    padded = np.pad(samples - samples.mean(), (before, after))
    start = start + before
    inside = np.arange(n_width) < width[:, None]
    own = np.where(inside, sliding_window_view(padded, n_width)[start], np.float32(0.0))
    mean = own.sum(axis=1, keepdims=True) / width[:, None].astype(np.float32)
    own = np.where(inside, own - mean, np.float32(0.0))
    n = next_fast_len(n_width + most_lags, real=True)
    following = sliding_window_view(padded, n_width + most_lags)[start + lowest]
    product = irfft(rfft(own, n, axis=1).conj() * rfft(following, n, axis=1), n, axis=1)[:, :most_lags]
    # Energy of the following windows from a running sum.
    running = np.zeros(padded.size + 1)
    np.cumsum(np.square(padded), dtype=np.float64, out=running[1:])
    running_rows = sliding_window_view(running, most_lags)
    energy = running_rows[start + lowest + width] - running_rows[start + lowest]
    likeness = product / np.sqrt(np.maximum(energy, _TINY))
    likeness[np.arange(most_lags) >= n_lags[:, None]] = -np.inf
    top = np.clip(likeness.argmax(axis=1), 1, n_lags - 2)
    rows = np.arange(len(top))
    left, middle, right = (likeness[rows, top + shift] for shift in (-1, 0, 1))
    bend = np.minimum(left - 2.0 * middle + right, -_TINY)
    length = lowest + top + np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    return length, np.asarray(own.max(axis=1) - own.min(axis=1), dtype=np.float64)


def _differences(values: NDArray[np.float64], together: NDArray[np.bool_], factor: float) -> NDArray[np.float64]:
    one, other = values[:-1], values[1:]
    counted = together & (np.maximum(one, other) < factor * np.minimum(one, other))
    if not counted.any():
        return np.zeros(0)
    return np.asarray(np.abs(one - other)[counted] / (0.5 * (one + other)[counted]).mean())
