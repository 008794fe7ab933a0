"""Which network reads faces: DeepFace's where its file lies, the own one otherwise; never another in silence."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from emotion import FaceScorer, ModelError
from emotion.face.engines import (
    DEEPFACE_CONFIDENCE_LIMIT,
    DEEPFACE_FILE,
    DeepFaceNetwork,
    OwnNetwork,
    describe_face,
    open_face_engine,
)
from tests.emotion.face.deepface_checkpoint import write_checkpoint

MODEL = Path(__file__).resolve().parents[3] / "models" / "face_emotion"


@pytest.fixture(scope="module")
def weights_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deepface")
    write_checkpoint(folder / DEEPFACE_FILE)
    return folder


def faces(count: int = 4) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, 48, 48), dtype=np.uint8)


def test_deepfaces_network_is_read_as_its_layers_say(tmp_path: Path) -> None:
    weights = write_checkpoint(tmp_path / DEEPFACE_FILE)
    found = torch.from_numpy(faces()[:, None].astype(np.float32) / 255)
    for index, (weight, bias) in enumerate(weights):
        layer = torch.from_numpy(weight), torch.from_numpy(bias)
        if weight.ndim == 4:
            found = functional.relu(functional.conv2d(found, *layer))
            if index == 0:
                found = functional.max_pool2d(found, 5, 2)
            elif index in (2, 4):
                found = functional.avg_pool2d(found, 3, 2)
        else:
            found = functional.linear(found.flatten(1), *layer)
            found = functional.relu(found) if index < len(weights) - 1 else functional.softmax(found, dim=1)
    expected = DEEPFACE_CONFIDENCE_LIMIT * found.numpy() + (1 - DEEPFACE_CONFIDENCE_LIMIT) / 7
    assert np.allclose(DeepFaceNetwork(tmp_path / DEEPFACE_FILE).probabilities(faces()), expected, atol=1e-5)
    assert expected.std() > 0.01


def test_deepface_comes_first_where_its_weights_are(weights_dir: Path) -> None:
    assert isinstance(open_face_engine(MODEL, weights_dir), DeepFaceNetwork)
    assert isinstance(open_face_engine(MODEL, None), OwnNetwork)
    status = describe_face(MODEL, weights_dir)
    assert status.is_first_choice and status.engine == DeepFaceNetwork.name and str(weights_dir) in status.note
    assert FaceScorer(MODEL, weights_dir=weights_dir).engine == DeepFaceNetwork.name


def test_deepfaces_own_home_folder_is_looked_into(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / ".deepface" / "weights" / DEEPFACE_FILE)
    assert isinstance(open_face_engine(MODEL, tmp_path), DeepFaceNetwork)


def test_an_empty_folder_leaves_the_own_network_and_says_so(tmp_path: Path) -> None:
    status = describe_face(MODEL, tmp_path)
    assert status.engine == OwnNetwork.name and not status.is_first_choice and DEEPFACE_FILE in status.note


def test_a_file_that_is_none_is_an_error_and_no_silent_fallback(tmp_path: Path) -> None:
    (tmp_path / DEEPFACE_FILE).write_bytes(b"<html>404</html>")
    with pytest.raises(ModelError, match="cannot be used"):
        open_face_engine(MODEL, tmp_path)
    assert describe_face(MODEL, tmp_path).engine is None


def test_a_network_with_other_answers_is_refused(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / DEEPFACE_FILE, classes=5)
    with pytest.raises(ModelError, match=r"shape \(1, 5\)"):
        open_face_engine(MODEL, tmp_path)


def test_the_own_network_minds_brightness_not_at_all_and_mirrors_little() -> None:
    network, dim = OwnNetwork(MODEL), (faces() // 2)
    bright = dim + 60
    assert np.allclose(network.probabilities(dim), network.probabilities(bright), atol=1e-3)
    turned = network.probabilities(dim[:, :, ::-1])
    assert np.abs(network.probabilities(dim) - turned).mean() < 0.1
    assert np.allclose(network.probabilities(dim).sum(axis=1), 1)


def test_a_missing_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="attune emotion train face"):
        OwnNetwork(tmp_path)


def test_a_model_without_its_temperature_is_named_and_does_not_end_the_process(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text('{"kind": "face", "revision": 1}')
    shutil.copy(MODEL.parent / "text_emotion" / "model.onnx", tmp_path)
    with pytest.raises(ModelError, match="temperature"):
        FaceScorer(tmp_path)
