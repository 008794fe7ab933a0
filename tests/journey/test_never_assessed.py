"""Topics and people that are never assessed: what counts, and which everyday words do not."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey import is_never_assessed, never_assessed, says_under_age


@pytest.mark.parametrize(
    "text",
    [
        "I was diagnosed with cancer last week and forgot the parcel",
        "my mother is in hospital",
        "I have been ill for weeks",
        "I’m   depressed and this does not help",
        "My husband passed away, please cancel the order",
        "I need it because of my allergies",
        "I had a panic attack over this bill",
        "I lost my job and can't pay the rent",
        "We cannot afford this any more",
        "I am broke until Friday",
        "The debt collectors called me because of your bill",
        "I'm behind with my instalments",
        "we are in financial difficulties",
    ],
)
def test_health_and_money_troubles_are_never_assessed(text: str) -> None:
    assert is_never_assessed(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sick of waiting",
        "I am sick and tired of this",
        "my kettle broke after a week",
        "the toaster died on me",
        "my new kettle died after a week",
        "the button is disabled",
        "do you sell roller blinds?",
        "your technician diagnosed a broken pump",
        "this is too expensive, do you have a cheaper one?",
        "I can't afford to wait any longer",
        "this is unacceptable, I want a refund",
        "can I pay in instalments?",
        "the credit card was charged twice",
        "is it a healthy way to cook?",
        "",
        None,
    ],
)
def test_everyday_complaints_are_none_of_these_topics(text: str | None) -> None:
    assert not is_never_assessed(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm 15",
        "I’m only 15, can I order this?",
        "hi, im 12 and my parcel is late",
        "I am fifteen years old",
        "I am a 16-year-old student",
        "I'm a minor",
        "I just turned 17!",
        "I am not yet 18",
        "i'm under 18",
    ],
)
def test_own_words_about_being_under_age_count(text: str) -> None:
    assert says_under_age(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm 15 minutes late",
        "I am 10 euros short",
        "I'm 15 km away",
        "when I'm 15 meters away the sound stops",
        "I'm 45",
        "I am 18",
        "my son is 15",
        "I was told it takes 15 days",
        "number 15, please",
        "I'm 2 for 2 with broken lamps",
        "I'm a kid at heart",
        "",
        None,
    ],
)
def test_other_numbers_and_other_people_s_ages_do_not(text: str | None) -> None:
    assert not says_under_age(text)


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    assert is_never_assessed(text) in (True, False)
    assert says_under_age(text) in (True, False)


@pytest.mark.parametrize("pattern", never_assessed._PATTERNS)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_whatever_a_pattern_finds_is_looked_at(pattern: str, data: st.DataObject) -> None:
    words = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE | re.ASCII)))
    found = re.search(pattern, " ".join(words.replace("\u2019", "'").split()), re.IGNORECASE)
    assert is_never_assessed(words) or found is None


def test_long_input_is_read_in_no_time() -> None:
    import time

    started = time.monotonic()
    for text in ("can't " * 3000, "I am only just still a " * 1000, "I'm " + "9" * 20_000, " " * 20_000):
        is_never_assessed(text)
        says_under_age(text)
    assert time.monotonic() - started < 1.0
