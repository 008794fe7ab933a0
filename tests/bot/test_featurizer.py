"""Sentence features from the exported encoder."""

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import EncoderError, SentenceEncoder
from bot.nlu.featurizer import AttuneSentenceFeaturizer

FOLDER = Path(__file__).parents[2] / "var" / "encoder"
needs_encoder = pytest.mark.skipif(
    not (FOLDER / "model.onnx").is_file(), reason="the encoder is not exported; `attune train` exports it"
)


def featurizer(**config: object) -> AttuneSentenceFeaturizer:
    defaults = {**AttuneSentenceFeaturizer.get_default_config(), "model_dir": str(FOLDER), "alias": "encoder"}
    return AttuneSentenceFeaturizer({**defaults, **config}, "encoder")


@needs_encoder
def test_every_message_gets_one_unit_vector_alone_or_in_a_batch() -> None:
    texts = ["where is my order", "hi", "I would like to return the kettle that arrived yesterday " * 30, ""]
    batch = [Message.build(text) for text in texts]
    featurizer().process_training_data(TrainingData(batch))
    alone = [featurizer().process([Message.build(text)])[0] for text in texts[:3]]

    for together, single in zip(batch, alone, strict=False):
        _, vector = together.get_dense_features(TEXT)
        _, expected = single.get_dense_features(TEXT)
        assert vector is not None and expected is not None
        assert vector.features.shape == (1, 384)
        assert np.linalg.norm(vector.features) == pytest.approx(1.0, abs=1e-5)
        assert np.allclose(vector.features, expected.features, atol=1e-5)
    assert batch[3].features == []


@needs_encoder
def test_likeness_of_meaning_is_likeness_of_vectors() -> None:
    one, like, other = SentenceEncoder(FOLDER).encode(["where is my parcel", "has my package shipped", "play jazz"])
    assert one @ like > one @ other + 0.2


@needs_encoder
def test_another_encoder_than_configured_is_refused() -> None:
    with pytest.raises(EncoderError, match="version"):
        featurizer(version="another")


@needs_encoder
def test_the_encoders_version_is_part_of_the_fingerprint() -> None:
    addon = AttuneSentenceFeaturizer.fingerprint_addon({"model_dir": str(FOLDER)})
    assert addon == (FOLDER / "version.txt").read_text().strip()


def test_a_missing_encoder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"model\.onnx is missing"):
        SentenceEncoder(tmp_path)
    assert AttuneSentenceFeaturizer.fingerprint_addon({"model_dir": str(tmp_path)}) is None
