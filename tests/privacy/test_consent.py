"""Consent: no answer is a no, the last answer counts."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from privacy import NOTICE_TEXT, NOTICE_VERSION, PSEUDONYM, effective_consent, hash_token, new_id
from vocabulary import Purpose, Signal


@dataclass(frozen=True)
class Answer:
    signal: Signal
    purpose: Purpose
    granted: bool


answers = st.builds(Answer, st.sampled_from(Signal), st.sampled_from(Purpose), st.booleans())


def test_nothing_is_permitted_before_an_answer() -> None:
    assert effective_consent([]) == frozenset()


def test_last_answer_per_signal_counts() -> None:
    ledger = [
        Answer(Signal.TEXT, Purpose.ASSIST, True),
        Answer(Signal.VOICE, Purpose.ASSIST, True),
        Answer(Signal.TEXT, Purpose.ASSIST, False),
    ]
    assert effective_consent(ledger) == {Signal.VOICE}


def test_yes_to_one_purpose_is_no_yes_to_another() -> None:
    ledger = [Answer(Signal.TEXT, Purpose.IMPROVE, True)]
    assert effective_consent(ledger) == frozenset()
    assert effective_consent(ledger, Purpose.IMPROVE) == {Signal.TEXT}


@given(ledger=st.lists(answers), signal=st.sampled_from(Signal), purpose=st.sampled_from(Purpose))
def test_withdrawal_holds_whatever_came_before(ledger: list[Answer], signal: Signal, purpose: Purpose) -> None:
    before = effective_consent(ledger, purpose)
    assert effective_consent([*ledger, Answer(signal, purpose, False)], purpose) == before - {signal}


def test_notice_says_what_why_and_how_to_leave() -> None:
    text = NOTICE_TEXT.lower()
    for words in (
        "automated",
        "text",
        "voice",
        "face",
        "behaviour",
        "off until",
        "at any time",
        "deletes the scores",
        "person",
    ):
        assert words in text
    assert NOTICE_VERSION


def test_ids_are_pseudonyms_of_one_form() -> None:
    ids = {new_id("c") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(PSEUDONYM.fullmatch(one) for one in ids)


def test_token_of_any_characters_can_be_hashed() -> None:
    assert len(hash_token("\ud800")) == 64
