"""Pictures for tests: files in every format that is taken, and scenes with faces of FER2013 where they are at hand."""

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vocabulary import Frame

FACES = Path(__file__).resolve().parents[4] / "shared" / "data" / "faces" / "fer2013_validation.npz"

needs_faces = pytest.mark.skipif(not FACES.is_file(), reason="no ../shared/data/faces/fer2013_validation.npz")


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right, so that turning and mirroring show."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (width // 2, 0, width, height))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The file's bytes."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def fer_faces(count: int, label: str = "happiness") -> NDArray[np.uint8]:
    """Faces (count, 48, 48) of one label, frontal enough for the detector."""
    with np.load(FACES) as archive:
        chosen = archive["images"][archive["labels"] == label]
    return chosen[:count]


def scene(*faces: NDArray[np.uint8], side: int = 180, width: int = 640, height: int = 480) -> Frame:
    """Faces side by side, each `side` pixels wide, before a soft grey background."""
    rng = np.random.default_rng(3)
    ground = cv2.GaussianBlur((rng.random((height, width)) * 255).astype(np.uint8), (0, 0), 9)
    ground = cv2.normalize(ground, None, 60, 190, cv2.NORM_MINMAX)  # type: ignore[call-overload]
    for position, face in enumerate(faces, start=1):
        large = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)
        left, top = width * position // (len(faces) + 1) - side // 2, (height - side) // 2
        ground[top : top + side, left : left + side] = large
    return Frame(np.repeat(np.asarray(ground, dtype=np.uint8)[..., None], 3, axis=2))
