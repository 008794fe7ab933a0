"""The simple signs that the encoder is measured against: jumps of pitch and of level."""

import numpy as np
from numpy.typing import NDArray

from speech.activity import speech_segments
from vocabulary import SAMPLE_RATE_HZ, Clip

_FRAME = 640
_LOWEST_HZ, _HIGHEST_HZ = 70, 400
_SIDE = 60


def pitch_jump(clip: Clip) -> float:
    """Largest difference in octaves between the median pitch of 1.2 voiced seconds before and after a moment."""
    pitches = []
    for frame in _frames(clip):
        centred = frame - frame.mean()
        spectrum = np.abs(np.fft.rfft(centred * np.hanning(_FRAME), 2 * _FRAME)) ** 2
        correlation = np.fft.irfft(spectrum)[:_FRAME]
        low, high = SAMPLE_RATE_HZ // _HIGHEST_HZ, SAMPLE_RATE_HZ // _LOWEST_HZ
        best = low + int(correlation[low:high].argmax())
        if correlation[best] > 0.5 * correlation[0]:
            pitches.append(float(np.log2(SAMPLE_RATE_HZ / best)))
    return _largest_jump(np.asarray(pitches))


def level_jump(clip: Clip) -> float:
    """The same of the level, in dB."""
    return _largest_jump(np.asarray([10 * np.log10(np.mean(frame**2) + 1e-10) for frame in _frames(clip)]))


def _frames(clip: Clip) -> NDArray[np.float64]:
    spans = [clip.samples[round(a * SAMPLE_RATE_HZ) : round(b * SAMPLE_RATE_HZ)] for a, b in speech_segments(clip)]
    samples = np.concatenate(spans) if spans else np.zeros(0, dtype=np.float32)
    count = samples.size // (_FRAME // 2) - 1
    if count < 1:
        return np.zeros((0, _FRAME))
    return np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), _FRAME)[:: _FRAME // 2]


def _largest_jump(values: NDArray[np.float64]) -> float:
    jumps = [
        abs(float(np.median(values[max(0, k - _SIDE) : k]) - np.median(values[k : k + _SIDE])))
        for k in range(_SIDE // 2, len(values) - _SIDE // 2, 5)
    ]
    return max(jumps, default=0.0)
