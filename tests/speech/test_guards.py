"""What is not believed, whichever engine says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.recognition.guards import Evidence, refusal
from speech.recognition.transcript import Passage

CLEAR = Evidence(seconds=4.0, peak=0.99)
WEAK = Evidence(seconds=0.7, peak=0.8)


def judged(text: str, evidence: Evidence = CLEAR, *, language: str | None = "en", **fields: float) -> str | None:
    return refusal(Passage(text, **fields), evidence, language=language)


@pytest.mark.parametrize(
    "text",
    [
        "Yes.",
        "No, no, no, no!",
        "Thank you for watching.",
        "417203",
        "four one four one four one four one",
        "My order number is 000000, zero zero zero zero zero zero.",
        "Ask not what your country can do for you, ask what you can do for your country.",
        "Herr Müller, façade, naïve",
    ],
)
def test_speech_is_believed(text: str) -> None:
    assert judged(text, average_log_probability=-0.3) is None
    assert judged(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("♪♪♪ ♪♪", "no_words"),
        ("...", "no_words"),
        ("叫叫叫叫", "foreign_script"),
        ("วดโอ 16/06/2566", "foreign_script"),
        ("Oh, " * 26, "repeats"),
        ("And the red red red red red red red red red red red red", "repeats"),
        ("re-re-re-re-re-re-re-re-re-re-re-re", "repeats"),
        ("Hahahahahahahahahahahahaha", "repeats"),
        ("I'm going to say, " * 6, "repeats"),
        ("You're going to do it now. You're going to do it. " * 3, "compresses"),
    ],
)
def test_shapes_that_speech_does_not_have_are_refused(text: str, reason: str) -> None:
    assert judged(text, Evidence(seconds=30.0, peak=0.99), average_log_probability=-0.1) == reason


def test_more_words_than_fit_into_the_sound_are_refused() -> None:
    text = "please send me a new one because this one is broken"
    assert judged(text, Evidence(seconds=1.0, peak=0.99)) == "too_fast"
    assert judged(text, Evidence(seconds=2.5, peak=0.99)) is None
    assert judged("Donaudampfschifffahrtsgesellschaftskapitaensmuetze", Evidence(seconds=1.0)) == "too_fast"


def test_sound_that_is_likely_no_speech_needs_a_likely_text() -> None:
    assert judged("Hello there.", no_speech_probability=0.9, average_log_probability=-1.2) == "no_speech_likely"
    assert judged("Hello there.", no_speech_probability=0.9, average_log_probability=-0.3) is None
    assert judged("Hello there.", no_speech_probability=0.3, average_log_probability=-1.2) is None
    assert judged("Hello there.", no_speech_probability=0.9) == "no_speech_likely"


def test_unlikely_words_are_refused() -> None:
    assert judged("Hello there.", average_log_probability=-2.0) == "unlikely"


def test_lone_sound_that_is_hardly_speech_needs_a_sure_engine() -> None:
    assert judged("You", WEAK, average_log_probability=-0.7) == "weak_speech"
    assert judged("Thank you", WEAK, average_log_probability=-0.5) == "weak_speech"
    assert judged("No.", WEAK, average_log_probability=-0.2) is None
    assert judged("You", Evidence(0.7, peak=0.95), average_log_probability=-0.7) is None


def test_what_is_unknown_refuses_nothing() -> None:
    assert judged("You", WEAK) is None
    assert judged("You", Evidence(0.7), average_log_probability=-0.7) is None
    assert judged("Привет", language=None) is None
    assert judged("Привет", language="ru") is None


@given(text=st.text(max_size=300), seconds=st.floats(min_value=0, max_value=30))
def test_any_text_is_judged(text: str, seconds: float) -> None:
    assert judged(text, Evidence(seconds)) in {
        None, "no_words", "foreign_script", "repeats", "compresses", "too_fast",
    }  # fmt: skip
