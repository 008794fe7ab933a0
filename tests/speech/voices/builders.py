"""Sound for tests about voices."""

import io

import numpy as np
import soundfile
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ, Clip


def tone(seconds: float, *, hz: float = 200.0, level: float = 0.2) -> NDArray[np.float32]:
    """A sine, (n_samples,)."""
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (level * np.sin(2 * np.pi * hz * times)).astype(np.float32)


def voice_like(seconds: float, *, pitch_hz: float = 120.0) -> NDArray[np.float32]:
    """Harmonics that glide and swell: passes for a voice."""
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    phase = pitch_hz * times + 3 * np.sin(2.1 * times)
    sound = sum(np.sin(2 * np.pi * k * phase) / k for k in range(1, 14))
    return (0.1 * sound * (0.6 + 0.4 * np.sin(9 * times))).astype(np.float32)


def clip(*parts: NDArray[np.float32]) -> Clip:
    return Clip(np.concatenate(parts).astype(np.float32))


def wav(*channels: NDArray[np.float32]) -> bytes:
    """A file of these channels."""
    target = io.BytesIO()
    soundfile.write(target, np.stack(channels, axis=1), SAMPLE_RATE_HZ, format="WAV", subtype="FLOAT")
    return target.getvalue()
