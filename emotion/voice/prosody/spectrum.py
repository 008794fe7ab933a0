"""Loudness, balance and shape of the short-time spectrum, 32 ms around each frame, up to 5 kHz."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct, rfft

from emotion.voice.prosody.grid import REACH
from vocabulary import SAMPLE_RATE_HZ

N_MFCC: Final = 12
N_BANDS: Final = 24

_WINDOW: Final = 512  # 32 ms
_ROWS: Final = 56
_LOW_HZ: Final = 50.0
_TOP_HZ: Final = 5_000.0  # telephones, codecs and old recordings differ above
_EPSILON: Final = np.float32(1e-18)
_DB: Final = np.float32(10.0 / np.log(10.0))


@dataclass(frozen=True)
class SpectrumFrames:
    """What 32 ms of sound hold up to 5 kHz.

    level_db: power, dB of full scale (0: a root mean square of 1). alpha_db: energy of 1–5 kHz over 50 Hz–1 kHz, dB.
    hammarberg_db: strongest bin below 2 kHz over strongest bin of 2–5 kHz, dB. tilt: slope of the spectrum in dB per
    kHz. centroid_khz: centre of gravity. All (n_frames,). bands_db: energy of 24 mel bands, dB, (n_frames, 24).
    mfcc: coefficients 1–12 of the log mel spectrum (0, the gain, is left out), (n_frames, 12).
    """

    level_db: NDArray[np.float32]
    alpha_db: NDArray[np.float32]
    hammarberg_db: NDArray[np.float32]
    tilt: NDArray[np.float32]
    centroid_khz: NDArray[np.float32]
    bands_db: NDArray[np.float32]
    mfcc: NDArray[np.float32]


def spectrum_frames(frames: NDArray[np.float32]) -> SpectrumFrames:
    """Measure the middle 32 ms of windows at 16 kHz, float32, (n_frames, 2 × REACH)."""
    frames = frames[:, REACH - _WINDOW // 2 : REACH + _WINDOW // 2]
    frames = frames - frames.mean(axis=1, keepdims=True)
    spectrum = rfft(frames * _HANN, axis=1)[:, _WHOLE]
    power = spectrum.real**2 + spectrum.imag**2
    sums = _product(power, _SUMS)
    bands, (high, total, weighted) = sums[:, :N_BANDS], sums[:, N_BANDS:].T
    low = np.maximum(total - high, 0.0)
    bands = _decibels(bands)
    decibels = _decibels(power)
    return SpectrumFrames(
        level_db=_decibels(total) + _FULL_SCALE_DB,
        alpha_db=_decibels(high) - _decibels(low),
        hammarberg_db=decibels[:, :_SPLIT].max(axis=1) - decibels[:, _SPLIT:].max(axis=1),
        tilt=_product(decibels, _TILT),
        centroid_khz=weighted / (total + _EPSILON),
        bands_db=bands,
        mfcc=dct(bands / _DB, type=2, norm="ortho", axis=1)[:, 1 : N_MFCC + 1],
    )


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(_DB * np.log(power + _EPSILON))


def _product(rows: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """rows @ weights, few rows at a time: OpenBLAS would share larger products out to threads, which spin and gain
    nothing. Its limits: 2^18 multiplications for two matrices, 9,216 for a matrix and a vector.
    """
    return np.concatenate([rows[start : start + _ROWS] @ weights for start in range(0, len(rows), _ROWS)])


def _mel(hz: float) -> float:
    return float(2595.0 * np.log10(1.0 + hz / 700.0))


def _mel_bands(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Triangles on the mel scale between 50 Hz and 5 kHz: shape (N_BANDS, bins)."""
    edges = 700.0 * (10.0 ** (np.linspace(_mel(_LOW_HZ), _mel(_TOP_HZ), N_BANDS + 2) / 2595.0) - 1.0)
    rising = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    return np.asarray(np.clip(np.minimum(rising, falling), 0.0, None))


def _hertz() -> NDArray[np.float64]:
    hz = np.fft.rfftfreq(_WINDOW, 1.0 / SAMPLE_RATE_HZ)
    return np.asarray(hz[(hz >= _LOW_HZ) & (hz <= _TOP_HZ)])


_HZ: Final = _hertz()
_WHOLE: Final = slice(round(_HZ[0] * _WINDOW / SAMPLE_RATE_HZ), round(_HZ[-1] * _WINDOW / SAMPLE_RATE_HZ) + 1)
_SPLIT: Final = int((_HZ < 2000.0).sum())
_HANN: Final = np.hanning(_WINDOW).astype(np.float32)
_FULL_SCALE_DB: Final = np.float32(10.0 * np.log10(2.0 / (_WINDOW * (np.hanning(_WINDOW) ** 2).sum())))
_TILT: Final = ((_HZ - _HZ.mean()) / 1000.0 / (((_HZ - _HZ.mean()) / 1000.0) ** 2).sum()).astype(np.float32)
# One product gives the mel bands, the upper part of alpha, the whole and the weighted sum of the centroid.
_SUMS: Final = np.vstack([_mel_bands(_HZ), _HZ >= 1000.0, np.ones(_HZ.size), _HZ / 1000.0]).T.astype(np.float32)
