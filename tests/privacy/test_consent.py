"""Consent: no answer is a no, the last answer counts."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import (
    NOTICE_VERSION,
    PSEUDONYM,
    behaviour_uses,
    effective_consent,
    hash_token,
    may_be_under_age,
    new_id,
    notice,
    notice_text,
    signals_in_calls,
    superseded,
)
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
    text = notice().text.lower()
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
        "health",
        "money troubles",
        "under 18",
        "later conversation",
        "improving the service",
        "400 days",
        "worked out anew",
        "each turn of a call",
        "about once a second",
    ):
        assert words in text
    assert notice().version == NOTICE_VERSION == "5"


def test_every_signal_and_use_has_its_words_and_old_versions_stay_readable() -> None:
    assert set(notice().signals) == set(Signal) and set(notice().uses) == set(Purpose)
    assert all(one.title and one.text for one in (*notice().signals.values(), *notice().uses.values()))
    assert "  " not in notice().text and "\\" not in notice().text
    assert notice_text("5") == notice().text
    assert "400 days" in (notice_text("4") or "") and "camera" not in (notice_text("4") or "")
    assert (notice_text("3") or "").startswith("This assistant is an automated system.")
    assert (notice_text("2") or "").startswith("This assistant is an automated system.")


@pytest.mark.parametrize("version", ["0", "99", "", "../3", "3.toml", "\u0663", "²"])
def test_a_version_that_never_was_has_no_text(version: str) -> None:
    assert notice_text(version) is None


@given(ledger=st.lists(answers), signal=st.sampled_from(Signal))
def test_further_uses_end_with_the_use_now(ledger: list[Answer], signal: Signal) -> None:
    ended = superseded(ledger, signal)
    after = [*ledger, *(Answer(signal, purpose, False) for purpose in (Purpose.ASSIST, *ended))]
    assert all(signal not in effective_consent(after, purpose) for purpose in Purpose)
    assert all(signal in effective_consent(ledger, purpose) for purpose in ended)


@dataclass(frozen=True)
class Read:
    """An answer of the behaviour, with the notice that was read."""

    purpose: Purpose
    granted: bool
    text_version: str
    at: datetime
    signal: Signal = Signal.BEHAVIOUR


@pytest.mark.parametrize(
    ("answers", "since"),
    [
        ([(True, "4")], 1),
        ([(True, "3")], None),
        ([(True, "12")], 1),
        ([(True, "four")], None),
        ([(True, "4"), (False, "3")], None),
        ([(True, "4"), (False, "4"), (True, "4")], 3),
        ([(True, "3"), (True, "4"), (True, "4")], 2),
    ],
)
def test_a_yes_to_an_older_notice_keeps_nothing_of_what_is_done_in_the_shop(
    answers: list[tuple[bool, str]], since: int | None
) -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    for purpose in (Purpose.PERSONALISE, Purpose.IMPROVE):
        ledger = [Read(purpose, *answer, at) for answer, at in zip(answers, days, strict=False)]
        assert behaviour_uses(ledger) == ({} if since is None else {purpose: days[since - 1]})
    assert behaviour_uses([Read(Purpose.ASSIST, True, "4", days[0])]) == {}


@pytest.mark.parametrize(
    ("answers", "allowed"),
    [
        ([(Signal.VOICE, True, "5")], {Signal.VOICE}),
        ([(Signal.VOICE, True, "4"), (Signal.FACE, True, "4"), (Signal.TEXT, True, "4")], {Signal.TEXT}),
        ([(Signal.FACE, True, "4"), (Signal.FACE, True, "5")], {Signal.FACE}),
        ([(Signal.FACE, True, "5"), (Signal.FACE, False, "4")], set()),
        ([(Signal.VOICE, True, "telephone-1"), (Signal.FACE, True, "²")], {Signal.VOICE}),
    ],
)
def test_a_yes_to_a_notice_without_calls_covers_no_voice_and_no_face_in_them(
    answers: list[tuple[Signal, bool, str]], allowed: set[Signal]
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert (
        signals_in_calls([Read(Purpose.ASSIST, yes, version, at, signal) for signal, yes, version in answers])
        == allowed
    )


def test_ids_are_pseudonyms_of_one_form() -> None:
    ids = {new_id("c") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(PSEUDONYM.fullmatch(one) for one in ids)


def test_token_of_any_characters_can_be_hashed() -> None:
    assert len(hash_token("\ud800")) == 64


@pytest.mark.parametrize(("born", "minor"), [(2011, True), (2008, True), (2007, False), (1980, False)])
def test_somebody_whose_birthday_may_be_to_come_is_taken_as_under_age(born: int, minor: bool) -> None:
    assert may_be_under_age(born, 2026) is minor
