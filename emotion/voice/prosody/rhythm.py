"""Syllables, pauses and runs of voice."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody.grid import HOP_S
from emotion.voice.prosody.peaks import find_peaks
from emotion.voice.prosody.record import Prosody

MIN_PAUSE_S: Final = 0.20
"""Shorter silences are closures of stops (Goldman-Eisler 1968 and De Jong & Bosker 2013 use .25)."""

_MODULATION_HZ: Final = (1.0, 3.0, 7.0, 14.0)
_DIP_DB: Final = 2.0  # De Jong & Wempe (2009): a nucleus stands 2 dB above the dips beside it
_NUCLEUS_DB: Final = 25.0  # … and within 25 dB of the loudest
_SMOOTHING: Final = np.hanning(9)[1:-1] / np.hanning(9).sum()
_MIN_DISTANCE: Final = 8  # 80 ms


@dataclass(frozen=True)
class Rhythm:
    """nuclei: frames of syllable nuclei. pauses, voices, gaps: seconds of each pause, each run of voice, each silence
    of the voice between two runs that is not a pause. speaking: true outside pauses, (n_frames,).
    """

    nuclei: NDArray[np.intp]
    pauses: NDArray[np.float64]
    voices: NDArray[np.float64]
    gaps: NDArray[np.float64]
    speaking: NDArray[np.bool_]


def find_rhythm(prosody: Prosody) -> Rhythm:
    """Nuclei: voiced peaks of loudness. Pauses: quiet and unvoiced for MIN_PAUSE_S at least."""
    smooth = np.convolve(prosody.level_db, _SMOOTHING, mode="same")
    peaks = find_peaks(smooth, height=-_NUCLEUS_DB, prominence=_DIP_DB, distance=_MIN_DISTANCE)
    near = np.convolve(prosody.voiced, np.ones(3), mode="same") > 0
    speaking = np.ones(len(prosody.hz), dtype=bool)
    pauses = []
    for start, end in zip(*_runs(~prosody.active & ~prosody.voiced), strict=True):
        if (end - start) * HOP_S >= MIN_PAUSE_S:
            speaking[start:end] = False
            pauses.append((end - start) * HOP_S)
    starts, ends = _runs(prosody.voiced)
    gaps = [
        (start - end) * HOP_S for end, start in zip(ends[:-1], starts[1:], strict=True) if speaking[end:start].all()
    ]
    return Rhythm(
        nuclei=peaks[near[peaks]],
        pauses=np.array(pauses, dtype=np.float64),
        voices=np.asarray((ends - starts) * HOP_S),
        gaps=np.array(gaps, dtype=np.float64),
        speaking=speaking,
    )


def modulation_shares(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the loudness contour's movement at 1–3, 3–7 and 7–14 Hz: shape (3,), summing to 1 at most."""
    contour = np.maximum(level, -32.0)
    n = max(256, len(contour))
    power = np.abs(np.fft.rfft((contour - contour.mean()) * np.hanning(len(contour)), n)) ** 2
    hz = np.fft.rfftfreq(n, HOP_S)
    whole = power[1:].sum() + 1e-12
    edges = pairwise(_MODULATION_HZ)
    return np.array([power[(hz >= low) & (hz < high)].sum() / whole for low, high in edges])


def _runs(flags: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First frame of each run of True and the frame after its last."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
