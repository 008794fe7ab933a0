"""“Like this one”, “not the second one”, “cheaper”."""

import pytest

from recommender.query.references import Pointing, read_pointing

SHOWN = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("like this one", Pointing("", like="a")),
        ("something like the second one in red", Pointing("in red", like="b")),
        ("similar to the last one", Pointing("", like="c")),
        ("headphones like these", Pointing("headphones", like="a")),
        ("not the second one", Pointing("", refused=("b",))),
        ("not this one", Pointing("", refused=("a",))),
        ("something else", Pointing("", refused=("a", "b", "c"))),
        ("cheaper", Pointing("", cheaper=True)),
        ("that's too expensive", Pointing("that's", cheaper=True)),
        ("your cheapest kettle", Pointing("your kettle", cheapest=True)),
        ("like the first one but cheaper", Pointing("but", like="a", cheaper=True)),
        ("something like a kettle", Pointing("something like a kettle")),
        ("I'd like a kettle", Pointing("I'd like a kettle")),
        ("like the fifth one", Pointing("like the fifth one")),
    ],
)
def test_what_the_words_point_at(text: str, expected: Pointing) -> None:
    assert read_pointing(text, SHOWN) == expected


def test_without_anything_shown_nothing_is_pointed_at() -> None:
    assert read_pointing("like the second one", ()) == Pointing("like the second one")
    assert read_pointing("cheaper than 50", ()) == Pointing("cheaper than 50")
