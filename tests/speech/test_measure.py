"""Errors in words and letters, and the form in which texts are compared."""

import doctest

import pytest

from speech import canonical, measure, pooled, score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, World!", "hello world"),
        ("forty one", "41"),
        ("four one", "41"),
        ("forty-one", "4-1"),
        ("double four", "44"),
        ("triple oh seven", "0007"),
        ("four oh two", "402"),
        ("order 417203", "order four one seven two zero three"),
        ("forty one seventy two oh three", "417203"),
        ("two hundred and five", "205"),
        ("one thousand two hundred", "1,200"),
        ("nineteen ninety nine", "1999"),
        ("one thousand nine hundred ninety nine", "1999"),
        ("the twenty first of march", "the 21st of March"),
        ("the third", "the 3rd"),
        ("the twentieth, the thirtieth", "the 20th, the 30th"),
        ("five euros", "€5"),
        ("five euros ninety", "5.90 euros"),
        ("twelve euros fifty", "€12.50"),
        ("ten percent", "10 %"),
        ("anna dot weber at example dot com", "anna.weber@example.com"),
        ("e-mail", "e mail"),
        ("Café", "cafe"),
        ("don’t", "don't"),
        ("'quoted'", "quoted"),
    ],
)
def test_both_sides_have_one_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colour", "color"),
        ("for", "four"),
        ("oh no", "zero no"),
        ("don't", "do not"),
        ("twenty", "2"),
        ("its", "it's"),
        ("kettle", "kettles"),
    ],
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_errors_are_counted_by_hand() -> None:
    result = score("my order is late", "my older is")
    assert (result.words, result.word_errors) == (4, 2)
    assert (result.letters, result.letter_errors) == (13, 5)
    assert (result.wer, result.cer) == (0.5, 5 / 13)


def test_nothing_heard_is_all_wrong_and_inventing_can_pass_one() -> None:
    assert score("hello there", "").wer == 1
    assert score("yes", "thank you for watching").wer == 4
    assert score("?!", "hm").wer is None


def test_pooled_weighs_words_not_files() -> None:
    scores = [score("a b c d e f g h i j", "a b c d e f g h i j"), score("no", "yes")]
    assert pooled(scores).wer == pytest.approx(1 / 11)
    assert pooled([]).wer is None


def test_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(measure).failed == 0
