"""The grid of frames: frame i is centred at i × 10 ms of its span of sound, and measured in blocks.

Blocks start at fixed places of the grid, so a clip measured at once and one that arrives in pieces go through the very
same arithmetic and give the very same numbers.
"""

from typing import Final

from vocabulary import SAMPLE_RATE_HZ

HOP_S: Final = 0.010
HOP: Final = int(HOP_S * SAMPLE_RATE_HZ)

BLOCK: Final = 56
"""Frames in a block. OpenBLAS keeps products of this size on one thread: below 2^18 multiplications for two matrices,
9,216 for a matrix and a vector."""

REACH: Final = 400
"""Samples that the widest window, 50 ms for pitch, takes on either side of its centre."""


def count_frames(n_samples: int) -> int:
    """Frames whose centre lies in the span."""
    return n_samples // HOP + 1 if n_samples else 0
