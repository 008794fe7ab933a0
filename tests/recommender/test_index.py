"""The index on disk: instant to open, never trusted blindly, exact under filters."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from recommender import Recommender
from recommender.index.index import IndexFileError, VectorIndex
from tests.recommender.fakes import WordEncoder, small_shop


def test_a_restart_embeds_nothing(tmp_path: Path) -> None:
    Recommender.open(tmp_path, WordEncoder(), items=small_shop())
    again = WordEncoder()
    Recommender.open(tmp_path, again, items=small_shop())
    assert again.embedded == []


def test_a_changed_text_alone_is_embedded_again(tmp_path: Path) -> None:
    items = small_shop()
    Recommender.open(tmp_path, WordEncoder(), items=items)
    items[2] = replace(items[2], description="Another description.")
    again = WordEncoder()
    Recommender.open(tmp_path, again, items=items)
    assert len(again.embedded) == 1


def test_new_prices_and_stock_embed_nothing_and_show_at_once(tmp_path: Path) -> None:
    encoder = WordEncoder()
    recommender = Recommender.open(tmp_path, encoder, items=small_shop())
    encoder.embedded.clear()
    recommender.update_items([replace(item, price=item.price + 1, stock=3) for item in small_shop()])
    assert encoder.embedded == []
    assert recommender.suggest("plain kettle")[0].price == Decimal("26.00")
    assert any(suggestion.item_id == "toaster" for suggestion in recommender.suggest("plain toaster"))


def test_items_can_come_and_go(tmp_path: Path) -> None:
    recommender = Recommender.open(tmp_path, WordEncoder(), items=small_shop())
    recommender.update_items(small_shop()[:3])
    assert {item.id for item in recommender.items} == {"kettle-quiet", "kettle-quiet-red", "kettle-plain"}
    assert recommender.suggest("plain kettle")[0].item_id == "kettle-plain"
    recommender.update_items([])
    assert recommender.suggest("plain kettle") == []


def test_another_encoder_means_another_index(tmp_path: Path) -> None:
    Recommender.open(tmp_path, WordEncoder("words-1"), items=small_shop())
    other = WordEncoder("words-2")
    Recommender.open(tmp_path, other, items=small_shop())
    assert len(other.embedded) == len(small_shop())


@pytest.mark.parametrize("damage", ["truncated", "swapped", "no meta", "meta is no JSON", "meta points elsewhere"])
def test_a_damaged_index_is_built_anew(tmp_path: Path, damage: str) -> None:
    Recommender.open(tmp_path, WordEncoder(), items=small_shop())
    meta = tmp_path / "index.json"
    vectors = next(tmp_path.glob("vectors-*.faiss"))
    if damage == "truncated":
        vectors.write_bytes(vectors.read_bytes()[:100])
    elif damage == "swapped":
        vectors.write_bytes(b"x" * 5_000)
    elif damage == "no meta":
        meta.unlink()
    elif damage == "meta is no JSON":
        meta.write_text("{")
    else:
        meta.write_text(json.dumps({**json.loads(meta.read_text()), "vectors": "../../../etc/passwd"}))
    with pytest.raises(IndexFileError):
        VectorIndex.load(tmp_path, "words-1")
    encoder = WordEncoder()
    assert Recommender.open(tmp_path, encoder, items=small_shop()).suggest("plain kettle")
    assert len(encoder.embedded) >= len(small_shop())
    assert VectorIndex.load(tmp_path, "words-1").hashes


def test_old_vectors_are_cleared_away(tmp_path: Path) -> None:
    recommender = Recommender.open(tmp_path, WordEncoder(), items=small_shop())
    recommender.update_items(small_shop()[:4])
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".faiss", ".json"]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 1.0])
def test_a_filtered_search_equals_scoring_every_passing_row(share: float) -> None:
    draw = np.random.default_rng(7)
    rows = draw.normal(size=(2_000, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = VectorIndex(tuple(map(str, range(2_000))), rows, "v")
    passing = np.flatnonzero(draw.random(2_000) < share).astype(np.int64)
    query = rows[3]
    positions, cosines = index.search(query, passing)
    expected = passing[np.argsort(-(rows[passing] @ query), kind="stable")]
    assert positions.tolist() == expected.tolist()
    np.testing.assert_allclose(cosines, rows[expected] @ query, atol=1e-5)
