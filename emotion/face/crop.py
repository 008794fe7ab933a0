"""The part of a picture that the networks see: the face as FER2013 frames it, upright."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.face.detect import FoundFace

SIDE: Final = 48
_UPRIGHT_WITHIN_DEG: Final = 6.0  # the eye detector's own spread on upright faces is 5.5


def crop_face(grey: NDArray[np.uint8], face: FoundFace) -> NDArray[np.uint8]:
    """The face's square at its own size, turned upright where both eyes were found: uint8 (width, width).

    FER2013's pictures are what OpenCV's frontal cascade marks: on 450 of its training pictures the marked square is
    the whole picture, give or take 4 of 48 pixels, with the eyes at (14, 19) and (33, 18).
    """
    import cv2

    roll = face.roll_deg if face.roll_deg is not None and abs(face.roll_deg) > _UPRIGHT_WITHIN_DEG else 0.0
    centre = (face.left + face.width / 2 - 0.5, face.top + face.width / 2 - 0.5)
    turn = np.array(cv2.getRotationMatrix2D(centre, roll, 1.0), dtype=np.float64)
    turn[:, 2] += np.array([face.width / 2 - 0.5 - place for place in centre])
    seen = cv2.warpAffine(grey, turn, (face.width,) * 2, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.uint8)


def network_input(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A square crop of any size as uint8 (48, 48)."""
    import cv2

    shrinks = len(crop) > SIDE
    scaled = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(scaled, dtype=np.uint8)
