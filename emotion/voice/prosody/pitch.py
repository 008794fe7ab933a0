"""Candidates for the fundamental: peaks of the autocorrelation, normalised by the window's.

Source: P. Boersma (1993), "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
ratio of a sampled sound", IFA Proceedings 17, 97–110; the constants are the paper's.
docs/decisions/0080-fundamental-frequency.md.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct, irfft, rfft

from emotion.voice.prosody.grid import REACH
from vocabulary import SAMPLE_RATE_HZ

FLOOR_HZ: Final = 60.0
CEILING_HZ: Final = 500.0
VOICING_THRESHOLD: Final = 0.45
OCTAVE_COST: Final = 0.01

CANDIDATES: Final = 14
"""Voiced candidates of a frame; the fifteenth is "unvoiced"."""

N_LOW_BINS: Final = 72
BIN_HZ: Final = SAMPLE_RATE_HZ / 1080

_WINDOW: Final = 2 * REACH  # three periods at the floor
_FFT: Final = 1080  # at least the window and the longest lag
_PERIOD: Final = round(SAMPLE_RATE_HZ / FLOOR_HZ)
_SHORTEST: Final = int(SAMPLE_RATE_HZ / CEILING_HZ)
_LONGEST: Final = int(SAMPLE_RATE_HZ / FLOOR_HZ) + 2
_TINY: Final = 1e-30
_ROUNDING: Final = 1e-6

_HANN: Final = np.hanning(_WINDOW + 2)[1:-1].astype(np.float32)
_OF_WINDOW: Final = irfft(np.abs(rfft(_HANN.astype(np.float64), _FFT)) ** 2, _FFT)[: _LONGEST + 1]
_NORM: Final = (_OF_WINDOW[0] / _OF_WINDOW).astype(np.float32)


@dataclass(frozen=True)
class PitchFrames:
    """What is known of pitch in each frame before the path is chosen.

    hz, strength: candidates and the height of their peaks, (n_frames, CANDIDATES), strength -inf where there is none.
    peak: largest magnitude within half a longest period of the centre, (n_frames,).
    low: power spectrum below 1,067 Hz in bins of 14.8 Hz, (n_frames, N_LOW_BINS).
    """

    hz: NDArray[np.float32]
    strength: NDArray[np.float32]
    peak: NDArray[np.float32]
    low: NDArray[np.float32]


def pitch_frames(frames: NDArray[np.float32]) -> PitchFrames:
    """Measure windows of 50 ms at 16 kHz, float32, (n_frames, 2 × REACH)."""
    # The mean of the two middle periods: a slow drift is neither voice nor silence.
    mean = frames[:, REACH - _PERIOD : REACH + _PERIOD].mean(axis=1, keepdims=True)
    frames = frames - mean
    near = frames[:, REACH - _PERIOD // 2 : REACH + _PERIOD // 2]
    spectrum = rfft(frames * _HANN, _FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    # A cosine transform of the power spectrum is the autocorrelation.
    raw = dct(power, type=1, axis=1)[:, : _LONGEST + 1]
    correlation = raw * (_NORM / np.maximum(raw[:, :1], _TINY))
    hz, strength = _candidates(correlation)
    peak = np.maximum(near.max(axis=1), -near.min(axis=1))
    # What is left of a constant is rounding.
    peak[peak <= _ROUNDING * np.abs(mean[:, 0])] = 0.0
    return PitchFrames(hz, strength, peak, power[:, :N_LOW_BINS].copy())


def _candidates(correlation: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The best peaks of each frame: Hz and height, both (n_frames, CANDIDATES)."""
    middle = correlation[:, _SHORTEST:_LONGEST]
    is_peak = middle > 0.5 * VOICING_THRESHOLD
    is_peak &= middle > correlation[:, _SHORTEST - 1 : _LONGEST - 1]
    is_peak &= middle >= correlation[:, _SHORTEST + 1 : _LONGEST + 1]
    rows, columns = np.nonzero(is_peak)
    lags = columns + _SHORTEST
    left, top, right = (correlation[rows, lags + shift] for shift in (-1, 0, 1))
    # Parabola through three points: lags are whole samples, voices are not.
    offset = 0.5 * (left - right) / np.minimum(left - 2.0 * top + right, -_TINY)
    height = top - 0.25 * (left - right) * offset
    height = np.where(height > 1.0, 1.0 / height, height)
    hz = SAMPLE_RATE_HZ / (lags + offset)
    counts = np.bincount(rows, minlength=len(correlation))
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    width = max(CANDIDATES, int(counts.max(initial=0)))
    all_hz = np.full((len(correlation), width), FLOOR_HZ, dtype=np.float32)
    strength = np.full((len(correlation), width), -np.inf, dtype=np.float32)
    inside = (hz >= FLOOR_HZ) & (hz <= CEILING_HZ)
    all_hz[rows, place] = np.clip(hz, FLOOR_HZ, CEILING_HZ)
    strength[rows, place] = np.where(inside, height, -np.inf)
    if width > CANDIDATES:
        best = np.argpartition(-(strength + OCTAVE_COST * np.log2(all_hz)), CANDIDATES - 1, axis=1)[:, :CANDIDATES]
        all_hz, strength = np.take_along_axis(all_hz, best, axis=1), np.take_along_axis(strength, best, axis=1)
    return all_hz, strength
