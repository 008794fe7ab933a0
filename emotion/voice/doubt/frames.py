"""A clip as the doubt looks at it: brought to 8 kHz, in frames of 32 ms every 10 ms, silence left out.

At 8 kHz a telephone, an old codec and a good microphone carry the same band, so its width tells nothing.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from vocabulary import SAMPLE_RATE_HZ, Clip

Array = NDArray[np.float64]

RATE_HZ: Final = 8_000
HOP: Final = 80
WIDTH: Final = 400
"""50 ms: three cycles of the lowest voices."""
LOW_HZ: Final = 150.0
HIGH_HZ: Final = 3_600.0
MAX_SECONDS: Final = 8.0
MIN_ACTIVE_S: Final = 0.5

_ACTIVE_DB: Final = 25.0
_TRANSITION_HZ: Final = 100.0


@dataclass(frozen=True, eq=False)
class Frames:
    """samples: the sound at 8 kHz within LOW_HZ and HIGH_HZ, unit power where active, (n_samples,).

    windows: its windows, (n, WIDTH). level_db: their power against the loud ones, (n,). active: louder than a pause,
    and of one stretch of the clip, (n,). joined: follows the frame before it, (n,). sizes: samples of each
    stretch, in their order.
    """

    samples: Array
    windows: Array
    level_db: Array
    active: NDArray[np.bool_]
    joined: NDArray[np.bool_]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, clip: Clip) -> Self | None:
        """The customer's part of a clip, its last MAX_SECONDS; None with less than MIN_ACTIVE_S of sound in it."""
        pieces = [piece for piece in _pieces(clip) if piece.size >= 2 * WIDTH * SAMPLE_RATE_HZ // RATE_HZ]
        if not pieces:
            return None
        narrow = [_narrowed(piece.astype(np.float64)) for piece in pieces]
        windows = np.concatenate([sliding_window_view(piece, WIDTH)[::HOP] for piece in narrow])
        joined = np.concatenate([np.arange((piece.size - WIDTH) // HOP + 1) > 0 for piece in narrow])
        power = (windows**2).mean(axis=1)
        loud = float(np.quantile(power, 0.95))
        if not loud > 1e-12:
            return None
        level = 10.0 * np.log10(power / loud + 1e-9)
        active = level > -_ACTIVE_DB
        if active.sum() * HOP < MIN_ACTIVE_S * RATE_HZ:
            return None
        scale = 1.0 / np.sqrt(power[active].mean())
        return cls(
            np.concatenate(narrow) * scale,
            windows * scale,
            level,
            active,
            joined,
            tuple(piece.size for piece in narrow),
        )


def band(samples: Array, low_hz: float, high_hz: float, rate_hz: int = RATE_HZ) -> Array:
    """The sound between two frequencies, with soft edges and no delay."""
    size = next_fast_len(samples.size, real=True)
    spectrum = rfft(samples, size)
    hz = np.arange(spectrum.size) * rate_hz / size
    rising = np.clip((hz - low_hz) / _TRANSITION_HZ + 0.5, 0.0, 1.0)
    falling = np.clip((high_hz - hz) / _TRANSITION_HZ + 0.5, 0.0, 1.0)
    return np.asarray(irfft(spectrum * rising * falling, size)[: samples.size])


def _narrowed(samples: Array) -> Array:
    """Every second sample of what lies in the band: 16 kHz to 8 kHz."""
    return band(samples - samples.mean(), LOW_HZ, HIGH_HZ, SAMPLE_RATE_HZ)[:: SAMPLE_RATE_HZ // RATE_HZ]


def _pieces(clip: Clip) -> list[NDArray[np.float32]]:
    """The customer's spans, the last MAX_SECONDS of them, oldest first."""
    spans = clip.customer_segments if clip.customer_segments is not None else ((0.0, clip.seconds),)
    left = round(MAX_SECONDS * SAMPLE_RATE_HZ)
    found: list[NDArray[np.float32]] = []
    for start_s, end_s in reversed(spans):
        start, end = max(0, round(start_s * SAMPLE_RATE_HZ)), max(0, round(end_s * SAMPLE_RATE_HZ))
        piece = clip.samples[max(start, end - left) : end]
        left -= piece.size
        found.append(piece)
        if left <= 0:
            break
    return found[::-1]
