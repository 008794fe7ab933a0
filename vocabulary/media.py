"""Sound that lives for one turn."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 16_000
"""The only sample rate inside the product; `speech` resamples at the door."""

ANOTHER_VOICE: Final = "another voice was heard"
"""Why the voice is absent in a turn, when somebody else may speak in the clip and nobody can say where."""


class ClipError(ValueError):
    """A clip breaks its own contract (shape, type, range or rate)."""

    code = "clip_invalid"
    retryable = False


class FrameError(ValueError):
    """An image breaks its own contract (shape or type)."""

    code = "frame_invalid"
    retryable = False


@dataclass(frozen=True, eq=False)
class Frame:
    """One image of the customer's camera.

    pixels: uint8 RGB, shape (height, width, 3), both sides at least 1.
    Raises: FrameError.
    """

    pixels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise FrameError(
                f"pixels of shape {self.pixels.shape} and type {self.pixels.dtype}; "
                "expected uint8 of shape (height, width, 3). Decode with emotion.decode_frame()."
            )
        if not self.pixels.size:
            raise FrameError(f"an image of shape {self.pixels.shape} is empty; expected at least one pixel.")


@dataclass(frozen=True, eq=False)
class Clip:
    """One utterance.

    samples: float32 mono in [-1, 1], finite, shape (n_samples,).
    sample_rate_hz: 16000.
    customer_segments: (start_s, end_s) spans in which the customer speaks; None means the whole clip.
    Raises: ClipError.
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int = SAMPLE_RATE_HZ
    customer_segments: tuple[tuple[float, float], ...] | None = None

    def __post_init__(self) -> None:
        if self.sample_rate_hz != SAMPLE_RATE_HZ:
            raise ClipError(
                f"sample rate {self.sample_rate_hz} Hz; expected {SAMPLE_RATE_HZ}. "
                "Decode with speech.decode(), which resamples."
            )
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ClipError(
                f"samples of shape {self.samples.shape} and type {self.samples.dtype}; "
                "expected one channel of float32. Decode with speech.decode()."
            )
        if self.samples.size and not np.isfinite(self.samples).all():
            raise ClipError("samples contain NaN or infinity; expected finite values in [-1, 1].")

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.samples.size / self.sample_rate_hz
