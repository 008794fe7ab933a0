"""Words that decide whose turn it is."""

import doctest

import pytest

from service.voice.turns import TurnSettings, patience, words


@pytest.mark.parametrize("module", [words, patience])
def test_examples_are_true(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", "nothing"),
        ("...", "nothing"),
        ("Mm-hmm.", "backchannel"),
        ("uh, huh", "backchannel"),
        ("Yeah, yeah, okay", "backchannel"),
        ("that's right", "backchannel"),
        ("Um", "filler"),
        ("Oh no", "stop"),
        ("Hold on a second", "stop"),
        ("no no no", "stop"),
        ("okay and what about the other one", "words"),
        ("right now", "words"),
        ("yes yes yes yes yes yes", "words"),
        ("417", "words"),
        ("é" * 5000, "nothing"),
    ],
)
def test_meaning_of_words_over_somebody(text: str, meaning: str) -> None:
    assert words.meaning(text) == meaning


def test_yes_is_an_answer_only_where_something_was_asked() -> None:
    assert words.meaning("mm-hm", asked=True) == "answer"
    assert words.meaning("I see", asked=True) == "backchannel"
    assert words.meaning("yes please, both of them", asked=True) == "answer"


def test_digits_join_only_where_a_number_is_awaited() -> None:
    assert words.joined(["It is 4.", "17"], number=True) == "It is 417"
    assert words.joined(["It is 4.", "17"], number=False) == "It is 4. 17"
    assert words.joined(["", "  ", "yes"], number=True) == "yes"


@pytest.mark.parametrize(
    ("text", "more"),
    [("My number is. One zero.", True), ("four", True), ("It is oh", True), ("the blue one", False), ("in two", False)],
)
def test_a_number_said_in_words_may_go_on(text: str, more: bool) -> None:
    assert words.ends_in_digits(text) is more
    awaited = patience.patience(TurnSettings(), text=text, complete=0.9, judged=True, awaits="shop_order_number")
    assert awaited[0] == (TurnSettings().number_s if more else TurnSettings().complete_s)
