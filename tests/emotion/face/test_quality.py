"""The gate: what cannot be read is refused with its reason, whatever the camera's brightness."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from emotion.face.detect import FoundFace
from emotion.face.quality import (
    BLURRED,
    NO_FACE,
    TOO_BRIGHT,
    TOO_DARK,
    TOO_SMALL,
    TURNED,
    judge,
    sharpness,
    why_nothing_is_seen,
)


def drawn(width: int = 160) -> NDArray[np.uint8]:
    """A drawing with a face's proportions: two eyes, brows, a nose and a mouth on a shaded oval."""
    face = np.full((160, 160), 90, dtype=np.uint8)
    cv2.ellipse(face, (80, 84), (62, 78), 0, 0, 360, 170, -1)
    for eye in (50, 110):
        cv2.ellipse(face, (eye, 62), (14, 7), 0, 0, 360, 235, -1)
        cv2.circle(face, (eye, 62), 5, 30, -1)
        cv2.line(face, (eye - 16, 46), (eye + 16, 44), 50, 4)
    cv2.line(face, (80, 70), (74, 100), 120, 3)
    cv2.ellipse(face, (80, 124), (26, 8), 0, 0, 180, 60, 5)
    return np.asarray(cv2.resize(face, (width, width), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def found(width: int = 160, yaw: float | None = 0.0) -> FoundFace:
    return FoundFace(0, 0, width, 0.0, yaw)


def test_a_clear_face_passes_with_full_weight() -> None:
    quality = judge(drawn(), found())
    assert quality.reason is None and quality.weight == pytest.approx(1.0)


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.0])
@pytest.mark.parametrize("offset", [0, 40])
def test_ordinary_light_does_not_matter(gain: float, offset: int) -> None:
    crop = np.clip(drawn().astype(float) * gain + offset, 0, 255).astype(np.uint8)
    assert judge(crop, found()).reason is None


@pytest.mark.parametrize(
    ("crop", "face", "reason"),
    [
        (drawn(28), found(28), TOO_SMALL),
        ((drawn() * 0.1).astype(np.uint8), found(), TOO_DARK),
        (np.clip(drawn().astype(int) * 4 + 60, 0, 255).astype(np.uint8), found(), TOO_BRIGHT),
        (np.asarray(cv2.GaussianBlur(drawn(), (0, 0), 14), dtype=np.uint8), found(), BLURRED),
        (drawn(), found(yaw=0.2), TURNED),
        (drawn(), found(yaw=-0.2), TURNED),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(crop: NDArray[np.uint8], face: FoundFace, reason: str) -> None:
    assert judge(crop, face).reason == reason


def test_without_both_eyes_the_pose_is_not_held_against_the_face() -> None:
    assert judge(drawn(), found(yaw=None)).reason is None


def test_more_blur_is_never_sharper_and_light_does_not_matter() -> None:
    small = drawn(48)
    values = [sharpness(np.asarray(cv2.GaussianBlur(small, (0, 0), blur), dtype=np.uint8)) for blur in (0.5, 1, 2, 4)]
    assert values == sorted(values, reverse=True)
    dim = (small * 0.5).astype(np.uint8)
    assert sharpness(dim) == pytest.approx(sharpness(small), rel=0.1)


@pytest.mark.parametrize(("value", "reason"), [(5, TOO_DARK), (255, TOO_BRIGHT), (120, NO_FACE)])
def test_an_empty_picture_says_why_nothing_is_seen(value: int, reason: str) -> None:
    assert why_nothing_is_seen(np.full((480, 640), value, dtype=np.uint8)) == reason
