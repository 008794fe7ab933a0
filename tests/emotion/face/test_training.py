"""Training's promises: nothing measured is learnt from, and the file that ships computes what was trained."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from emotion import TrainingError
from emotion.model_files import open_model
from emotion.training.face.augment import CROP, augment
from emotion.training.face.data import (
    Faces,
    hold_out_fifth,
    label_position,
    read_npz,
    with_rare_repeated,
    without_copies,
)
from emotion.training.face.fit import FitOptions, fit, logits_of
from emotion.training.face.graph import write_graph
from emotion.training.face.network import LIGHT, FaceNetwork, Shape
from emotion.training.face.run import write_meta
from tests.emotion.face.pictures import FACES, needs_faces
from vocabulary import LABELS

SMALL = Shape(4, (8, 12), (1, 1))


def textures(count: int, seed: int = 0) -> np.ndarray:
    """Soft random pictures (count, 48, 48), no two alike."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 8, 8)).astype(np.uint8)
    return np.kron(coarse, np.ones((6, 6), dtype=np.uint8))


def test_the_untouched_fifth_is_a_fifth_of_each_label_and_always_the_same() -> None:
    labels = np.repeat(np.arange(7), [100, 10, 50, 200, 40, 30, 25])
    held = hold_out_fifth(labels)
    assert np.bincount(labels[held]).tolist() == [20, 2, 10, 40, 8, 6, 5]
    assert (held == hold_out_fifth(labels)).all()


def test_copies_of_measured_pictures_are_left_out_also_mirrored_darker_and_stamped() -> None:
    measured, own = textures(20, seed=1), textures(30, seed=2)
    copies = [
        measured[0],
        measured[1][:, ::-1],
        (measured[2] * 0.6 + 20).astype(np.uint8),
        np.clip(measured[3].astype(int) + np.random.default_rng(3).normal(0, 20, (48, 48)), 0, 255).astype(np.uint8),
    ]
    train = Faces(np.concatenate([own, np.stack(copies)]), np.arange(34) % 7)
    kept, left_out = without_copies(train, Faces(measured, np.zeros(20, dtype=np.int64)))
    assert left_out == 4 and (kept.pixels == own).all()


@needs_faces
def test_no_picture_of_the_validation_file_is_learnt_from() -> None:
    measured = read_npz(FACES)
    train = Faces(measured.pixels[:300], measured.labels[:300])
    kept, left_out = without_copies(train, measured)
    assert len(kept) <= 2 and left_out >= 298


@pytest.mark.parametrize(
    ("label", "position"), [("angry", 0), ("Happy", 3), ("sad", 4), (6, 6), ("contempt", -1), (9, -1)]
)
def test_labels_of_every_spelling_are_known(label: str | int, position: int) -> None:
    assert label_position(label) == position


def test_an_archive_is_read_whatever_its_size_and_labels(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "a.npz", images=np.zeros((4, 64, 64), dtype=np.uint8), labels=["happy", "contempt", "fear", "sad"]
    )
    faces = read_npz(tmp_path / "a.npz")
    assert faces.pixels.shape == (3, 48, 48) and [LABELS[one] for one in faces.labels] == [
        "happiness",
        "fear",
        "sadness",
    ]
    np.savez(tmp_path / "b.npz", images=np.ones((2, 48, 48, 1)), labels=[0, 6])
    assert read_npz(tmp_path / "b.npz").pixels.max() == 255


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_what_is_no_archive_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "faces.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrainingError, match=r"faces\.npz"):
        read_npz(path)


def test_an_archive_with_other_shapes_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "faces.npz", images=np.zeros((4, 48), dtype=np.uint8), labels=[0, 1, 2, 3])
    with pytest.raises(TrainingError, match="expected"):
        read_npz(tmp_path / "faces.npz")


def test_the_rarest_label_is_shown_more_often() -> None:
    labels = np.repeat(np.arange(7), [3, 1, 2, 2, 2, 2, 2])
    repeated = with_rare_repeated(Faces(textures(len(labels)), labels), times=4)
    assert np.bincount(repeated.labels).tolist() == [3, 4, 2, 2, 2, 2, 2]


def test_changed_pictures_stay_pictures_and_differ() -> None:
    pictures = torch.from_numpy(textures(32))
    changed = augment(pictures, torch.Generator().manual_seed(1))
    again = augment(pictures, torch.Generator().manual_seed(1))
    assert changed.shape == (32, 1, CROP, CROP) and torch.equal(changed, again)
    assert changed.min() >= 0 and changed.max() <= 255
    assert augment(pictures, torch.Generator().manual_seed(1), side=32).shape == (32, 1, 32, 32)


def test_the_file_that_ships_computes_what_was_trained(tmp_path: Path) -> None:
    torch.manual_seed(2)
    network = FaceNetwork(SMALL)
    network.train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.randn(16, 1, 48, 48))
    write_graph(network, tmp_path / "model.onnx")
    write_meta(tmp_path, 1.0)
    pictures = textures(8)
    (found,) = open_model(tmp_path, kind="face", revision=1).run(
        ["logits"], {"faces": pictures[:, None, 2:46, 2:46].astype(np.float32)}
    )
    expected = logits_of(network, pictures, mirrored=False)
    # One byte a weight here, half precision there.
    assert np.abs(found - expected).max() < 0.05 * np.abs(expected).max() + 0.02


def test_the_network_that_ships_stays_small(tmp_path: Path) -> None:
    write_graph(FaceNetwork(LIGHT), tmp_path / "model.onnx")
    assert (tmp_path / "model.onnx").stat().st_size < 3_000_000


def test_training_learns_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    pixels = textures(96, seed=5)
    labels = np.arange(96) % 2
    pixels[labels == 1, :24] = 250
    faces = Faces(pixels, labels.astype(np.int64))
    said: list[str] = []
    options = FitOptions(SMALL, epochs=14, batch=16, warm_up_epochs=1.0, average=0.9, small_first=False)
    stopped = tmp_path / "stopped.pt"
    fit(faces, faces, replace(options, epochs=13), stopped, say=said.append)
    assert torch.load(stopped, weights_only=True)["epoch"] == 13
    said.clear()
    network = fit(faces, faces, options, stopped, say=said.append)
    assert len(said) == 1 and "epoch 14 of 14" in said[0]
    assert (logits_of(network, pixels).argmax(1) == labels).mean() > 0.7
