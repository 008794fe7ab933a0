"""The measurement itself: what it measures with is what it says."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recommend import bench_recommend
from benchmarks.recommend_texts import product_texts
from benchmarks.recommend_vectors import drawn_vectors, text_vectors
from store import StoreSettings
from tests.recommender.index.drawn import DrawnEncoder


def test_product_texts_are_different_and_always_the_same() -> None:
    first = list(product_texts(5_000))
    assert len(set(first)) == 5_000
    assert list(islice(product_texts(9_000), 5_000)) == first
    assert len(set(first) & set(product_texts(50, seed=1))) < 5


def test_drawn_vectors_are_unit_rows_with_neighbours() -> None:
    rows = drawn_vectors(60_000, dimensions=48)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    cosines = rows[:50] @ rows.T
    assert np.median(np.partition(cosines, -11, axis=1)[:, -11]) > 0.9
    assert np.median(cosines) < 0.2


def test_texts_are_embedded_once_and_a_torn_file_goes_on(tmp_path: Path) -> None:
    encoder = DrawnEncoder()
    first = np.array(text_vectors(2_100, encoder, tmp_path))
    assert encoder.embedded == 2_100
    (path,) = tmp_path.glob("*.f32")
    with path.open("r+b") as stream:
        stream.truncate(2_050 * 24 * 4 + 7)
    np.testing.assert_array_equal(text_vectors(2_100, encoder, tmp_path), first)
    assert encoder.embedded == 2_150


def test_a_small_run_finds_everything(tmp_path: Path) -> None:
    figures = bench_recommend(2_500, "synthetic", tmp_path, tmp_path, lambda what, done, total: None)
    assert (figures["kind"], figures["recall_at_10"], figures["items"]) == ("flat", 1.0, 2_500)
    assert {one["recall_at_10"] for one in figures["filtered"].values()} == {1.0}
    assert figures["p95_ms"] >= figures["p50_ms"] > 0


@pytest.mark.parametrize(
    ("model", "folder"),
    [
        ("", "encoder"),
        ("sentence-transformers/all-mpnet-base-v2", "encoders/sentence-transformers-all-mpnet-base-v2"),
        ("../../etc", "encoders/etc"),
        ("…", "encoders/model"),
    ],
)
def test_another_model_has_a_folder_of_its_own(tmp_path: Path, model: str, folder: str) -> None:
    settings = StoreSettings(home=tmp_path, encoder_model=model, encoder_dir=tmp_path / "encoder")
    assert settings.catalogue_encoder_dir == tmp_path / folder
