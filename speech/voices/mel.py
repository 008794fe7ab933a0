"""What the voice encoder hears: forty mel bands, 25 ms every 10 ms, of the stretches in which somebody speaks."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech.activity import speech_segments
from vocabulary import SAMPLE_RATE_HZ, Clip

BANDS: Final = 40
HOP: Final = 160
_WINDOW: Final = 400
# The encoder was trained at this level; it does not ignore loudness.
_LEVEL_DB = -30.0
# Pauses inside a stretch of speech say nothing about a voice: frames this far below the loud ones, but for 70 ms
# around sound, are left out.
_PAUSE_DB = 30.0
_AROUND = 15
_CHUNK = 4096


def spectrum(samples: NDArray[np.floating]) -> NDArray[np.float32]:
    """Power in mel bands, (1 + n_samples // 160, 40). Centred frames, periodic Hann window, zeros beyond the ends.

    Bands as Slaney's Auditory Toolbox has them (linear to 1 kHz, logarithmic above, each of unit area), not
    logarithmic: the encoder's own training used librosa's defaults. docs/decisions/0072 has the comparison.
    """
    padded = np.pad(np.asarray(samples, dtype=np.float64), _WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)
    parts = [
        np.abs(np.fft.rfft(frames[first : first + _CHUNK] * window, axis=1)) ** 2 @ _filters().T
        for first in range(0, len(frames), _CHUNK)
    ]
    return np.concatenate(parts).astype(np.float32)


def spoken_frames(clip: Clip, beside: NDArray[np.floating] | None = None) -> tuple[NDArray[np.float32], ...]:
    """The mel frames in which somebody speaks, (n, 40); with `beside`, (n_samples,), its value at each as well."""
    spans = [(round(a * SAMPLE_RATE_HZ), round(b * SAMPLE_RATE_HZ)) for a, b in speech_segments(clip)]
    speech = _cut(clip.samples, spans)
    level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64)))) if speech.size else 0.0
    if level == 0.0:
        nothing = np.zeros((0, BANDS), dtype=np.float32)
        return (nothing,) if beside is None else (nothing, np.zeros(0, dtype=np.float32))
    mel = spectrum(speech * (10 ** (_LEVEL_DB / 20) / level))
    level_db = 10 * np.log10(mel.sum(axis=1) + 1e-10)
    kept = np.convolve(level_db > np.percentile(level_db, 95) - _PAUSE_DB, np.ones(_AROUND), mode="same") > 0
    kept = kept[: len(mel)]
    if beside is None:
        return (mel[kept],)
    values = np.pad(_cut(beside, spans)[::HOP], (0, 1), mode="edge")[: len(mel)]
    return mel[kept], values[kept].astype(np.float32)


def _cut(samples: NDArray[np.floating], spans: list[tuple[int, int]]) -> NDArray[np.floating]:
    return np.concatenate([samples[start:stop] for start, stop in spans]) if spans else samples[:0]


@cache
def _filters() -> NDArray[np.float64]:
    """Triangles over 201 bins from 0 to 8 kHz, (40, 201).

    Source: M. Slaney 1998, "Auditory Toolbox", Interval Research 1998-010: 200/3 Hz a step up to 1 kHz, then 27
    steps for each factor of 6.4.
    """
    edges = _hz(np.linspace(0.0, _mel(8000.0), BANDS + 2))
    bins = np.linspace(0.0, SAMPLE_RATE_HZ / 2, _WINDOW // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None])


def _mel(hz: float) -> float:
    return 15.0 + 27.0 * float(np.log(hz / 1000.0) / np.log(6.4)) if hz >= 1000.0 else hz * 3.0 / 200.0


def _hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mels < 15.0, mels * 200.0 / 3.0, 1000.0 * 6.4 ** ((mels - 15.0) / 27.0))
