"""Words that are spelt nearly alike, against a plain comparison of all."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.correcting import Correcting
from recommender.lexical.lexicon import Lexicon
from recommender.lexical.spelling import Spellings, distance, slips_forgiven
from tests.recommender.fakes import item


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("kettel", "kettle", 1),
        ("vacum", "vacuum", 1),
        ("toastter", "toaster", 1),
        ("tosater", "toaster", 1),
        ("a", "a", 0),
        ("washing", "was", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == slips


@pytest.mark.parametrize(
    ("word", "slips"),
    [("cup", 0), ("lamp", 1), ("kettles", 1), ("machines", 2), ("wh1000xm", 0), ("x" * 25, 0), ("电热水壶电热水壶", 0)],
)
def test_how_much_is_forgiven(word: str, slips: int) -> None:
    assert slips_forgiven(word) == slips


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_the_index_finds_what_a_comparison_of_all_finds(seed: int) -> None:
    rng = random.Random(seed)
    words = {"k" + "".join(rng.choices("abcd", k=rng.randint(3, 10))) for _ in range(200)}
    spellings = Spellings(words)
    for asked in ["k" + "".join(rng.choices("abcd", k=rng.randint(3, 10))) for _ in range(10)]:
        if asked in words:
            continue
        slips = {one: distance(asked, one, 2) for one in words}
        least = min(slips.values())
        wanted = {one: least for one in words if slips[one] == least} if least <= slips_forgiven(asked) else {}
        assert spellings.near(asked) == wanted


def filled() -> tuple[Lexicon, Correcting]:
    lexicon = Lexicon()
    for slot, title in enumerate(["Kettle", "Kettle", "Settle bench", "Toaster", "Vacuum cleaner"]):
        lexicon.put(slot, item(f"i{slot}", title, "1.00", category=title))
    lexicon.settle()
    return lexicon, Correcting(lexicon)


def test_the_index_is_right_after_changes() -> None:
    lexicon, correcting = filled()
    assert correcting.put_right("a blendar") == "a blendar"
    lexicon.put(7, item("i7", "Blender", "1.00"))
    assert correcting.put_right("a blendar") == "a blender"
    lexicon.drop(7, item("i7", "Blender", "1.00"))
    assert correcting.put_right("a blendar") == "a blendar"
    lexicon.drop(3, item("i3", "Toaster", "1.00", category="Toaster"))
    assert correcting.put_right("tosater") == "tosater"


def test_the_word_that_more_items_have_is_meant() -> None:
    lexicon = Lexicon()
    for slot, title in enumerate(["Lamb skin", "Lamp", "Lamp"]):
        lexicon.put(slot, item(f"i{slot}", title, "1.00", category="Home"))
    assert Correcting(lexicon).put_right("lamq") == "lamp"


@pytest.mark.parametrize(
    "text",
    [
        "kettle",
        "kettles",
        "without",
        "cheaper",
        "K1000 ke77le",
        "xqzvkw plmokn",
        "",
        "\ud800",
        "Wärme 水壶",
        "ket",
        "x" * 600,
    ],
)
def test_what_is_known_or_like_nothing_stays(text: str) -> None:
    assert filled()[1].put_right(text) == text


def test_a_word_of_the_language_is_no_slip() -> None:
    lexicon, correcting = filled()
    assert correcting.put_right("nettle kettel vacum toasting") == "nettle kettle vacuum toasting"
    assert correcting.put_right("toastes") == "toaster"
    assert Correcting(lexicon, {"toastes"}.__contains__).put_right("toastes") == "toastes"


def test_a_word_that_is_still_being_typed_stays() -> None:
    correcting = filled()[1]
    assert correcting.put_right("vacum kettl", typing=True) == "vacuum kettl"
    assert correcting.put_right("kettel", typing=True) == "kettle"


def test_a_customers_word_is_put_right_where_what_it_means_is_sold() -> None:
    assert filled()[1].put_right("a hoovr") == "a hoover"
    assert Correcting(Lexicon()).put_right("a hoovr") == "a hoovr"
