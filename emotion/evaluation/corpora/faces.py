"""FER2013: grey crops of faces, as an .npz file or as a folder for each class."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.folder import folder_corpus, label_of
from emotion.evaluation.corpora.item import Kind, Listing

CLASSES: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""The challenge's numbers 0 to 6. Source: I. J. Goodfellow et al. (2013), arXiv:1307.0414."""


@dataclass(frozen=True)
class Faces:
    """images: uint8 grey, shape (n, height, width), each one cropped face. truth: n class names."""

    images: NDArray[np.uint8]
    truth: tuple[str, ...]


def fer2013(path: Path) -> Faces | Listing:
    """An .npz with `images` (n, h, w) uint8 and `labels` (names, or the challenge's numbers), or class folders.

    Raises: EvaluationError.
    """
    if path.is_dir():
        listing = folder_corpus(path)
        if listing.kind is not Kind.IMAGE:
            raise EvaluationError(
                f"{path} holds {listing.kind.value} files; expected a folder of images for each class."
            )
        return Listing("fer2013", listing.kind, listing.items, listing.skipped)
    expected = "expected an .npz with `images` (n, height, width) uint8 and `labels` (n), or a folder for each class"
    try:
        with np.load(path, allow_pickle=False) as file:
            images, labels = file["images"], file["labels"]
    except FileNotFoundError:
        raise EvaluationError(f"{path} is missing; {expected}.") from None
    except (KeyError, ValueError, OSError) as error:
        raise EvaluationError(f"{path} cannot be read ({type(error).__name__}); {expected}.") from None
    if images.ndim != 3 or images.dtype != np.uint8 or labels.shape != images.shape[:1]:
        raise EvaluationError(
            f"{path} has images of shape {images.shape} and type {images.dtype}, "
            f"labels of shape {labels.shape}; {expected}."
        )
    if not len(images):
        raise EvaluationError(f"{path} holds no image; {expected}.")
    return Faces(images, _names(labels, path))


def _names(labels: NDArray[np.generic], path: Path) -> tuple[str, ...]:
    if labels.dtype.kind in "iu":
        numbers = [int(number) for number in labels.tolist()]
        wrong = sorted({number for number in numbers if not 0 <= number < len(CLASSES)})
        if wrong:
            raise EvaluationError(f"{path} has labels {wrong[:5]}; expected 0 ({CLASSES[0]}) to 6 ({CLASSES[-1]}).")
        return tuple(CLASSES[number] for number in numbers)
    return tuple(label_of(str(label)) for label in labels.tolist())
