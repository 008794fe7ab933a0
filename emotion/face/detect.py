"""Where the face is, whether it looks this way, and how many there are: OpenCV's cascades on a reduced picture."""

import math
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError

LOOKED_AT_SIDE: Final = 176
"""Longer side of the picture in which faces are looked for first, pixels: 8 ms of one core, 20 ms at 280. The window
of 24 pixels there is a face of a seventh of the picture's longer side."""
LOOKED_AGAIN_SIDE: Final = 304
"""The same for the second look, after the first found none: faces that are smaller still."""
ASIDE_SIDE: Final = 160
"""The same for heads turned aside, looked for last."""
_WINDOW: Final = 24
"""Side of what the cascades look at, pixels; they find nothing smaller."""
_STEP: Final = 1.15
_NEIGHBOURS: Final = 4
_EYES_WIDTH: Final = 112  # the eye cascade's window is 20 pixels; a fifth of a face's width must be more
_SECOND_FACE: Final = 0.35
"""A second face counts from this share of the first one's width on: a person beside, not a poster behind."""

_Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class FoundFace:
    """left, top, width: the square around the face, pixels of the whole picture.

    roll_deg: how far the line of the eyes is turned, clockwise positive; None without both eyes.
    yaw: how far the middle of the eyes lies beside the middle of the square, in widths; None without both eyes.
    """

    left: int
    top: int
    width: int
    roll_deg: float | None
    yaw: float | None


@dataclass(frozen=True)
class Looked:
    """faces: looking this way, largest first. aside: no face looks this way, but one is turned aside."""

    faces: tuple[FoundFace, ...]
    aside: bool = False


class Detector:
    """Viola and Jones' cascades as OpenCV ships them (Apache-2.0). Safe to share between threads.

    Source: P. Viola, M. Jones (2001), "Rapid object detection using a boosted cascade of simple features".
    """

    def __init__(self) -> None:
        import cv2

        cv2.setNumThreads(1)
        self._frontal = _cascade("haarcascade_frontalface_alt2.xml")
        self._profile = _cascade("haarcascade_profileface.xml")
        self._eye = _cascade("haarcascade_eye.xml")
        # A cascade keeps its working memory inside.
        self._lock = threading.Lock()

    def look(self, grey: _Grey) -> Looked:
        """grey: uint8 (height, width), any size."""
        with self._lock:
            boxes = self._boxes(self._frontal, grey, LOOKED_AT_SIDE)
            if not boxes:
                boxes = self._boxes(self._frontal, grey, LOOKED_AGAIN_SIDE)
            if not boxes:
                aside = any(self._boxes(self._profile, view, ASIDE_SIDE) for view in (grey, grey[:, ::-1]))
                return Looked((), aside=bool(aside))
            largest = boxes[0][2]
            kept = [box for box in boxes if box[2] >= _SECOND_FACE * largest]
            return Looked(tuple(self._with_eyes(grey, box) for box in kept))

    def _boxes(self, cascade: Any, grey: _Grey, side: int) -> list[tuple[int, int, int]]:
        """Squares (left, top, width) in the whole picture, largest first."""
        import cv2

        factor = min(1.0, side / max(grey.shape))
        if min(grey.shape) * factor < _WINDOW:
            return []
        small = np.ascontiguousarray(grey)
        if factor < 1.0:
            scaled = cv2.resize(small, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            small = np.asarray(scaled, dtype=np.uint8)
        found = cascade.detectMultiScale(small, _STEP, _NEIGHBOURS, minSize=(_WINDOW, _WINDOW))
        boxes = [(int(x / factor), int(y / factor), int(width / factor)) for x, y, width, _ in found]
        return sorted(boxes, key=lambda box: -box[2])

    def _with_eyes(self, grey: _Grey, box: tuple[int, int, int]) -> FoundFace:
        import cv2

        left, top, width = box
        face = grey[max(top, 0) : top + width, max(left, 0) : left + width]
        upper = face[round(0.15 * len(face)) : round(0.58 * len(face))]
        if min(upper.shape) < 8:
            return FoundFace(left, top, width, None, None)
        factor = _EYES_WIDTH / upper.shape[1]
        small = cv2.resize(upper, (_EYES_WIDTH, max(24, round(upper.shape[0] * factor))))
        found = self._eye.detectMultiScale(small, 1.12, 3, minSize=(20, 20), maxSize=(46, 46))
        centres = [((x + w / 2) / _EYES_WIDTH, (y + h / 2) / _EYES_WIDTH) for x, y, w, h in found]
        lefts = [centre for centre in centres if centre[0] < 0.5]
        rights = [centre for centre in centres if centre[0] >= 0.5]
        if len(lefts) != 1 or len(rights) != 1:
            return FoundFace(left, top, width, None, None)
        (x1, y1), (x2, y2) = lefts[0], rights[0]
        roll = math.degrees(math.atan2(y2 - y1, x2 - x1))
        if not 0.25 <= x2 - x1 <= 0.6 or abs(roll) > 30:
            return FoundFace(left, top, width, None, None)
        return FoundFace(left, top, width, roll, (x1 + x2) / 2 - 0.49)


def _cascade(name: str) -> Any:
    import cv2

    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / name))
    if cascade.empty():
        raise ModelError(f"OpenCV's {name} is missing; install opencv-contrib-python-headless below version 5.")
    return cascade
