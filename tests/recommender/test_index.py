"""What the recommender keeps between starts: nothing is embedded twice, and files are never trusted blindly."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from recommender import EncoderChangedError, Recommender, Request
from tests.recommender.fakes import WordEncoder, small_shop
from vocabulary import CatalogueChanges, Item


def opened(folder: Path, encoder: WordEncoder, items: list[Item] | None = None) -> Recommender:
    return Recommender.open(folder, encoder, items=small_shop() if items is None else items)


def first(recommender: Recommender, query: str) -> str | None:
    suggestions = recommender.recommend(Request(query)).suggestions
    return suggestions[0].item_id if suggestions else None


def test_a_restart_embeds_nothing(tmp_path: Path) -> None:
    opened(tmp_path, WordEncoder())
    again = WordEncoder()
    assert len(opened(tmp_path, again).items) == len(small_shop())
    assert again.embedded == []


def test_a_changed_text_alone_is_embedded_again(tmp_path: Path) -> None:
    items = small_shop()
    opened(tmp_path, WordEncoder(), items)
    items[2] = replace(items[2], description="Another description.")
    again = WordEncoder()
    opened(tmp_path, again, items)
    assert len(again.embedded) == 1


def test_new_prices_and_stock_embed_nothing_and_show_at_once(tmp_path: Path) -> None:
    encoder = WordEncoder()
    recommender = opened(tmp_path, encoder)
    encoder.embedded.clear()
    dearer = tuple(replace(item, price=(item.price or 0) + Decimal(1), stock=3) for item in small_shop())
    recommender.update(CatalogueChanges(1, dearer, whole=True))
    assert encoder.embedded == []
    assert recommender.recommend(Request("plain kettle")).suggestions[0].price == Decimal("26.00")


def test_items_can_come_and_go(tmp_path: Path) -> None:
    recommender = opened(tmp_path, WordEncoder())
    recommender.update(CatalogueChanges(1, tuple(small_shop()[:3]), whole=True))
    assert {item.id for item in recommender.items} == {"kettle-quiet", "kettle-quiet-red", "kettle-plain"}
    assert first(recommender, "plain kettle") == "kettle-plain"
    recommender.update(CatalogueChanges(2, (), removed=("kettle-plain",)))
    assert first(recommender, "plain kettle") != "kettle-plain"
    recommender.update(CatalogueChanges(3, (), whole=True))
    assert first(recommender, "plain kettle") is None


def test_another_encoder_means_another_index_and_only_on_request(tmp_path: Path) -> None:
    opened(tmp_path, WordEncoder("words-1"))
    other = WordEncoder("words-2")
    with pytest.raises(EncoderChangedError, match="--rebuild"):
        opened(tmp_path, other)
    Recommender.open(tmp_path, other, items=small_shop(), rebuild=True)
    assert len(other.embedded) == len(small_shop())
