"""What customers may say, and the language model that is made of it."""

import random
from pathlib import Path

import pytest

from speech import ArpaModel, Talk, build_shop_model, is_built_from, spoken_form
from speech.language.numbers_said import number_sentences, say_digits
from speech.language.pronounce import Pronouncer, read_dictionary
from speech.language.shop_model import misspelt, pronunciations
from speech.measure import distance

TALK = Talk(("where is my order 417203", "where is my acount", "my account"), ("Zorblax Mini kettle, 1.5 litres",))


@pytest.fixture(scope="module")
def dictionary() -> Path:
    pocketsphinx = pytest.importorskip("pocketsphinx")
    return Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Where's my order #417203?", "where's my order four one seven two zero three"),
        ("under 500 euros, in 2 weeks", "under five hundred euros in two weeks"),
        ("€50 & 20 % off", "fifty euros and twenty percent off"),
        ("1999 and 21 and 13", "one thousand nine hundred ninety nine and twenty one and thirteen"),
        ("write to mara.lind@example.org today", "write to today"),
        ("it’s 'broken'", "it's broken"),
        ("Café Müller, Kastanienstraße", "cafe muller kastanienstrasse"),
        ("", ""),
    ],
)
def test_written_phrase_is_read_as_a_person_says_it(written: str, spoken: str) -> None:
    assert " ".join(spoken_form(written)) == spoken


def test_drawn_numbers_keep_their_first_digit_and_length() -> None:
    words = spoken_form("order 417203", random.Random(1))
    assert words[:2] == ["order", "four"]
    assert len(words) == 7


def test_order_numbers_are_said_in_many_ways() -> None:
    draw = random.Random(3)
    said = {say_digits("440172", draw) for _ in range(200)}
    assert {
        "four four zero one seven two",
        "four four oh one seven two",
        "double four zero one seven two",
        "forty four oh one seventy two",
        "four hundred forty one hundred seventy two",
    } <= said


def test_same_seed_gives_the_same_sentences() -> None:
    first, second = (list(number_sentences(5, orders=20, prices=20, dates=20)) for _ in range(2))
    assert first == second
    assert len(first) == 60


def test_same_talk_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a.lm", "b.lm"):
        made = build_shop_model(TALK, tmp_path / name, dictionary=None)
    assert (tmp_path / "a.lm").read_bytes() == (tmp_path / "b.lm").read_bytes()
    assert made.words == len(ArpaModel.load(made.path).words) + 1


def test_model_belongs_to_its_talk_only(tmp_path: Path) -> None:
    build_shop_model(TALK, tmp_path / "a.lm", dictionary=None)
    assert is_built_from(tmp_path / "a.lm", TALK)
    assert not is_built_from(tmp_path / "a.lm", Talk(TALK.phrases, ("Another kettle",)))
    assert not is_built_from(tmp_path / "a.lm", Talk(TALK.phrases[:1], TALK.titles))
    (tmp_path / "a.json").write_text("{")
    assert not is_built_from(tmp_path / "a.lm", TALK)


def test_misspelling_is_taken_for_the_word_and_a_name_is_not() -> None:
    sentences = [["my", "acount"], ["my", "account"], ["a", "tosta"], ["toast"], ["doesnt"], ["doesn't"]]
    known = {"my", "account", "a", "toast", "doesn't"}
    assert misspelt(sentences, known, named={"tosta"}) == {"acount": "account", "doesnt": "doesn't"}


def test_new_words_get_a_sound(tmp_path: Path, dictionary: Path) -> None:
    few = tmp_path / "few.dict"
    lines = [line for line in dictionary.read_text().splitlines() if line[0].isalpha()]
    few.write_text("\n".join([*lines[::30], "account AH K AW N T"]))
    made = build_shop_model(TALK, tmp_path / "a.lm", dictionary=few, already={"litres": ("L",)}.get)
    sounds = read_dictionary(pronunciations(made.path))
    assert sounds["litres"] == ("L",)
    assert distance(sounds["zorblax"], ["Z", "AO", "R", "B", "L", "AE", "K", "S"]) <= 1
    assert "acount" not in ArpaModel.load(made.path).words


def test_pronouncer_is_right_for_most_sounds_of_words_it_never_saw(dictionary: Path) -> None:
    words = read_dictionary(dictionary)
    apart = sorted(word for word in words if word.isalpha() and word.isascii() and len(word) > 1)[7::400]
    pronouncer = Pronouncer(
        {word: sounds for word, sounds in words.items() if word not in set(apart)}, learnt_words=6_000
    )
    errors = sum(distance(pronouncer.phones(word), words[word]) for word in apart)
    assert errors / sum(len(words[word]) for word in apart) < 0.19
    assert pronouncer.phones("hdmi") == ("EY", "CH", "D", "IY", "EH", "M", "AY")
    assert pronouncer.phones("limescale") == ("L", "AY", "M", "S", "K", "EY", "L")
