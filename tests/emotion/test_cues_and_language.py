"""Written cues and the language gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion.text.cues import NAMES, read_cues
from emotion.text.language import is_english


@given(st.text(max_size=300))
def test_any_text_gives_cues_between_zero_and_one(text: str) -> None:
    values = read_cues(text).values
    assert values.shape == (len(NAMES),)
    assert ((values >= 0) & (values <= 1)).all()


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("this is the third time", "counted_attempts"),
        ("I asked you ten times", "counted_attempts"),
        ("I already told you", "already_said"),
        ("I’ve told you", "already_said"),
        ("still nothing", "still_waiting"),
        ("waiting for three weeks", "long_wait"),
        ("this is ridiculous", "outrage"),
        ("I'm so fed up", "own_anger"),
        ("nobody helps me", "not_helped"),
        ("I will call my lawyer", "threat"),
        ("what the hell", "profanity"),
        ("sooooo slow", "stretched"),
        ("what?!", "repeated_marks"),
        ("WHERE IS MY PARCEL", "capitals"),
        ("thanks a lot", "thanks"),
        ("could you please", "courtesy"),
        ("😡", "angry_sign"),
        ("great :-)", "glad_sign"),
    ],
)
def test_each_cue_sees_what_it_is_named_for(text: str, cue: str) -> None:
    assert read_cues(text).value(cue) > 0


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Where is my TV?", "capitals"),
        ("order A417203", "capitals"),
        ("see https://example.org/x", "angry_sign"),
        ("the passage", "profanity"),
        ("I need assistance", "profanity"),
        ("the second one", "counted_attempts"),
    ],
)
def test_each_cue_is_blind_to_what_only_looks_like_it(text: str, cue: str) -> None:
    assert read_cues(text).value(cue) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order?",
        "kettle",
        "417203",
        "no",
        "jana.müller@example.org",
        "My name is Jürgen Müller and I live in Köln",
        "a naïve question about the café machine",
        "Dammit!",
        "refund pls",
    ],
)
def test_english_and_nothing_in_particular_pass(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wo bleibt mein Paket?",
        "Das ist eine Unverschämtheit!",
        "Ich bin wirklich sauer",
        "¿Dónde está mi pedido?",
        "C'est inadmissible, où est ma commande",
        "Dove è il mio ordine",
        "Onde está meu pedido?",
        "Gdzie jest moje zamówienie",
        "Dit is niet goed",
        "siparişim nerede",
        "где мой заказ",
        "最低だ",
    ],
)
def test_other_languages_are_kept_out(text: str) -> None:
    assert not is_english(text)
