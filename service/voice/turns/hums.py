"""Whether a sound is a hum, such as "mm-hm": a closed mouth lets hardly any power above the first formant out."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ

_FRAME: Final = 512
_HOP: Final = 256
_LOW_HZ: Final = (80.0, 700.0)
_HIGH_HZ: Final = (900.0, 4000.0)
# On the tuning half of benchmarks.voice_clips hums of people and of flite lie under .0051, "no" and "hello" over .008.
_MOST_HIGH_SHARE: Final = 0.004
_LEAST_FRAMES: Final = 4


def is_hum(samples: NDArray[np.float32]) -> bool:
    """Whether nearly all of a sound's power is that of a closed mouth; False for less than 80 ms.

    samples: (n_samples,), float32 at 16 kHz.
    """
    return high_share(samples) < _MOST_HIGH_SHARE


def high_share(samples: NDArray[np.float32]) -> float:
    """The upper quartile, over the loud frames, of the share of power above 900 Hz; 1 for what is too short to say."""
    if samples.size < _FRAME + (_LEAST_FRAMES - 1) * _HOP:
        return 1.0
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    hz = np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE_HZ)
    low = power[:, (hz >= _LOW_HZ[0]) & (hz < _LOW_HZ[1])].sum(axis=1)
    high = power[:, (hz >= _HIGH_HZ[0]) & (hz < _HIGH_HZ[1])].sum(axis=1)
    total = low + high + 1e-9
    loud = total > total.max() / 30
    return float(np.quantile((high / total)[loud], 0.75))
