"""A turn that is made up: words, something like a voice, and a drawn face, so that a bench needs no person's data."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ, Clip

_SENTENCES: Final = (
    "I have been waiting for my order since last Tuesday and nobody has told me why it is so late",
    "thank you so much for the quick help with the return yesterday that was really kind of you and your team",
    "the charger that you sent me does not fit my phone and this is the second time I have to write about",
    "could you please tell me whether the blue kettle is in stock again and how long the delivery would take to Bonn",
    "I am worried that the money was taken twice from my account because I can see two payments of the same amount",
)


def words(number: int) -> str:
    """Twenty words; different for each number, so that nothing is remembered from turn to turn."""
    said = _SENTENCES[number % len(_SENTENCES)].split()[:18]
    return " ".join([*said, "number", str(4_000 + number)])


def clip(number: int, *, seconds: float = 3.0) -> Clip:
    """A gliding buzz in syllables with breath in between: pitch, pauses and spectrum as a voice has them."""
    rng = np.random.default_rng(number)
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    hz = 140.0 + 50.0 * np.sin(2 * np.pi * 0.7 * t + number)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
    buzz = sum(np.sin(k * phase) / k for k in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * t) + 0.55, 0.0, 1.0)
    wave = buzz * syllables + 0.01 * rng.normal(size=t.size)
    return Clip((0.3 * wave / np.abs(wave).max()).astype(np.float32))


def face(number: int = 0, *, width: int = 640, height: int = 480, side: int = 220) -> NDArray[np.uint8]:
    """A drawn face on a grey ground, clear enough for a face detector: RGB uint8, shape (height, width, 3).

    side: of the square that it fills, px. number: of the noise in the picture.
    """
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x - width / 2) / (side / 2), (y - height / 2) / (side / 2)

    def blob(at_u: float, at_v: float, wide: float, high: float, amount: float) -> NDArray[np.float32]:
        return np.asarray(amount * np.exp(-(((u - at_u) / wide) ** 2 + ((v - at_v) / high) ** 2)), dtype=np.float32)

    head = _soft((np.sqrt((u / 0.82) ** 2 + (v / 1.08) ** 2) - 1) * 25)
    grey = 120 * (1 - head) + (185 + 25 * (1 - u**2) - 10 * v) * head
    hair = _soft((v + 0.78 + 0.25 * u**2) * 18) * head
    grey = grey * (1 - hair) + 50 * hair
    for left_or_right in (-1, 1):
        eye = left_or_right * 0.36
        grey -= blob(eye, -0.38, 0.24, 0.05, 70) + blob(eye, -0.20, 0.20, 0.10, 60) + blob(eye, -0.19, 0.07, 0.06, 70)
        grey -= blob(left_or_right * 0.10, 0.24, 0.06, 0.04, 50)
        grey += blob(left_or_right * 0.42, 0.22, 0.22, 0.20, 18)
    grey += blob(0, 0.0, 0.09, 0.28, 22) + blob(0, 0.68, 0.2, 0.05, 14)
    grey -= blob(0, 0.33, 0.18, 0.04, 18) + blob(0, 0.55, 0.30, 0.055, 75)
    grey += np.random.default_rng(number).normal(0, 3, grey.shape)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _soft(distance: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 inside, 0 outside, smooth at the edge."""
    return np.asarray(1 / (1 + np.exp(np.clip(distance, -60, 60))), dtype=np.float32)
