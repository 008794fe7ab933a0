"""What the processing of the clips gives away about the emotion: it must not be what a model learns.

Both folders of Emo-DB have been processed upstream: length, padding and the band above 7 kHz tell them apart.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt
from scipy.signal.windows import tukey

from emotion.training.voice.corpus import read_clip
from vocabulary import SAMPLE_RATE_HZ

WINDOW_S: Final = 1.0
"""Common window: what is left of the shortest clips when silence is cut off."""

_HEARD_HZ: Final = 5_000.0  # no figure and no band reaches above it
_SILENT: Final = 1e-4  # of the peak: digital silence


def probe_files(paths: Sequence[Path], labels: NDArray[np.str_], speakers: NDArray[np.str_]) -> float:
    """UAR of a linear probe on the files' length, padding and share above 7 kHz, one speaker left out at a time."""
    return _probe([artefacts(read_clip(path).samples.astype(np.float64)) for path in paths], labels, speakers)


def probe_heard(paths: Sequence[Path], labels: NDArray[np.str_], speakers: NDArray[np.str_]) -> float:
    """The same on what reaches a model: silence cut off, a common window, nothing above 5 kHz."""
    return _probe([artefacts(_heard(read_clip(path).samples.astype(np.float64))) for path in paths], labels, speakers)


def artefacts(samples: NDArray[np.float64]) -> list[float]:
    """Seconds, silent seconds before and after, and the share of energy above 7 kHz as a power of ten."""
    loud = np.flatnonzero(np.abs(samples) > _SILENT * np.abs(samples).max())
    first, last = (loud[0], loud[-1]) if loud.size else (0, samples.size)
    power = np.abs(np.fft.rfft(samples)) ** 2
    above = np.fft.rfftfreq(samples.size, 1.0 / SAMPLE_RATE_HZ) > 7_000
    # Less than a hundred millionth is nothing: the files have 16 bits.
    share = np.log10(power[above].sum() / max(power.sum(), 1e-12) + 1e-8)
    # To the frame of 10 ms and the tenth of a decibel: finer than that nothing is measured.
    return [
        *(round(float(count) / SAMPLE_RATE_HZ, 2) for count in (samples.size, first, samples.size - last)),
        round(float(share), 2),
    ]


def _heard(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    low = sosfiltfilt(butter(12, _HEARD_HZ, fs=SAMPLE_RATE_HZ, output="sos"), samples)
    loud = np.flatnonzero(np.abs(low) > 0.03 * np.abs(low).max())
    size = int(WINDOW_S * SAMPLE_RATE_HZ)
    middle = (int(loud[0]) + int(loud[-1])) // 2 if loud.size else low.size // 2
    start = max(0, min(middle - size // 2, low.size - size))
    piece = low[start : start + size]
    # The cut itself puts nothing into the upper band when its edges fade; 20 ms of fade are no silence.
    return np.asarray(piece * tukey(piece.size, 0.04))


def _probe(rows: list[list[float]], labels: NDArray[np.str_], speakers: NDArray[np.str_]) -> float:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import recall_score
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    probe = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    truth = np.where(labels == "boredom", "neutral", labels)
    guess = cross_val_predict(probe, np.array(rows), truth, groups=speakers, cv=LeaveOneGroupOut())
    return float(recall_score(truth, guess, average="macro"))
