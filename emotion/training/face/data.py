"""Face pictures to learn from: FER2013's published arrays, the muxspace crops, and splits that do not leak."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from vocabulary import LABELS

SIDE: Final = 48
"""Height and width of a FER2013 picture, pixels."""

FER_ORDER: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""What the numbers 0 to 6 mean in FER2013 as published (there: angry, disgust, fear, happy, sad, surprise, neutral)."""

HELD_OUT_SEED: Final = 2013
SAME_PICTURE: Final = 0.88
"""Correlation of two pictures above which they count as one, whichever way round: of 70 nearest pairs looked at, all
above it show one photograph (cropped or stamped otherwise), and half of those between .86 and .88."""

_ALIASES: Final = {"angry": "anger", "happy": "happiness", "sad": "sadness", "fearful": "fear", "surprised": "surprise"}


@dataclass(frozen=True)
class Faces:
    """pixels: uint8 (n, 48, 48), grey. labels: int64 (n,), positions in LABELS."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[Any]) -> "Faces":
        """The rows at these positions, or where this mask is true."""
        return Faces(self.pixels[rows], self.labels[rows])

    @classmethod
    def join(cls, *parts: "Faces") -> "Faces":
        return cls(np.concatenate([p.pixels for p in parts]), np.concatenate([p.labels for p in parts]))


def read_npz(path: Path) -> Faces:
    """An archive of `images` (n, side, side) and `labels` (names, or FER2013's numbers). Raises: TrainingError.

    Other labels than the seven (contempt) are left out; other sizes are scaled to 48 × 48.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            images, labels = archive["images"], archive["labels"]
    except FileNotFoundError:
        raise TrainingError(f"{path} does not exist; expected an .npz with images and labels.") from None
    except (KeyError, ValueError, OSError, EOFError) as error:
        raise TrainingError(f"{path} is no .npz with images and labels ({type(error).__name__}).") from None
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or len(images) != len(labels) or not len(images):
        raise TrainingError(f"{path}: images {images.shape} and labels {labels.shape}; expected (n, h, w) and (n,).")
    positions = np.array([label_position(label) for label in labels.tolist()])
    known = positions >= 0
    return Faces(_to_side(_to_uint8(images[known])), positions[known].astype(np.int64))


def label_position(label: str | int) -> int:
    """Where a corpus's label stands in LABELS; -1 if it is none of the seven.

    >>> label_position("happy"), label_position(4), label_position("contempt")
    (3, 4, -1)
    """
    if isinstance(label, int):
        return LABELS.index(FER_ORDER[label]) if 0 <= label < len(FER_ORDER) else -1
    name = label.strip().lower()
    name = _ALIASES.get(name, name)
    return LABELS.index(name) if name in LABELS else -1


def hold_out_fifth(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows of FER2013's training file are never learnt from nor looked at for choosing: a fifth of each label."""
    generator = np.random.default_rng(HELD_OUT_SEED)
    held = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        held[generator.permutation(rows)[: round(len(rows) / 5)]] = True
    return held


def without_copies(train: Faces, *measured: Faces) -> tuple[Faces, int]:
    """The training rows whose picture is in none of the measured sets, and how many were left out.

    FER2013 holds many photographs two or three times, also across its parts. Compared by correlation, mirrored as
    well; a picture without any contrast equals nothing.
    """
    own = _unit(train.pixels)
    keep = np.ones(len(train), dtype=bool)
    for faces in measured:
        for start in range(0, len(faces), 1024):
            part = faces.pixels[start : start + 1024]
            for view in (part, part[:, :, ::-1]):
                keep &= (own @ _unit(view).T).max(axis=1) < SAME_PICTURE
    return train.take(keep), int((~keep).sum())


def with_rare_repeated(faces: Faces, *, times: int = 4) -> Faces:
    """The pictures of the rarest label that many times: one in 66 is too few to be learnt at all."""
    counts = np.bincount(faces.labels, minlength=len(LABELS))
    rare = faces.take(faces.labels == counts.argmin())
    return Faces.join(faces, *[rare] * (times - 1))


def _unit(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    flat = pixels.reshape(len(pixels), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-3))


def _to_uint8(images: NDArray[Any]) -> NDArray[np.uint8]:
    if images.dtype == np.uint8:
        return images
    scaled = images.astype(np.float32) * (255.0 if float(images.max(initial=0)) <= 1.0 else 1.0)
    return np.asarray(np.clip(np.rint(scaled), 0, 255), dtype=np.uint8)


def _to_side(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if images.shape[1:] == (SIDE, SIDE):
        return images
    import cv2

    return np.stack([cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for image in images])
