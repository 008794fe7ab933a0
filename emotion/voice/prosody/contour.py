"""The shape of pitch and loudness over an utterance: where they go, how fast they rise and fall, how they end."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody.grid import HOP_S

Array = NDArray[np.float64]

FINAL_S: Final = 0.3
"""How much at the end is taken for the final movement."""

_STILL: Final = 1e-9


def semitones(hz: Array, *, reference_hz: float = 55.0) -> Array:
    """Pitch in semitones above the reference; any value where hz is 0."""
    return np.asarray(12.0 * np.log2(np.maximum(hz, 1.0) / reference_hz))


def percentiles(values: Array, *shares: float) -> list[float]:
    """np.percentile's figures for values of shape (n,), n from 1, at a tenth of its cost for a few hundred values."""
    ordered = np.sort(values)
    last = len(ordered) - 1
    found = []
    for share in shares:
        place = share / 100.0 * last
        below = int(place)
        low, high = ordered[below], ordered[min(below + 1, last)]
        found.append(float(low + (place - below) * (high - low)))
    return found


def trend(values: Array, at: NDArray[np.intp]) -> tuple[float, float]:
    """Slope per second of the straight line through the values at these frames, and the deviation from it."""
    seconds = at * HOP_S
    centred = seconds - seconds.mean()
    square = float((centred**2).sum())
    if square < _STILL:
        return 0.0, float(values.std())
    slope = float((centred * values).sum() / square)
    return slope, float((values - values.mean() - slope * centred).std())


def slopes(values: Array, inside: NDArray[np.bool_]) -> Array:
    """Change per second over 40 ms, at frames whose two neighbours on either side are inside: shape (n,)."""
    whole = inside[:-4] & inside[1:-3] & inside[2:-2] & inside[3:-1] & inside[4:]
    # Regression over five frames: the slope that a straight line through them has.
    slope = (2.0 * (values[4:] - values[:-4]) + (values[3:-1] - values[1:-3])) / (10.0 * HOP_S)
    return np.asarray(slope[whole])


def rises_and_falls(slope: Array) -> tuple[float, float, float, float, float]:
    """Mean and deviation of rising, mean and deviation of falling slopes, and the share that rise; 0 where none do."""
    up, down = slope[slope > 0], slope[slope < 0]
    return (
        float(up.mean()) if up.size else 0.0,
        float(up.std()) if up.size else 0.0,
        float(down.mean()) if down.size else 0.0,
        float(down.std()) if down.size else 0.0,
        up.size / max(1, slope.size),
    )


def final_movement(values: Array) -> float:
    """Mean of the last 100 ms less the mean of the 200 ms before, of values every 10 ms."""
    n_last = round(FINAL_S / HOP_S / 3)
    before = values[-3 * n_last : -n_last]
    return float(values[-n_last:].mean() - before.mean()) if before.size else 0.0


def correlation(pitch: NDArray[np.float64], level: NDArray[np.float64]) -> float:
    """Correlation of pitch and loudness, 0 where one of them is flat."""
    spread = pitch.std() * level.std()
    return float(((pitch - pitch.mean()) * (level - level.mean())).mean() / spread) if spread > 1e-6 else 0.0


def run_range(track: NDArray[np.float64], voiced: NDArray[np.bool_]) -> float:
    """Mean over runs of voice of 100 ms or more of highest less lowest pitch, semitones."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], voiced.astype(np.int8), [0]])))
    # Every second stretch between edges is a run of voice; a last edge at the end of the track opens none.
    inner = edges[edges < len(track)]
    ranges = (np.maximum.reduceat(track, inner) - np.minimum.reduceat(track, inner))[::2]
    long = np.diff(edges)[::2] * HOP_S >= 0.1
    return float(ranges[long].mean()) if long.any() else 0.0
