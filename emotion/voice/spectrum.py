"""The mel spectrum of a clip as the network takes it."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

N_BANDS: Final = 24
MOST_FRAMES: Final = 1_000
"""The last ten seconds: more would cost time and tell no more."""

_SCALE_DB: Final = 12.0


def spectrum_input(bands_db: NDArray[Any], usual_db: NDArray[Any]) -> NDArray[np.float32]:
    """Against the clip's own mean, which no microphone changes, and against what is usual for the voice.

    bands_db: (n_frames, N_BANDS). usual_db: (N_BANDS,). Result: (2, at most MOST_FRAMES, N_BANDS).
    """
    bands = bands_db[-MOST_FRAMES:]
    return np.stack([bands - bands.mean(axis=0), bands - usual_db]).astype(np.float32) / np.float32(_SCALE_DB)
