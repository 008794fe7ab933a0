"""What is refused, and what only sounds like it."""

import pytest

from recommender.query.negations import read_refusals
from recommender.query.words import stems

FACTS = {
    "black", "white", "red", "timer", "samsung", "plastic", "noise cancelling", "bag", "cord", "display", "bluetooth",
    "coffee", "pump", "wifi", "capsule machine", "glass", "pressure", "heat", "ground bean",
}  # fmt: skip


def is_known(words: tuple[str, ...]) -> bool:
    return " ".join(words) in FACTS


@pytest.mark.parametrize(
    ("text", "rest", "unwanted"),
    [
        ("a kettle, not black", "a kettle,", ["black"]),
        ("not black or white", "", ["black", "white"]),
        ("a kettle without a timer", "a kettle", ["timer"]),
        ("tv, no samsung", "tv,", ["samsung"]),
        ("not black kettle", "kettle", ["black"]),
        ("anything but white", "", ["white"]),
        ("I don't want a red one", "i", ["red"]),
        ("headphones without noise cancelling", "headphones", ["noise cancelling"]),
        ("a plastic-free kettle", "a kettle", ["plastic"]),
        ("a machine but not a capsule machine", "a machine", ["capsule machine"]),
        ("vacuum without bag or cord", "vacuum", ["bag", "cord"]),
        ("not black and with bluetooth", "and with bluetooth", ["black"]),
        ("a phone that has no display", "a phone that has", ["display"]),
    ],
)
def test_what_is_refused_is_found_and_taken_out(text: str, rest: str, unwanted: list[str]) -> None:
    refusal = read_refusals(text, is_known)
    assert [" ".join(group) for group in refusal.unwanted] == unwanted
    assert refusal.rest == rest


@pytest.mark.parametrize(
    "text",
    [
        "a fan, not loud",
        "non-stick pan",
        "not too expensive",
        "not more than 50 euros of coffee",
        "not sure, maybe black",
        "No. I said black",
        "my oven has no display",
        "grinder broken again, no coffee",
        "it does not pump out",
        "no wifi upstairs with my router",
        "coffee runs out at the side and has no pressure",
        "there is no heat",
        "bpa-free kettle",
        "",
        "not",
        "without " * 200,
    ],
)
def test_faults_doubts_and_properties_refuse_nothing(text: str) -> None:
    refusal = read_refusals(text, is_known)
    assert refusal.unwanted == ()
    assert refusal.rest == text


def test_a_thing_free_of_something_is_not_that_thing() -> None:
    assert stems("BPA-free jug") == ["bpafree", "jug"]
    assert "bpa" in stems("with BPA")
