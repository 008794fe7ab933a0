"""The grid of frames: frame i is centred at i × 10 ms of its span of sound, and measured in blocks.

Blocks start at fixed places of the grid, so a clip measured at once and one that arrives in pieces go through the very
same arithmetic and give the very same numbers.
"""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ

HOP_S: Final = 0.010
HOP: Final = int(HOP_S * SAMPLE_RATE_HZ)

BLOCK: Final = 112
"""Frames in a block: many enough that numpy's calls cost little beside the work, few enough for the cache."""

REACH: Final = 400
"""Samples that the widest window, 50 ms for pitch, takes on either side of its centre."""


def frames_of(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """A view of whole windows, (n_frames, 2 × REACH); frame i is centred at REACH + i × HOP of `samples`."""
    return sliding_window_view(samples, 2 * REACH)[::HOP]


def count_frames(n_samples: int) -> int:
    """Frames whose centre lies in the span."""
    return n_samples // HOP + 1 if n_samples else 0
