"""Misspelt questions, and questions for two kinds of thing, against the real engine over a small shop."""

from pathlib import Path

import pytest

from recommender import Recommender, Request
from recommender.query.kinds import Kinds
from tests.recommender.fakes import WordEncoder, item, small_shop

KINDS = Kinds(kinds=["kettle", "toaster", "lamp", "limescale filter", "salt and pepper mill"])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    return Recommender.open(tmp_path_factory.mktemp("index"), WordEncoder(), items=small_shop())


def test_a_misspelt_kind_is_found_and_the_reason_names_the_word_that_was_read(shop: Recommender) -> None:
    found, right = (shop.recommend(Request(query, limit=3)).suggestions for query in ("a kettel", "a kettle"))
    assert [one.item_id for one in found] == [one.item_id for one in right]
    assert found and "“kettle”" in found[0].reason and "kettel" not in found[0].reason


def test_what_is_refused_may_be_misspelt(shop: Recommender) -> None:
    found = {one.item_id for one in shop.recommend(Request("a kettle, not whte", limit=9)).suggestions}
    assert "kettle-plain" in found and "kettle-quiet" not in found


def test_a_search_reads_slips_too(shop: Recommender) -> None:
    assert {one.item.id for one in shop.search("tosater wide")[0]} >= {"toaster-wide"}


def test_random_letters_match_nothing(shop: Recommender) -> None:
    found = shop.recommend(Request("xqzv kwtlpe fkjehtle")).suggestions
    assert not any("Matches" in one.reason for one in found)


def test_words_of_another_language_are_known_by_its_catalogue(tmp_path: Path) -> None:
    items = [item("w", "Wasserkocher weiß", "1.00", category="Küche"), item("t", "Tasse", "1.00", category="Küche")]
    shop = Recommender.open(tmp_path, WordEncoder(), items=items)
    assert shop.recommend(Request("Waserkocher")).suggestions[0].item_id == "w"
    assert shop.recommend(Request("Tasse")).suggestions[0].reason.startswith("Matches “tasse”")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("kettle or toaster", {"kettle", "toaster"}),
        ("a kettle and a toaster", {"kettle", "toaster"}),
        ("kettle, toaster, lamp", {"kettle", "toaster", "lamp"}),
        ("a red kettle / a blue toaster", {"kettle", "toaster"}),
        ("I have a kettle and want a toaster", {"toaster"}),
        ("kettle limescale filter", {"limescale filter"}),
        ("a salt and pepper mill", {"salt and pepper mill"}),
        ("a kettle and a", {"kettle"}),
        ("and or , and", set()),
    ],
)
def test_kinds_that_are_joined_are_all_wanted(query: str, wanted: set[str]) -> None:
    wish = KINDS.wish(query)
    assert set(wish.head) == wanted
    assert len(wish.alike) == (len(wanted) if len(wanted) > 1 else 0)


def test_a_part_for_two_things_is_for_both() -> None:
    assert KINDS.wish("a limescale filter for my kettle and lamp").target == {"kettle", "lamp"}


@pytest.mark.parametrize("query", ["kettle or toaster", "a kettle and a toaster", "toaster, kettle"])
def test_both_kinds_are_among_the_first_two(shop: Recommender, query: str) -> None:
    found = shop.recommend(Request(query, limit=2)).suggestions
    assert {one.item_id.partition("-")[0] for one in found} == {"kettle", "toaster"}
