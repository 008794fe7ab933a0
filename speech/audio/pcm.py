"""16-bit sound, as lines, files and voices carry it, and the samples that everything else works with."""

import io
import wave
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FULL_SCALE: Final = 32768.0


def samples_of(pcm: bytes) -> NDArray[np.float32]:
    """16-bit little-endian mono sound as float32 in [-1, 1), (n_samples,). Half a sample at the end is left out."""
    samples: NDArray[np.float32] = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float32)
    return samples / np.float32(_FULL_SCALE)


def pcm_of(samples: NDArray[np.float32]) -> bytes:
    """float32 samples, (n_samples,), as 16-bit little-endian sound; what is beyond [-1, 1] is cut off."""
    pcm: bytes = (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
    return pcm


def wav_of(pcm: bytes, rate_hz: int) -> bytes:
    """16-bit little-endian mono sound as a WAV file."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm)
    return written.getvalue()
