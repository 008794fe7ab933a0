"""Which kind of thing is meant."""

import pytest

from recommender import FilterError
from recommender.query.kinds import Kinds
from shop import generate_catalogue

KINDS = Kinds.of_items(generate_catalogue())


@pytest.mark.parametrize(
    ("query", "head"),
    [
        ("a kettle", "kettle"),
        ("kettles please", "kettle"),
        ("my telly", "television"),
        ("a hoover with a bag", "vacuum cleaner"),
        ("a filter for my kettle", "limescale filter"),
        ("desk lamp", "desk lamp"),
        ("a new washer", "washing machine"),
    ],
)
def test_the_wanted_kind_is_found(query: str, head: str) -> None:
    assert head in KINDS.wish(query).head


def test_what_a_part_is_for_is_the_target_not_the_wish() -> None:
    wish = KINDS.wish("a filter for my kettle")
    assert "kettle" in wish.target
    assert "kettle" not in wish.head


def test_trouble_asks_for_help_with_the_thing_not_for_another_one() -> None:
    wish = KINDS.wish("my washing machine leaks")
    assert not wish.head
    assert "washing machine" in wish.target


def test_a_whole_name_counts_more_than_its_ending() -> None:
    head = KINDS.wish("vacuum cleaner").head
    assert head["vacuum cleaner"] == 1.0 > head["cordless vacuum cleaner"]


@pytest.mark.parametrize("name", ["Kettles", "kettle", "KETTLE", "tv", "hoover", "dryers", "Spare parts", "lamps"])
def test_a_category_is_understood_as_customers_call_it(name: str) -> None:
    categories, types = KINDS.named(name)
    assert categories or types


@pytest.mark.parametrize("name", ["boats", "🙂", "'; DROP TABLE items; --", "x" * 100_000, "?"])
def test_an_unknown_category_names_the_allowed_ones(name: str) -> None:
    with pytest.raises(FilterError, match=r"Allowed: .*Kettles") as error:
        KINDS.named(name)
    assert len(str(error.value)) < 1_000
