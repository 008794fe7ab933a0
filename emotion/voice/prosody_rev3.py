"""How something is said: pitch, loudness, spectrum and pauses every 10 ms, with gain taken out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import dct

from emotion.voice.pitch import HOP_S, track_pitch
from vocabulary import SAMPLE_RATE_HZ, Clip

MAX_SECONDS: Final = 20.0
"""Only the end of a longer turn is measured: it is nearest to how the customer feels now."""

N_MFCC: Final = 12

_HOP: Final = int(HOP_S * SAMPLE_RATE_HZ)
_WINDOW: Final = 512  # 32 ms
_ACTIVE_DB: Final = 32.0  # below the loudest twentieth: breath, room, padding
_TOP_HZ: Final = 5_000.0  # telephones, codecs and old recordings differ above
_N_BANDS: Final = 24
_EPSILON: Final = 1e-10


@dataclass(frozen=True)
class Prosody:
    """Frames every 10 ms of one customer's speech, silence before and after it cut off.

    hz: fundamental, 0 where unvoiced. strength: autocorrelation at that period, [0, 1].
    level_db: loudness against the clip's 95th percentile, dB, mostly below 0.
    active: not a pause. All of shape (n_frames,).
    alpha_db: energy of 1–5 kHz over 50 Hz–1 kHz, dB. hammarberg_db: strongest peak of 0–2 kHz over 2–5 kHz, dB.
    tilt: slope of the spectrum in dB per kHz, 0–5 kHz. centroid_khz: its centre of gravity. All (n_frames,).
    mfcc: coefficients 1–12 (0, the gain, is left out), shape (n_frames, 12).
    """

    hz: NDArray[np.float64]
    strength: NDArray[np.float64]
    level_db: NDArray[np.float64]
    active: NDArray[np.bool_]
    alpha_db: NDArray[np.float64]
    hammarberg_db: NDArray[np.float64]
    tilt: NDArray[np.float64]
    centroid_khz: NDArray[np.float64]
    mfcc: NDArray[np.float64]

    @property
    def voiced(self) -> NDArray[np.bool_]:
        return self.hz > 0

    @property
    def voiced_seconds(self) -> float:
        return float(self.voiced.sum()) * HOP_S

    @classmethod
    def of(cls, clip: Clip) -> Self | None:
        """Measure the customer's part of a clip; None where there is no sound in it."""
        parts = [_measure(samples) for samples in _customer_parts(clip) if samples.size >= _WINDOW]
        if not parts:
            return None
        rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        if not np.isfinite(rows["level_db"]).any() or rows["level_db"].max() <= -90.0:
            return None
        level = rows["level_db"] - np.percentile(rows["level_db"], 95)
        active = level > -_ACTIVE_DB
        where = np.flatnonzero(active)
        # An onset of one frame is a click, not a word; the extent starts at the first active frame all the same.
        extent = slice(int(where[0]), int(where[-1]) + 1)
        rows = {name: values[extent] for name, values in rows.items() if name != "level_db"}
        return cls(level_db=level[extent], active=active[extent], **rows)


def _customer_parts(clip: Clip) -> Iterator[NDArray[np.float32]]:
    """The customer's samples, span by span, the last MAX_SECONDS of them."""
    spans = clip.customer_segments if clip.customer_segments is not None else ((0.0, clip.seconds),)
    left = int(MAX_SECONDS * SAMPLE_RATE_HZ)
    kept: list[NDArray[np.float32]] = []
    for start_s, end_s in reversed(spans):
        samples = clip.samples[max(0, round(start_s * SAMPLE_RATE_HZ)) : round(end_s * SAMPLE_RATE_HZ)]
        samples = samples[max(0, samples.size - left) :]
        left -= samples.size
        kept.append(samples)
    yield from reversed(kept)


def _measure(samples: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    pitch = track_pitch(samples)
    frames = sliding_window_view(np.pad(samples.astype(np.float64), _WINDOW // 2), _WINDOW)[::_HOP]
    # Both count hops from sample 0; rounding may leave one frame over at the end.
    n_frames = min(len(frames), len(pitch.hz))
    frames = frames[:n_frames] - frames[:n_frames].mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    hz = np.fft.rfftfreq(_WINDOW, 1.0 / SAMPLE_RATE_HZ)
    low, high = (hz >= 50) & (hz < 1000), (hz >= 1000) & (hz <= _TOP_HZ)
    whole = (hz >= 50) & (hz <= _TOP_HZ)
    decibels = 10.0 * np.log10(power + _EPSILON)
    khz = hz[whole] / 1000.0
    centred = khz - khz.mean()
    # Not a BLAS product: its threads would spin on two busy cores for matrices as small as these.
    bands = np.log(np.einsum("fb,mb->fm", power, _mel_bands()) + _EPSILON)
    total = power[:, whole].sum(axis=1) + _EPSILON
    return {
        "hz": pitch.hz[:n_frames],
        "strength": pitch.strength[:n_frames],
        "level_db": 10.0 * np.log10(total),
        "alpha_db": 10.0 * np.log10((power[:, high].sum(axis=1) + _EPSILON) / (power[:, low].sum(axis=1) + _EPSILON)),
        "hammarberg_db": decibels[:, (hz >= 50) & (hz < 2000)].max(axis=1)
        - decibels[:, (hz >= 2000) & (hz <= _TOP_HZ)].max(axis=1),
        "tilt": np.einsum("fb,b->f", decibels[:, whole], centred) / (centred**2).sum(),
        "centroid_khz": np.einsum("fb,b->f", power[:, whole], khz) / total,
        "mfcc": dct(bands, type=2, norm="ortho", axis=1)[:, 1 : N_MFCC + 1],
    }


@cache
def _mel_bands() -> NDArray[np.float64]:
    """Triangles on the mel scale between 50 Hz and 5 kHz: shape (_N_BANDS, bins)."""
    hz = np.fft.rfftfreq(_WINDOW, 1.0 / SAMPLE_RATE_HZ)
    edges_mel = np.linspace(_mel(50.0), _mel(_TOP_HZ), _N_BANDS + 2)
    edges = 700.0 * (10.0 ** (edges_mel / 2595.0) - 1.0)
    rising = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    return np.asarray(np.clip(np.minimum(rising, falling), 0.0, None))


def _mel(hz: float) -> float:
    return float(2595.0 * np.log10(1.0 + hz / 700.0))
