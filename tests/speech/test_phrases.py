"""The language model of the shop's phrases."""

import random
from pathlib import Path

import pytest

from speech import build_language_model, spoken_form


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Where's my order #417203?", "where's my order four one seven two zero three"),
        ("under 500 euros, in 2 weeks", "under five hundred euros in two weeks"),
        ("1999 and 21 and 13", "one thousand nine hundred ninety nine and twenty one and thirteen"),
        ("write to mara.lind@example.org today", "write to today"),
        ("it’s 'broken'", "it's broken"),
        ("", ""),
    ],
)
def test_written_phrase_is_read_as_a_person_says_it(written: str, spoken: str) -> None:
    assert " ".join(spoken_form(written)) == spoken


def test_drawn_numbers_keep_their_first_digit_and_length() -> None:
    words = spoken_form("order 417203", random.Random(1))
    assert words[:2] == ["order", "four"]
    assert len(words) == 7


def test_model_is_the_same_each_time_and_leaves_unknown_words_out(tmp_path: Path) -> None:
    phrases = ["where is my zorblax", "where is my order 417203"]
    for name in ("a.lm", "b.lm"):
        sentences, words = build_language_model(phrases, tmp_path / name, is_known=lambda word: word != "zorblax")
    assert (tmp_path / "a.lm").read_bytes() == (tmp_path / "b.lm").read_bytes()
    assert sentences == 402
    assert words > 12
    text = (tmp_path / "a.lm").read_text()
    assert "zorblax" not in text
    assert "ngram 3=" in text


def test_chances_of_all_words_sum_to_nearly_one(tmp_path: Path) -> None:
    build_language_model(["where is it", "where was it"], tmp_path / "a.lm", is_known=lambda _: True)
    text = (tmp_path / "a.lm").read_text()
    unigrams = text.split("\\1-grams:\n")[1].split("\n\n")[0].splitlines()
    total = sum(10 ** float(line.split("\t")[0]) for line in unigrams)
    # Witten and Bell keep a share for words never seen: kinds / (count + kinds) / (kinds + 1).
    assert 0.99 < total <= 1.001
