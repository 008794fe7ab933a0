"""Faces: crops straight through the network, photographs through the whole scorer, and only the untouched fifth."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotion import EvaluationError
from emotion.evaluation import corpora
from emotion.evaluation.images import TRAINING_ROWS, evaluate_faces, evaluate_photographs
from emotion.training.face.data import hold_out_fifth
from tests.emotion.builders import score
from tests.emotion.evaluation import layouts
from vocabulary import LABELS, Absent, Frame, Modality, ModalityScore


class BrightnessNetwork:
    """A crop's brightness in steps of 20 is the position of its label."""

    def probabilities(self, faces: np.ndarray) -> np.ndarray:
        assert faces.shape[1:] == (48, 48) and faces.dtype == np.uint8
        return np.eye(7)[np.clip(faces.mean(axis=(1, 2)).round().astype(int) // 20, 0, 6)] * 0.94 + 0.01 / 7 * 6


def coloured(labels: Sequence[int], size: int = 48) -> np.ndarray:
    return np.stack([np.full((size, size), 20 * label + 5, dtype=np.uint8) for label in labels])


def test_crops_of_any_size_reach_the_network_as_it_wants_them(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", images=coloured(range(7), size=64), labels=np.array(LABELS))
    faces = corpora.fer2013(tmp_path / "x.npz")
    result = evaluate_faces(faces, BrightnessNetwork(), model="m").to_dict()
    assert (result["accuracy"], result["n"], result["split"]) == (1.0, 7, "all pictures of the file")


def test_class_folders_are_read_as_crops_and_damaged_files_named(tmp_path: Path) -> None:
    for label in ("angry", "neutral"):
        (tmp_path / label).mkdir()
        grey = Image.fromarray(coloured([LABELS.index(corpora.label_of(label))])[0])
        grey.save(tmp_path / label / "1.png")
    (tmp_path / "angry" / "2.png").write_bytes(b"no picture")
    result = evaluate_faces(corpora.fer2013(tmp_path), BrightnessNetwork(), model="m").to_dict()
    assert (result["accuracy"], result["n"]) == (1.0, 2)
    assert result["skipped"]["count"] == 1


def test_of_the_training_file_only_the_fifth_that_was_never_learnt_from_counts(tmp_path: Path) -> None:
    labels = np.arange(TRAINING_ROWS) % 7
    images = np.broadcast_to((20 * labels + 5).astype(np.uint8)[:, None, None], (TRAINING_ROWS, 2, 2))
    np.savez(tmp_path / "train.npz", images=images, labels=np.array(LABELS)[labels])
    result = evaluate_faces(corpora.fer2013(tmp_path / "train.npz"), BrightnessNetwork(), model="m").to_dict()
    assert result["n"] == int(hold_out_fifth(labels).sum()) == pytest.approx(TRAINING_ROWS / 5, abs=7)
    assert "never learnt from" in result["split"]
    assert result["accuracy"] == 1.0


def test_photographs_go_through_the_whole_scorer(tmp_path: Path) -> None:
    for label, brightness in (("anger", 10), ("neutral", 200)):
        (tmp_path / label).mkdir()
        Image.new("RGB", (20, 20), (brightness,) * 3).save(tmp_path / label / "1.png")
    Image.new("RGB", (20, 20), "red").save(tmp_path / "anger" / "2.png")
    (tmp_path / "anger" / "3.png").write_bytes(b"no picture")

    class Scorer:
        def score(self, frames: Sequence[Frame]) -> ModalityScore | Absent:
            (frame,) = frames
            if frame.pixels[..., 1].max() == 0:
                return Absent("no face")
            return score(Modality.FACE, "anger" if frame.pixels.mean() < 100 else "neutral")

    result = evaluate_photographs(corpora.folder_corpus(tmp_path), Scorer(), model="m", split="s").to_dict()
    assert (result["accuracy"], result["n"]) == (1.0, 2)
    assert result["skipped"]["cannot be judged (no face)"] == {"count": 1, "files": ["2.png"]}
    assert result["skipped"]["count"] == 2


def test_pictures_that_nobody_can_judge_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "anger").mkdir()
    (tmp_path / "anger" / "1.png").write_bytes(b"no picture")
    with pytest.raises(EvaluationError, match="no picture of fer2013 could be judged"):
        evaluate_faces(corpora.fer2013(tmp_path), BrightnessNetwork(), model="m")


def test_random_faces_of_every_number(tmp_path: Path) -> None:
    result = evaluate_faces(corpora.fer2013(layouts.faces(tmp_path / "x.npz")), BrightnessNetwork(), model="m")
    assert result.n == 21
