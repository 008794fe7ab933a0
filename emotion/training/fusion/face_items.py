"""Held-out faces: FER2013's validation file fits, the untouched fifth of its training file reports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.face.affect import valence_arousal
from emotion.face.engines import OwnNetwork
from emotion.training.face.data import Faces, hold_out_fifth, read_npz
from emotion.training.fusion.held_out import CLEAN, NOISY, HeldOut, HeldOutItem, item, read_or_score
from vocabulary import LABELS, Modality, ModalityScore

_PER_LABEL: Final = 200
"""Most faces of one label in a half."""

_BLUR_PIXELS: Final = 1.5
_NOISE_GREY: Final = 20.0


def face_items(data: Path, model_dir: Path, cache: Path) -> HeldOut:
    """Crops straight through the network, as the corpus has no whole pictures. Raises: TrainingError, ModelError."""
    network = OwnNetwork(model_dir)
    folder = data / "faces"

    def fit() -> Iterator[HeldOutItem]:
        return _score(read_npz(folder / "fer2013_validation.npz"), network)

    def report() -> Iterator[HeldOutItem]:
        train = read_npz(folder / "fer2013_train.npz")
        return _score(train.take(hold_out_fifth(train.labels)), network)

    return HeldOut(
        Modality.FACE,
        read_or_score(cache, ["face 1 fit", model_dir], fit),
        read_or_score(cache, ["face 1 report", model_dir], report),
        "FER2013, validation file to fit, the untouched fifth of the training file to report",
    )


def _score(faces: Faces, network: OwnNetwork) -> Iterator[HeldOutItem]:
    rng = np.random.default_rng(13)
    for position, label in enumerate(LABELS):
        rows = rng.permutation(np.flatnonzero(faces.labels == position))[:_PER_LABEL]
        if not rows.size:
            continue
        pixels = faces.pixels[rows]
        clean, noisy = network.probabilities(pixels), network.probabilities(spoil(pixels, rng))
        for good, bad in zip(clean, noisy, strict=True):
            yield item(label, {CLEAN: _reading(good), NOISY: _reading(bad)})


def spoil(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Out of focus and grainy, as a cheap camera in the evening. pixels: (n, side, side)."""
    import cv2

    blurred = np.stack([cv2.GaussianBlur(one, (0, 0), _BLUR_PIXELS) for one in pixels]).astype(np.float64)
    return np.asarray(np.clip(blurred + rng.normal(scale=_NOISE_GREY, size=blurred.shape), 0, 255), dtype=np.uint8)


def _reading(probabilities: NDArray[np.float64]) -> ModalityScore:
    valence, arousal = valence_arousal(probabilities)
    shares = probabilities / probabilities.sum()
    return ModalityScore(
        Modality.FACE,
        tuple(float(value) for value in shares),
        confidence=float(shares.max()),
        arousal=arousal,
        valence=valence,
    )
