"""Any sentence-transformers model by setting: exported the same way, checked against the original."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender import EncoderError, OnnxEncoder, export_encoder
from recommender.index import EncoderChangedError, ItemIndex
from tests.recommender.fakes import small_shop

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "kettle", "quiet", "red", "washing", "machine", "##s", "a", "."]


def small_model(folder: Path, *, pooling: str = "mean", seed: int = 0, dense: int = 0) -> Path:
    """A sentence-transformers model of two thin layers with drawn weights, saved as anybody's would be."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(seed)
    inner = folder.parent / f"{folder.name}-transformer"
    inner.mkdir(parents=True)
    (inner / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    BertTokenizerFast(str(inner / "vocab.txt")).save_pretrained(inner)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(inner)
    steps: list[torch.nn.Module] = [Transformer(str(inner), max_seq_length=32), Pooling(16, pooling_mode=pooling)]
    if dense:
        steps.append(Dense(16, dense))
    SentenceTransformer(modules=steps, device="cpu").save(str(folder))
    return folder


@dataclass(frozen=True)
class Made:
    """A model and what was exported from it."""

    source: Path
    encoder: Path
    version: str


@pytest.fixture(scope="module")
def mean(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _made(tmp_path_factory.mktemp("mean"))


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _made(tmp_path_factory.mktemp("dense"), pooling="cls", seed=1, dense=8)


def _made(folder: Path, **options: Any) -> Made:
    source = small_model(folder / "own", **options)
    return Made(source, folder / "encoder", export_encoder(folder / "encoder", model=str(source)))


@pytest.mark.parametrize(("name", "dimensions"), [("mean", 16), ("dense", 8)])
def test_a_model_of_ones_own_gives_the_vectors_of_sentence_transformers(
    request: pytest.FixtureRequest, name: str, dimensions: int
) -> None:
    from sentence_transformers import SentenceTransformer

    made = request.getfixturevalue(name)
    encoder = OnnxEncoder(made.encoder, cache_size=0)
    texts = ["a quiet kettle", "red washing machines.", "", "kettle " * 100]
    expected = SentenceTransformer(str(made.source), device="cpu").encode(texts, normalize_embeddings=True)
    assert encoder.dimensions == dimensions
    np.testing.assert_allclose(encoder.encode(texts), expected, atol=1e-5)


def test_a_model_is_exported_again_only_if_it_has_changed(mean: Made, tmp_path: Path) -> None:
    files = {path.name: path.stat().st_mtime_ns for path in mean.encoder.iterdir()}
    assert export_encoder(mean.encoder, model=str(mean.source)) == mean.version
    assert {path.name: path.stat().st_mtime_ns for path in mean.encoder.iterdir()} == files
    other = small_model(tmp_path / "own", seed=5)
    shutil.copytree(mean.encoder, tmp_path / "encoder")
    version = export_encoder(tmp_path / "encoder", model=str(other))
    assert version.startswith("own-")
    assert version != mean.version


def test_what_is_no_model_is_refused_and_the_old_encoder_stays(mean: Made, tmp_path: Path) -> None:
    broken, encoder = tmp_path / "broken", tmp_path / "encoder"
    shutil.copytree(mean.source, broken)
    shutil.copytree(mean.encoder, encoder)
    (broken / "modules.json").write_text("{")
    with pytest.raises(EncoderError, match="ATTUNE_ENCODER_MODEL"):
        export_encoder(encoder, model=str(broken))
    assert OnnxEncoder(encoder).version == mean.version
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(EncoderError, match="no sentence-transformers model"):
        export_encoder(tmp_path / "other", model=str(empty))
    assert not (tmp_path / "other").exists()


def test_a_damaged_details_file_is_told(mean: Made, tmp_path: Path) -> None:
    shutil.copytree(mean.encoder, tmp_path / "encoder")
    (tmp_path / "encoder" / "encoder.json").write_text(json.dumps({"surprise": 1}))
    with pytest.raises(EncoderError, match="attune train"):
        OnnxEncoder(tmp_path / "encoder")


def test_an_index_of_one_model_is_not_used_with_another(mean: Made, dense: Made, tmp_path: Path) -> None:
    index = ItemIndex.open(tmp_path, OnnxEncoder(mean.encoder))
    index.sync(small_shop())
    index.save()
    other = OnnxEncoder(dense.encoder)
    with pytest.raises(EncoderChangedError, match="never mixed"):
        ItemIndex.open(tmp_path, other)
    again = ItemIndex.open(tmp_path, other, rebuild=True)
    assert again.sync(small_shop(), whole=True).embedded == len(small_shop())
