"""One uninterrupted stretch of the customer's sound, measured block by block as it arrives."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody.grid import BLOCK, HOP, HOP_S, REACH, count_frames, frames_of
from emotion.voice.prosody.pitch import PitchFrames, pitch_frames
from emotion.voice.prosody.spectrum import SpectrumFrames, spectrum_frames

MAX_SECONDS: Final = 20.0
"""Only the end of a longer turn is measured: it is nearest to how the customer feels now."""

MAX_FRAMES: Final = round(MAX_SECONDS / HOP_S)

_MIN_SAMPLES: Final = 512  # shorter spans hold no whole window
_NEED: Final = (BLOCK - 1) * HOP + 2 * REACH  # samples of a block, windows of the outer frames included

_Frames = TypeVar("_Frames", PitchFrames, SpectrumFrames)


@dataclass(frozen=True)
class Measured:
    """Figures of n_frames frames. `samples` begin REACH before the centre of the first."""

    pitch: PitchFrames
    spectrum: SpectrumFrames
    samples: NDArray[np.float32]
    n_frames: int


class Span:
    """Feed sound, then close. Holds the samples and figures of the last `max_frames`, and less than a block beyond.

    max_frames: None keeps all.
    skipped_blocks: blocks of the span that nobody wants; the sound fed then begins REACH samples before the first
    frame that is wanted. Not safe to share between threads.
    """

    def __init__(self, *, max_frames: int | None = MAX_FRAMES, skipped_blocks: int = 0) -> None:
        self._max_frames = max_frames
        self._samples = np.zeros(0, dtype=np.float32)
        self._coming: list[NDArray[np.float32]] = []
        self._blocks: list[tuple[PitchFrames, SpectrumFrames]] = []
        self._first_block = skipped_blocks
        self._n_samples = max(0, skipped_blocks * BLOCK * HOP - REACH)

    def feed(self, samples: NDArray[np.float32]) -> None:
        """Take the next samples, float32 at 16 kHz, any number of them."""
        if not self._n_samples:
            # Beyond both ends the outermost sample goes on: an offset there makes no step.
            self._coming.append(np.repeat(samples[:1], REACH))
        self._n_samples += samples.size
        self._coming.append(samples)
        end = (self._first_block + len(self._blocks)) * BLOCK * HOP + _NEED - REACH
        if self._n_samples < end:
            return
        self._gather()
        while self._samples.size >= len(self._blocks) * BLOCK * HOP + _NEED:
            self._measure(BLOCK, (self._first_block + len(self._blocks) + 1) * BLOCK)

    def close(self) -> Measured | None:
        """The span's end; None where it is too short to hold a window."""
        if self._n_samples < _MIN_SAMPLES:
            return None
        self._gather()
        n_frames = count_frames(self._n_samples)
        self._samples = np.pad(self._samples, (0, REACH), mode="edge")
        while (left := n_frames - (self._first_block + len(self._blocks)) * BLOCK) > 0:
            self._measure(min(left, BLOCK), n_frames)
        n_frames -= self._first_block * BLOCK
        pitch, spectrum = zip(*self._blocks, strict=True)
        return Measured(_joined(pitch), _joined(spectrum), self._samples, n_frames)

    def _gather(self) -> None:
        self._samples = np.concatenate([self._samples, *self._coming])
        self._coming = []

    def _measure(self, count: int, n_frames: int) -> None:
        """The next `count` frames; n_frames are known to be in the span."""
        start = len(self._blocks) * BLOCK * HOP
        piece = self._samples[start : start + (count - 1) * HOP + 2 * REACH]
        frames = frames_of(piece)
        self._blocks.append((pitch_frames(frames), spectrum_frames(frames)))
        while self._max_frames is not None and n_frames - (self._first_block + 1) * BLOCK >= self._max_frames:
            self._first_block += 1
            self._blocks.pop(0)
            self._samples = self._samples[BLOCK * HOP :]


def _joined(parts: Sequence[_Frames]) -> _Frames:
    """The frames of all parts, one after the other."""
    return type(parts[0])(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(parts[0])}
    )
