"""The encoder: unit vectors, whatever comes in."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender import EncoderError, OnnxEncoder, export_encoder


def test_rows_are_unit_vectors_of_the_stated_length(encoder: OnnxEncoder) -> None:
    rows = encoder.encode(["a kettle", "", "Größe 🙂", "a\ud800b", "word " * 20_000])
    assert rows.shape == (5, encoder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(encoder_dir: Path) -> None:
    encoder = OnnxEncoder(encoder_dir, cache_size=0)
    texts = ["short", "a much longer text about a washing machine that leaks at the front " * 3, "kettle"]
    together = encoder.encode(texts)
    for text, row in zip(texts, together, strict=True):
        np.testing.assert_allclose(encoder.encode([text])[0], row, atol=1e-4)


def test_an_empty_batch_gives_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_like_meanings_are_nearer_than_unlike_ones(encoder: OnnxEncoder) -> None:
    boiler, kettle, cable = encoder.encode(["water boiler", "kettle", "HDMI cable"])
    assert boiler @ kettle > boiler @ cable


def test_changing_a_result_does_not_change_the_cache(encoder: OnnxEncoder) -> None:
    first = encoder.encode(["cached text"])
    first[:] = 0
    assert np.linalg.norm(encoder.encode(["cached text"])) == pytest.approx(1.0, abs=1e-5)


def test_what_lies_beyond_256_tokens_is_not_read(encoder: OnnxEncoder) -> None:
    long = "kettle " * 400
    np.testing.assert_allclose(encoder.encode([long])[0], encoder.encode([long + "cable " * 50])[0], atol=1e-5)


def test_a_folder_without_the_model_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"lacks model.onnx, tokenizer.json, version.txt.*export_encoder"):
        OnnxEncoder(tmp_path)


def test_a_damaged_model_says_how_to_repair_it(tmp_path: Path, encoder_dir: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    (tmp_path / "tokenizer.json").write_bytes((encoder_dir / "tokenizer.json").read_bytes())
    (tmp_path / "version.txt").write_text("x")
    with pytest.raises(EncoderError, match="Delete the folder"):
        OnnxEncoder(tmp_path)


def test_a_second_export_changes_nothing(encoder_dir: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in encoder_dir.iterdir()}
    assert export_encoder(encoder_dir) == (encoder_dir / "version.txt").read_text().strip()
    assert {path.name: path.stat().st_mtime_ns for path in encoder_dir.iterdir()} == before


def test_weights_that_were_not_reviewed_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.embedding.export.WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="never run weights"):
        export_encoder(tmp_path / "encoder", force=True)
    assert not (tmp_path / "encoder").exists()


def test_encoding_imports_no_torch(encoder_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from recommender import OnnxEncoder;"
        f"OnnxEncoder(Path({str(encoder_dir)!r})).encode(['kettle']);"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=60)
