"""Whether a face can be read at all: size, sharpness, light, and whether it looks this way."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.face.crop import network_input
from emotion.face.detect import FoundFace

TOO_SMALL: Final = "the face is too small in the picture"
TOO_DARK: Final = "the picture is too dark"
TOO_BRIGHT: Final = "the picture is overexposed"
BLURRED: Final = "the picture is blurred"
TURNED: Final = "the face is turned away"
NO_FACE: Final = "no face was found"
SEVERAL_FACES: Final = "more than one face is in the picture"

# Accuracy on 1,200 pictures of FER2013's validation file, .62 as they are: docs/decisions/0088-face.md.
SMALLEST_FACE: Final = 32
"""Width in pixels: .61 there, .58 at 24, .50 at 16."""
_DARK_MEAN: Final = 20.0  # .55 at a mean of 28, .31 at 14
_DARK_SPREAD: Final = 9.0
_BRIGHT_VALUE: Final = 250
_BRIGHT_SHARE: Final = 0.45
_TURNED_SHARE: Final = 0.12
_SHARP_ENOUGH: Final = 0.08  # .40 there, .47 at .10, .57 at .18
_WHOLLY_SHARP: Final = 0.25


@dataclass(frozen=True)
class Quality:
    """reason: why the face cannot be read, or None. weight: how much it counts beside other pictures, (0, 1]."""

    reason: str | None
    weight: float = 1.0


def judge(crop: NDArray[np.uint8], face: FoundFace) -> Quality:
    """crop: uint8 (width, width), the face's square at its own size."""
    if face.width < SMALLEST_FACE:
        return Quality(TOO_SMALL)
    small = network_input(crop)
    # Hair and background at the rim may be as dark or bright as they like.
    inner = small[8:44, 8:40].astype(np.float64)
    if inner.mean() < _DARK_MEAN or (inner.std() < _DARK_SPREAD and inner.mean() < 128):
        return Quality(TOO_DARK)
    if (inner >= _BRIGHT_VALUE).mean() > _BRIGHT_SHARE or inner.std() < _DARK_SPREAD:
        return Quality(TOO_BRIGHT)
    sharp = sharpness(small)
    if sharp < _SHARP_ENOUGH:
        return Quality(BLURRED)
    if face.yaw is not None and abs(face.yaw) > _TURNED_SHARE:
        return Quality(TURNED)
    size = min(1.0, face.width / (2 * SMALLEST_FACE))
    return Quality(None, size * min(1.0, sharp / _WHOLLY_SHARP))


def why_nothing_is_seen(grey: NDArray[np.uint8]) -> str:
    """Why no face was found in a whole picture, uint8 (height, width): its light, or nobody is there."""
    values = grey[:: max(1, grey.shape[0] // 96), :: max(1, grey.shape[1] // 96)].astype(np.float64)
    if values.mean() < _DARK_MEAN:
        return TOO_DARK
    return TOO_BRIGHT if (values >= _BRIGHT_VALUE).mean() > 2 * _BRIGHT_SHARE else NO_FACE


def sharpness(small: NDArray[np.uint8]) -> float:
    """Share of the face's contrast that lies in fine detail; brightness and contrast themselves do not matter.

    small: uint8 (48, 48). The deviation of the picture less itself smoothed over 5 × 5 pixels, by the whole deviation.
    """
    import cv2

    values = small.astype(np.float32)
    fine = values - cv2.blur(values, (5, 5))
    return float(fine[4:44, 4:44].std() / max(float(values[4:44, 4:44].std()), 1.0))
