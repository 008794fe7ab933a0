"""Corrections: bounded, in any order, no flood by one person; and the word that outranks the model."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion import update_state
from emotion.errors import FeedbackError
from emotion.feedback import (
    MOST_PER_SOURCE,
    MOST_SHIFT,
    PRIOR,
    Correction,
    Perceived,
    Recalibration,
    apply_correction,
)
from tests.emotion.builders import emotion
from vocabulary import LABELS, CustomerState, DialogueEvidence, StateName

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LESS, SAME, MORE = Perceived.LESS_UPSET, Perceived.AS_SHOWN, Perceived.MORE_UPSET

corrections = st.builds(
    Correction,
    source=st.sampled_from(["a", "b", "c", "d"]),
    perceived=st.sampled_from(Perceived),
    label=st.none() | st.sampled_from(LABELS),
    shown_label=st.sampled_from(LABELS),
    shown_confidence=st.floats(0, 1),
)


def after(said: list[Correction]) -> Recalibration:
    result = Recalibration()
    for one in said:
        result = result.updated(one)
    return result


def test_nobody_s_word_changes_nothing() -> None:
    assert (Recalibration().level_shift, Recalibration().certain_shift) == (0.0, 0.0)


def test_one_agent_and_twenty_agents_by_hand() -> None:
    assert after([Correction("a", LESS)] * 10).level_shift == pytest.approx(10 * 5 / 25)
    assert after([Correction(str(who), LESS) for who in range(20)]).level_shift == pytest.approx(10 * 20 / 40)
    assert after([Correction("a", MORE)]).level_shift == pytest.approx(-10 / 21)


def test_overconfident_labels_raise_the_floor_by_hand() -> None:
    wrong = [Correction("a", SAME, "fear", "anger", 0.9)] * 2
    # Two labels, each .9 too sure: 2 × .9 / (2 + 20).
    assert after(wrong).certain_shift == pytest.approx(1.8 / 22)
    right = [Correction("a", SAME, "fear", "fear", 0.9)] * 2
    assert after(right).certain_shift == pytest.approx(-0.2 / 22)


@given(st.lists(corrections, max_size=40))
def test_whatever_is_said_stays_within_the_bounds(said: list[Correction]) -> None:
    result = after(said)
    assert abs(result.level_shift) < MOST_SHIFT
    assert abs(result.certain_shift) <= 0.1


@given(st.lists(corrections, max_size=20), st.randoms())
def test_order_does_not_matter(said: list[Correction], random: object) -> None:
    other = list(said)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert after(said).level_shift == pytest.approx(after(other).level_shift)
    assert after(said).certain_shift == pytest.approx(after(other).certain_shift)


@given(st.lists(corrections, max_size=20), st.integers(1, 500), st.sampled_from(Perceived))
def test_a_flood_by_one_person_moves_no_more_than_the_cap(
    others: list[Correction], flood: int, perceived: Perceived
) -> None:
    before = after(others)
    flooded = after([*others, *[Correction("troll", perceived)] * flood])
    cap = 2 * MOST_SHIFT * MOST_PER_SOURCE / (MOST_PER_SOURCE + PRIOR)
    assert abs(flooded.level_shift - before.level_shift) <= cap
    # More of the same changes nothing once the cap is reached.
    again = after([*others, *[Correction("troll", perceived)] * (flood + 500)])
    if flood >= MOST_PER_SOURCE:
        assert again.level_shift == pytest.approx(flooded.level_shift)


@given(st.lists(corrections, max_size=20))
def test_an_erased_source_leaves_no_trace(said: list[Correction]) -> None:
    kept = [one for one in said if one.source != "a"]
    assert after(said).without("a") == after(kept)


@given(st.lists(corrections, max_size=20))
def test_corrections_are_read_back_as_they_were_stored(said: list[Correction]) -> None:
    stored = json.loads(json.dumps(after(said).to_dict()))
    assert Recalibration.from_dict(stored) == after(said)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"version": 2, "tallies": {}},
        {"version": 1},
        {"version": 1, "tallies": {"a": [1]}},
        {"version": 1, "tallies": {"a": [1, 900.0, 0, 0.0]}},
        {"version": 1, "tallies": {"a": [1, float("nan"), 0, 0.0]}},
        {"version": 1, "tallies": {"a": ["1", 0.0, 0, 0.0]}},
        {"version": 1, "tallies": {"a": [-1, 0.0, 0, 0.0]}},
    ],
)
def test_damaged_corrections_are_refused(raw: dict[str, object]) -> None:
    with pytest.raises(FeedbackError):
        Recalibration.from_dict(raw)


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": ""},
        {"label": "greed", "shown_label": "anger", "shown_confidence": 0.5},
        {"label": "anger"},
        {"shown_confidence": 1.5},
    ],
)
def test_a_correction_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(FeedbackError):
        Correction(**({"source": "a", "perceived": LESS} | wrong))  # type: ignore[arg-type]


def state(level: float, name: StateName = StateName.CALM) -> CustomerState:
    return CustomerState(level, 0.0, name, 0.6, 3, since=NOW)


@given(st.floats(0, 100), st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_i_am_not_upset_holds_until_clear_words_have_worn_it_down(level: float, cues: list[float]) -> None:
    corrected: CustomerState | None = apply_correction(state(level, StateName.FRUSTRATED), LESS, now=NOW)
    ceiling = 35.0
    for cue in cues:
        corrected = update_state(corrected, emotion(cue), DialogueEvidence())
        # Only clear words of anger wear the correction down, and not at once.
        ceiling += 15.0 * cue * cue
        assert corrected is not None
        assert corrected.frustration <= ceiling
        assert ceiling >= 50 or corrected.name is not StateName.FRUSTRATED


@given(st.floats(0, 100), st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_i_am_upset_holds_until_the_matter_is_resolved(level: float, cues: list[float]) -> None:
    corrected: CustomerState | None = apply_correction(state(level), MORE, now=NOW)
    for cue in cues:
        corrected = update_state(corrected, emotion(cue), DialogueEvidence())
        assert corrected is not None
        assert corrected.frustration >= 50
        assert corrected.name is StateName.FRUSTRATED
    solved = update_state(corrected, emotion(0.0, label="happiness"), DialogueEvidence(resolved=True))
    assert solved is not None
    assert solved.frustration < 50


def test_a_confirmation_lifts_the_bound_of_an_earlier_correction() -> None:
    bound = apply_correction(state(60), LESS)
    free = apply_correction(bound, SAME)
    assert (free.floor, free.ceiling) == (0.0, 100.0)
    assert free.frustration == bound.frustration


def test_a_corrected_state_says_since_when() -> None:
    assert apply_correction(state(20), MORE, now=NOW).since == NOW
    assert apply_correction(state(20), MORE, now=NOW).confidence == 1.0
