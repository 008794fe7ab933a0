"""A face scorer on pictures: FER2013's crops straight through its network, photographs through the whole scorer."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.faces import Faces
from emotion.evaluation.corpora.item import Listing, Skipped
from emotion.evaluation.one_by_one import evaluate_items
from emotion.evaluation.result import Evaluation, Progress, Scored, evaluation_of, silent
from emotion.face.crop import network_input
from emotion.face.decode import decode_frame
from vocabulary import LABELS, Absent, Frame, FrameError, ModalityScore

TRAINING_ROWS: Final = 28_709
"""Pictures of FER2013's published training part: such a file was learnt from, but for its untouched fifth."""

_BATCH: Final = 256


class ReadsFaces(Protocol):
    """A network over cropped faces: uint8 (n, 48, 48) → (n, 7) in the order of LABELS."""

    def probabilities(self, faces: NDArray[np.uint8]) -> NDArray[np.float64]: ...


class ScoresFrames(Protocol):
    """The whole face scorer: finding the face, judging the picture, reading it."""

    def score(self, frames: Sequence[Frame]) -> ModalityScore | Absent: ...


def evaluate_faces(
    corpus: Faces | Listing, network: ReadsFaces, *, model: str, progress: Progress = silent
) -> Evaluation:
    """FER2013's crops, without looking for a face in them. Of the training file only the untouched fifth counts.

    Raises: EvaluationError.
    """
    skipped = Skipped()
    if isinstance(corpus, Listing):
        skipped = corpus.skipped.copy()
        crops, truth = _read_crops(corpus, skipped)
        split = "all pictures of the folder"
    else:
        rows, split = _rows(corpus)
        crops = [corpus.images[row] for row in rows]
        truth = [corpus.truth[row] for row in rows]
    answers = []
    for start in range(0, len(crops), _BATCH):
        progress("scoring", start, len(crops))
        answers.append(network.probabilities(np.stack([network_input(crop) for crop in crops[start : start + _BATCH]])))
    scored = Scored(np.concatenate(answers), tuple(truth))
    return evaluation_of(scored, LABELS, corpus="fer2013", model=model, split=split, skipped=skipped)


def evaluate_photographs(
    listing: Listing, scorer: ScoresFrames, *, model: str, split: str, progress: Progress = silent
) -> Evaluation:
    """Each image as the only picture of a turn. Raises: EvaluationError."""
    return evaluate_items(
        listing,
        lambda item: scorer.score([decode_frame(item.path.read_bytes())]),
        LABELS,
        what="picture",
        model=model,
        split=split,
        progress=progress,
    )


def _rows(faces: Faces) -> tuple[NDArray[np.intp], str]:
    if len(faces.truth) != TRAINING_ROWS:
        return np.arange(len(faces.truth)), "all pictures of the file"
    from emotion.training.face.data import HELD_OUT_SEED, hold_out_fifth

    held = hold_out_fifth(np.array([LABELS.index(name) for name in faces.truth], dtype=np.int64))
    return np.flatnonzero(held), f"the fifth of the training file that was never learnt from (seed {HELD_OUT_SEED})"


def _read_crops(listing: Listing, skipped: Skipped) -> tuple[list[NDArray[np.uint8]], list[str]]:
    import cv2

    crops, truth = [], []
    for item in listing.items:
        try:
            pixels = decode_frame(item.path.read_bytes()).pixels
        except FrameError as error:
            skipped.add(item.path.name, f"cannot be read ({error})")
            continue
        crops.append(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
        truth.append(item.truth)
    if not crops:
        raise EvaluationError(f"no picture of {listing.corpus} could be judged ({skipped.summary()}).")
    return crops, truth
