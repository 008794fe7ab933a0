"""What a clip is reduced to before any model sees it: figures of its prosody and its spectrum, gain taken out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody import Prosody, summarise
from vocabulary import Absent, Clip

TOO_SHORT: Final = "less than half a second of voice"


@dataclass(frozen=True, eq=False)
class Measured:
    """figures: float32, shape (len(NAMES),), in the order of emotion.voice.prosody.NAMES.

    bands_db: 24 mel bands, 50 Hz–5 kHz, every 10 ms, dB below the clip's own loud frames; float32, (n_frames, 24).
    loudness_dbfs: the loud frames themselves, dB of full scale; no model sees it, a baseline may compare it.
    """

    figures: NDArray[np.float32]
    bands_db: NDArray[np.float32]
    loudness_dbfs: float


def measure_clip(clip: Clip) -> Measured | Absent:
    """Measure the customer's part of a clip; Absent with less than half a second of voice."""
    prosody = Prosody.of(clip)
    figures = summarise(prosody) if prosody else None
    if prosody is None or figures is None:
        return Absent(TOO_SHORT)
    bands = prosody.bands_db - np.percentile(prosody.bands_db.mean(axis=1), 95)
    return Measured(figures, np.clip(bands, -60.0, 40.0).astype(np.float32), prosody.reference_dbfs)
