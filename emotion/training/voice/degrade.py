"""What microphones, lines and rooms do to a voice: training hears it, so that it is not taken for feeling."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from vocabulary import SAMPLE_RATE_HZ

Samples = NDArray[np.float64]
Degradation = Callable[[Samples, np.random.Generator], Samples]

_LINE: Final = butter(4, [300, 3400], "bandpass", fs=SAMPLE_RATE_HZ, output="sos")


def add_noise(samples: Samples, rng: np.random.Generator, *, snr_db: float) -> Samples:
    """White or reddish noise at a signal-to-noise ratio."""
    noise = rng.normal(size=samples.size)
    if rng.random() < 0.5:
        noise = lfilter([1.0], [1.0, -0.9], noise)
    gain = np.sqrt((samples**2).mean() / (noise**2).mean() * 10.0 ** (-snr_db / 10.0))
    return np.asarray(samples + gain * noise)


def noisy_room(samples: Samples, rng: np.random.Generator) -> Samples:
    """12 to 30 dB above the noise."""
    return add_noise(samples, rng, snr_db=rng.uniform(12.0, 30.0))


def telephone(samples: Samples, rng: np.random.Generator) -> Samples:
    """300 to 3,400 Hz and a quiet line."""
    return add_noise(np.asarray(sosfilt(_LINE, samples)), rng, snr_db=35.0)


def other_microphone(samples: Samples, rng: np.random.Generator) -> Samples:
    """A gentle tilt of the spectrum, up or down."""
    return add_noise(np.asarray(lfilter([1.0, rng.uniform(-0.5, 0.5)], [1.0], samples)), rng, snr_db=40.0)


DEGRADATIONS: Final[Mapping[str, Degradation]] = {
    "noisy room": noisy_room,
    "telephone": telephone,
    "other microphone": other_microphone,
}
