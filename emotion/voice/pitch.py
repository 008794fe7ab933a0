"""Fundamental frequency by normalised autocorrelation and a shortest path through the candidates.

Source: P. Boersma (1993), "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
ratio of a sampled sound", IFA Proceedings 17. The constants are his, but for the range and the window.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.signal import resample_poly

HOP_S: Final = 0.010
FLOOR_HZ: Final = 60.0
CEILING_HZ: Final = 500.0

_RATE_HZ: Final = 8_000  # half of a clip's rate: the harmonics that decide pitch lie below 4 kHz
_HOP: Final = 80
_WINDOW: Final = 400  # 50 ms, three periods at the floor
_FFT: Final = 1024
_CANDIDATES: Final = 6

_VOICING_THRESHOLD: Final = 0.45
_SILENCE_THRESHOLD: Final = 0.03
_OCTAVE_COST: Final = 0.01
_OCTAVE_JUMP_COST: Final = 0.35
_VOICING_COST: Final = 0.14


@dataclass(frozen=True)
class PitchTrack:
    """Frames every 10 ms; frame i is centred at i × 10 ms.

    hz: fundamental in Hz, 0 where unvoiced, shape (n_frames,).
    strength: height of the autocorrelation peak that was chosen, [0, 1]; 0 where unvoiced.
    """

    hz: NDArray[np.float64]
    strength: NDArray[np.float64]

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """True where a fundamental was found, shape (n_frames,)."""
        return self.hz > 0


def track_pitch(samples: NDArray[np.float32]) -> PitchTrack:
    """Follow the voice of one speaker.

    samples: float32 mono at 16 kHz, shape (n_samples,). Gain does not matter: silence is relative to the loudest.
    """
    low = resample_poly(np.asarray(samples, dtype=np.float64), 1, 2) if samples.size else np.zeros(0)
    frames = _frames(low)
    if not frames.size or not np.abs(frames).max() > 0:
        return PitchTrack(np.zeros(len(frames)), np.zeros(len(frames)))
    correlation = _autocorrelation(frames)
    hz, strength = _candidates(correlation)
    peak = np.abs(frames).max(axis=1)
    quiet = np.maximum(0.0, 2.0 - peak / peak.max() / (_SILENCE_THRESHOLD / (1.0 + _VOICING_THRESHOLD)))
    return _shortest_path(hz, strength, _VOICING_THRESHOLD + quiet)


def _frames(low: NDArray[np.float64]) -> NDArray[np.float64]:
    if not low.size:
        return np.zeros((0, _WINDOW))
    padded = np.pad(low, _WINDOW // 2)
    frames = sliding_window_view(padded, _WINDOW)[::_HOP]
    return np.asarray(frames - frames.mean(axis=1, keepdims=True))


def _autocorrelation(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Autocorrelation of each windowed frame over that of the window: shape (n_frames, lags), 1 at lag 0."""
    window = np.hanning(_WINDOW)
    longest = int(_RATE_HZ / FLOOR_HZ) + 2
    of_window = np.fft.irfft(np.abs(np.fft.rfft(window, _FFT)) ** 2)[:longest]
    spectrum = np.fft.rfft(frames * window, _FFT, axis=1)
    raw = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, axis=1)[:, :longest]
    return np.asarray(raw / np.maximum(raw[:, :1], 1e-12) / (of_window / of_window[0]))


def _candidates(correlation: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The best peaks of each frame: Hz and height, both (n_frames, _CANDIDATES); height -inf where there is none."""
    shortest = int(_RATE_HZ / CEILING_HZ)
    left, middle, right = (
        correlation[:, shortest - 1 : -2],
        correlation[:, shortest:-1],
        correlation[:, shortest + 1 :],
    )
    is_peak = (middle > left) & (middle >= right) & (middle > 0.15)
    # Parabola through three points: lags are whole samples, voices are not.
    bend = np.where(is_peak, left - 2 * middle + right, -1.0)
    shift = np.where(is_peak, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    height = np.where(is_peak, middle - 0.25 * (left - right) * shift, -np.inf)
    lag = np.arange(shortest, shortest + middle.shape[1]) + np.clip(shift, -0.5, 0.5)
    hz = _RATE_HZ / lag
    # A small bonus for high candidates settles ties between a period and its multiples.
    ranked = height + _OCTAVE_COST * np.log2(hz / FLOOR_HZ)
    best = np.argpartition(-ranked, _CANDIDATES - 1, axis=1)[:, :_CANDIDATES]
    return np.take_along_axis(hz, best, axis=1), np.minimum(np.take_along_axis(height, best, axis=1), 1.0)


def _shortest_path(
    hz: NDArray[np.float64], strength: NDArray[np.float64], unvoiced_score: NDArray[np.float64]
) -> PitchTrack:
    n_frames, n_candidates = hz.shape
    octave = np.log2(hz)
    score = np.column_stack([strength + _OCTAVE_COST * (octave - np.log2(FLOOR_HZ)), unvoiced_score])
    # cost[t, i, j]: from candidate i of frame t to candidate j of frame t + 1; the last candidate is "unvoiced".
    cost = np.full((n_frames - 1, n_candidates + 1, n_candidates + 1), _VOICING_COST)
    cost[:, :-1, :-1] = _OCTAVE_JUMP_COST * np.abs(octave[:-1, :, None] - octave[1:, None, :])
    cost[:, -1, -1] = 0.0
    best = score[0]
    came_from = np.zeros((n_frames, n_candidates + 1), dtype=np.intp)
    columns = np.arange(n_candidates + 1)
    for frame in range(1, n_frames):
        reach = best[:, None] - cost[frame - 1]
        came_from[frame] = reach.argmax(axis=0)
        best = reach[came_from[frame], columns] + score[frame]
    path = np.empty(n_frames, dtype=np.intp)
    path[-1] = int(best.argmax())
    for frame in range(n_frames - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    rows = np.arange(n_frames)
    voiced = path < n_candidates
    chosen = np.minimum(path, n_candidates - 1)
    return PitchTrack(
        np.where(voiced, hz[rows, chosen], 0.0),
        np.where(voiced, np.maximum(strength[rows, chosen], 0.0), 0.0),
    )
