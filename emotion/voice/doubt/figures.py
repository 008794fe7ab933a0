"""What tells a voice that a machine makes from one that a body makes: fine structure, not what or how it is said.

A program moves the spectrum and the pitch more evenly from one hundredth of a second to the next than a throat can,
and one cycle of its voice is more like the next. Nothing here sees the band's width, gain, a microphone's colour or
phase, pauses, the height of pitch, or pace.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

from emotion.voice.doubt.frames import HIGH_HZ, HOP, LOW_HZ, RATE_HZ, WIDTH, Frames, band

Array = NDArray[np.float64]

_FFT: Final = 512
_N_BANDS: Final = 12
_GROUPS: Final = ((0, 4), (4, 8), (8, 12))
_LAGS: Final = (1, 2, 4, 8)
"""Frames of 10 ms."""
_VOICED: Final = 0.55
_SUB_BANDS: Final = ((200.0, 1000.0), (1000.0, 2200.0), (2200.0, 3500.0))
_SHORTEST, _LONGEST = RATE_HZ // 400, RATE_HZ // 65
_QUANTILES: Final = (0.1, 0.5, 0.9)


def _names() -> tuple[str, ...]:
    moving = [f"moving_{group}_{lag}" for group in range(len(_GROUPS)) for lag in _LAGS]
    jumps = [f"jumps_{group}" for group in range(len(_GROUPS))]
    flat = [f"flatness_{group}_{what}" for group in range(len(_GROUPS)) for what in ("middle", "spread")]
    pitch = [f"pitch_step_{int(100 * q)}" for q in _QUANTILES] + [f"pitch_bend_{int(100 * q)}" for q in _QUANTILES]
    period = [f"period_{at}_{int(100 * q)}" for at in range(len(_SUB_BANDS)) for q in _QUANTILES]
    level = [f"level_{lag}_{what}" for lag in _LAGS[:2] for what in ("middle", "high")]
    return (*moving, *jumps, *flat, *pitch, *period, *level, "cepstrum_1", "cepstrum_2", "voiced")


NAMES: Final = _names()
"""The figures in their order, by part of the band (0 to 2, upwards) where they have one.

moving: log of the mean change of the bands over so many frames of 10 ms, dB. jumps: log of the largest changes over
the middle one. flatness: dB. pitch_step: log of the relative change of pitch in 10 ms; pitch_bend: of the change of
that change. period: correlation of one cycle with the next. level: log of the change of loudness, dB. cepstrum: log
change of the whole shape over one and two frames beside that over eight. voiced: mean strength of the pitch.
"""


def figures_of(frames: Frames) -> NDArray[np.float32]:
    """All figures of a clip, shape (len(NAMES),), finite."""
    pairs = {lag: _pairs(frames, lag) for lag in _LAGS}
    power = np.abs(rfft(frames.windows * _TAPER, _FFT, axis=1)) ** 2
    bands = 10.0 * np.log10(power @ _MEL.T + 1e-7)
    lag, strength, voiced = _pitch(frames)
    found = [
        *_movement(bands, pairs),
        *_flatness(power[frames.active]),
        *_pitch_steps(lag, voiced & frames.active, frames),
        *_periodicity(frames, lag, voiced),
        *_level(frames.level_db, pairs),
        *_cepstral(bands, pairs),
        float(strength[frames.active].mean()),
    ]
    return np.nan_to_num(np.array(found, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _pairs(frames: Frames, lag: int) -> NDArray[np.intp]:
    """Where a frame and the one `lag` after it are both active and in one stretch."""
    both = frames.active[:-lag] & frames.active[lag:]
    breaks = np.concatenate([[0], np.cumsum(~frames.joined)])
    return np.flatnonzero(both & (breaks[1 : both.size + 1] == breaks[lag + 1 : both.size + lag + 1]))


def _movement(bands: Array, pairs: dict[int, NDArray[np.intp]]) -> list[float]:
    """How far each band moves over time, as a logarithm, and how unevenly from one frame to the next."""
    moved, jumps = [], []
    for low, high in _GROUPS:
        for lag, where in pairs.items():
            step = np.abs(bands[where + lag, low:high] - bands[where, low:high])
            moved.append(float(np.log(step.mean() + 0.05)) if step.size else 0.0)
            if lag == 1:
                high_step, middle = np.quantile(step, (0.95, 0.5)) if step.size else (1.0, 1.0)
                jumps.append(float(np.log((high_step + 0.05) / (middle + 0.05))))
    return [*moved, *jumps]


def _cepstral(bands: Array, pairs: dict[int, NDArray[np.intp]]) -> list[float]:
    """Movement of the whole shape over one and two frames beside that over eight."""
    shape = bands - bands.mean(axis=1, keepdims=True)
    sizes = {
        lag: float(np.sqrt(((shape[where + lag] - shape[where]) ** 2).mean())) if where.size else 1.0
        for lag, where in pairs.items()
    }
    return [float(np.log((sizes[lag] + 0.05) / (sizes[8] + 0.05))) for lag in (1, 2)]


def _flatness(power: Array) -> list[float]:
    """Depth between the harmonics: geometric over arithmetic mean of the bins, dB, by part of the band."""
    found = []
    for low, high in _GROUPS:
        part = power[:, _EDGES[low] : _EDGES[high]] + 1e-9
        flat = 10.0 * (np.log10(part).mean(axis=1) - np.log10(part.mean(axis=1)))
        found += [float(np.median(flat)), float(np.quantile(flat, 0.9) - np.quantile(flat, 0.1))]
    return found


def _pitch(frames: Frames) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Period in samples (with fraction), how strong it is, and where there is one; each (n,)."""
    correlation = _autocorrelation(frames.windows)
    searched = correlation[:, _SHORTEST - 1 : _LONGEST + 2]
    inner = searched[:, 1:-1]
    at = inner.argmax(axis=1)
    # The shortest period whose peak is nearly as high: not an octave too low.
    good = inner >= 0.9 * inner.max(axis=1, keepdims=True)
    peak = (inner >= searched[:, :-2]) & (inner >= searched[:, 2:])
    first = (good & peak).argmax(axis=1)
    at = np.where((good & peak).any(axis=1), first, at)
    rows = np.arange(len(at))
    before, here, after = searched[rows, at], searched[rows, at + 1], searched[rows, at + 2]
    bend = before - 2.0 * here + after
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (before - after) / np.where(np.abs(bend) > 1e-9, bend, 1.0), 0.0)
    return at + _SHORTEST + np.clip(shift, -0.5, 0.5), here, frames.active & (here > _VOICED)


def _autocorrelation(windows: Array) -> Array:
    """Normalised by that of the window itself, (n, _LONGEST + 2). Source: P. Boersma (1993)."""
    spectrum = np.abs(rfft((windows - windows.mean(axis=1, keepdims=True)) * _TAPER, 2 * _FFT, axis=1)) ** 2
    raw = irfft(spectrum, axis=1)[:, : _LONGEST + 2]
    return np.asarray(raw / np.maximum(raw[:, :1], 1e-9) / _OF_TAPER)


def _pitch_steps(lag: Array, voiced: NDArray[np.bool_], frames: Frames) -> list[float]:
    """How unsteady pitch is from frame to frame, and how much its slope changes; logarithms of relative changes."""
    logs = np.log(lag)
    run = voiced[1:] & voiced[:-1] & frames.joined[1:]
    step = np.diff(logs)
    near = run & (np.abs(step) < 0.15)
    bend = np.abs(np.diff(step))[near[1:] & near[:-1]]
    steps = np.abs(step)[near]
    if bend.size < 5:
        return [0.0] * 6
    return [float(np.log(value + 1e-4)) for found in (steps, bend) for value in np.quantile(found, _QUANTILES)]


def _periodicity(frames: Frames, lag: Array, voiced: NDArray[np.bool_]) -> list[float]:
    """How alike one cycle and the next are, by part of the band: a body's breath is in the upper ones."""
    if voiced.sum() < 5:
        return [0.0] * (3 * len(_SUB_BANDS))
    starts = _starts(frames)[voiced]
    period = np.rint(lag[voiced]).astype(np.intp)
    found: list[float] = []
    for low_hz, high_hz in _SUB_BANDS:
        part = band(frames.samples, low_hz, high_hz)
        here = part[starts[:, None] + np.arange(160)]
        there = part[starts[:, None] + period[:, None] + np.arange(160)]
        alike = (here * there).sum(axis=1) / np.sqrt((here**2).sum(axis=1) * (there**2).sum(axis=1) + 1e-12)
        found += map(float, np.quantile(alike, _QUANTILES))
    return found


def _starts(frames: Frames) -> NDArray[np.intp]:
    """Where each window begins in the samples: stretches lie there one after the other."""
    starts = np.empty(len(frames.windows), dtype=np.intp)
    begin = 0
    firsts = [*np.flatnonzero(~frames.joined), len(frames.windows)]
    for first, end, size in zip(firsts[:-1], firsts[1:], frames.sizes, strict=True):
        starts[first:end] = begin + HOP * np.arange(end - first)
        begin += size
    return starts


def _level(level_db: Array, pairs: dict[int, NDArray[np.intp]]) -> list[float]:
    """How much loudness trembles from frame to frame, as a logarithm of dB."""
    found = []
    for lag in _LAGS[:2]:
        where = pairs[lag]
        step = np.abs(level_db[where + lag] - level_db[where]) if where.size else np.ones(1)
        found += [float(np.log(value + 0.02)) for value in np.quantile(step, (0.5, 0.9))]
    return found


def _mel(hz: Array | float) -> Array:
    return np.asarray(2595.0 * np.log10(1.0 + np.asarray(hz) / 700.0))


def _mel_bands() -> tuple[Array, list[int]]:
    edges = 700.0 * (10.0 ** (np.linspace(_mel(LOW_HZ), _mel(HIGH_HZ), _N_BANDS + 2) / 2595.0) - 1.0)
    hz = np.arange(_FFT // 2 + 1) * RATE_HZ / _FFT
    rising = (hz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - hz) / np.diff(edges)[1:, None]
    return np.clip(np.minimum(rising, falling), 0.0, None), [round(edge * _FFT / RATE_HZ) for edge in edges]


def _of_taper() -> Array:
    whole = irfft(np.abs(rfft(_TAPER, 2 * _FFT)) ** 2)[: _LONGEST + 2]
    return np.asarray(whole / whole[0])


_MEL, _EDGES = _mel_bands()
_TAPER: Final = np.hanning(WIDTH)
_OF_TAPER: Final = _of_taper()
