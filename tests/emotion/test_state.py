"""The integrator and the names, with numbers worked out by hand from the formulas in emotion/state/."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion import StateOptions, update_state
from emotion.errors import StateError
from emotion.state.evidence import StateEvidence
from emotion.state.naming import NameOptions, name_state
from tests.emotion.builders import emotion
from vocabulary import CustomerState, DialogueEvidence, Emotion, ScoreError, StateName

NOTHING = DialogueEvidence()
ESCALATE_FROM = 70.0


def after(cues: Sequence[float], evidence: DialogueEvidence = NOTHING) -> CustomerState:
    state = None
    for cue in cues:
        state = update_state(state, emotion(cue), evidence)
    assert state is not None
    return state


def test_nothing_scored_ever_is_no_state() -> None:
    assert update_state(None, None, DialogueEvidence(fallbacks=3)) is None


def test_first_turn_by_hand() -> None:
    state = update_state(None, emotion(0.5), NOTHING)
    assert state is not None
    assert state.frustration == pytest.approx(62 * 0.25)
    assert state.trend == pytest.approx(15.5)
    assert (state.turns, state.name) == (1, StateName.CALM)
    assert state.confidence == pytest.approx(0.5)


def test_second_turn_remembers_four_fifths_by_hand() -> None:
    first = update_state(None, emotion(0.5), NOTHING)
    second = update_state(first, emotion(0.1), NOTHING)
    assert second is not None
    assert second.frustration == pytest.approx(0.8 * 15.5 + 62 * 0.01)
    assert second.trend == pytest.approx(second.frustration - 15.5)


def test_a_raised_voice_adds_a_fifth_by_hand() -> None:
    raised = update_state(None, emotion(0.5, arousal=1.0), NOTHING)
    assert raised is not None
    assert raised.frustration == pytest.approx(62 * 0.25 * 1.2)


def test_failures_of_the_assistant_weigh_on_top_by_hand() -> None:
    state = update_state(None, emotion(0.5), DialogueEvidence(fallbacks=1, repeats=1))
    assert state is not None
    assert state.frustration == pytest.approx(15.5 * 1.24 + 2 * 2.5)


def test_eight_polite_turns_stay_below_thirty() -> None:
    assert all(after([0.25] * turns).frustration < 30 for turns in range(1, 9))


def test_a_contented_customer_stays_low_whatever_fails() -> None:
    state = None
    for _ in range(8):
        state = update_state(state, emotion(0.02, label="happiness"), DialogueEvidence(fallbacks=2))
    assert state is not None
    assert state.frustration < 5


def test_a_calm_customer_of_a_failing_bot_is_not_handed_over_for_feelings() -> None:
    state = None
    for _ in range(10):
        state = update_state(state, emotion(0.1), DialogueEvidence(fallbacks=1, repeats=1))
    assert state is not None
    assert state.frustration < 35


@given(st.floats(0.0, 1.0), st.floats(-1.0, 1.0))
def test_no_first_message_alone_escalates(cue: float, arousal: float) -> None:
    state = update_state(None, emotion(cue, arousal=arousal), NOTHING)
    assert state is not None
    assert state.frustration < ESCALATE_FROM


def test_an_extreme_first_message_escalates_once_the_bot_has_failed_as_well() -> None:
    state = update_state(None, emotion(0.97, arousal=0.7), DialogueEvidence(fallbacks=1, repeats=1))
    assert state is not None
    assert state.frustration >= ESCALATE_FROM


def test_growing_frustration_escalates_in_the_fourth_or_fifth_turn() -> None:
    assert after([0.2, 0.5, 0.7]).frustration < ESCALATE_FROM
    assert after([0.2, 0.5, 0.7, 0.85, 0.9]).frustration >= ESCALATE_FROM


def test_third_time_ridiculous_raised_voice_and_failures_together_escalate() -> None:
    asked = update_state(None, emotion(0.1), NOTHING)
    again = update_state(asked, emotion(0.6, arousal=0.2), DialogueEvidence(repeats=1, fallbacks=1))
    state = update_state(again, emotion(0.8, arousal=0.6), DialogueEvidence(repeats=2, fallbacks=2))
    assert state is not None and again is not None
    assert again.frustration < ESCALATE_FROM <= state.frustration


def test_calm_turns_cool_down() -> None:
    hot = after([0.8, 0.8])
    levels = [hot.frustration]
    for _ in range(4):
        next_state = update_state(hot, emotion(0.02), NOTHING)
        assert next_state is not None
        hot = next_state
        levels.append(hot.frustration)
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < 35


def test_resolved_and_thanked_is_relieved_within_a_turn() -> None:
    hot = after([0.7, 0.8])
    assert hot.name is StateName.FRUSTRATED
    cooled = update_state(hot, emotion(0.01, label="happiness"), DialogueEvidence(resolved=True))
    assert cooled is not None
    assert cooled.name is StateName.RELIEVED
    assert cooled.frustration < 35
    assert cooled.trend < -15


def test_resolved_on_paper_does_not_cool_an_angry_customer() -> None:
    hot = after([0.8, 0.8])
    still = update_state(hot, emotion(0.9), DialogueEvidence(resolved=True))
    assert still is not None
    assert still.frustration >= ESCALATE_FROM


def test_the_name_does_not_flicker_around_one_level() -> None:
    frustrated = after([0.95])
    assert frustrated.name is StateName.FRUSTRATED
    still = update_state(frustrated, emotion(0.1), NOTHING)
    assert still is not None
    assert 35 <= still.frustration < 50
    assert still.name is StateName.FRUSTRATED
    # The same level reached from below is no frustration yet.
    assert after([0.82]).name is StateName.CALM


def test_only_three_names_are_ever_given() -> None:
    given_names = {after([cue, cue, 0.0, 0.0]).name for cue in (0.0, 0.3, 0.6, 0.9)}
    given_names |= {after([cue, cue]).name for cue in (0.0, 0.3, 0.6, 0.9)}
    assert given_names <= {StateName.CALM, StateName.FRUSTRATED, StateName.RELIEVED}


def test_a_turn_without_emotion_leaves_the_level_and_ages_the_confidence() -> None:
    before = after([0.8])
    same = update_state(before, None, DialogueEvidence(fallbacks=2))
    assert same is not None
    assert (same.frustration, same.trend, same.turns) == (before.frustration, 0.0, 1)
    assert same.confidence == pytest.approx(0.9 * before.confidence)
    assert same.name is before.name


def test_a_turn_without_emotion_still_cools_when_the_matter_is_resolved() -> None:
    before = after([0.8])
    cooled = update_state(before, None, DialogueEvidence(resolved=True))
    assert cooled is not None
    assert cooled.frustration == pytest.approx(before.frustration / 2)


def test_without_a_direct_cue_only_confident_anger_counts_by_hand() -> None:
    state = update_state(None, emotion(None, label="anger", top=0.5), NOTHING)
    assert state is not None
    # Confidence .8 × (anger .5 + disgust .5 / 6), squared.
    assert state.frustration == pytest.approx(62 * (0.8 * (0.5 + 0.5 / 6)) ** 2)


@given(
    st.lists(
        st.tuples(st.none() | st.floats(0, 1), st.floats(-1, 1), st.integers(0, 9), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_any_conversation_stays_within_range(turns: list[tuple[float | None, float, int, bool]]) -> None:
    state: CustomerState | None = None
    for cue, arousal, fallbacks, resolved in turns:
        reading: Emotion | None = None if cue is None else emotion(cue, arousal=arousal)
        state = update_state(state, reading, DialogueEvidence(fallbacks=fallbacks, resolved=resolved))
    # CustomerState checks its own ranges; what is left is that it exists as soon as one turn was scored.
    assert (state is None) == all(cue is None for cue, *_ in turns)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_stronger_cue_never_lowers_the_level(before: float, low: float, high: float) -> None:
    start = after([before])
    calmer = update_state(start, emotion(min(low, high)), NOTHING)
    hotter = update_state(start, emotion(max(low, high)), NOTHING)
    assert calmer is not None and hotter is not None
    assert calmer.frustration <= hotter.frustration + 1e-9


ALL = NameOptions(states=(StateName.UNSURE, StateName.STRESSED, StateName.CONFIDENT))
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


def names(turns: Sequence[Emotion], options: StateOptions) -> list[StateName]:
    state, found = None, []
    for turn in turns:
        state = update_state(state, turn, NOTHING, options=options)
        assert state is not None
        found.append(state.name)
    return found


def test_confusion_that_lasts_is_unsure_by_hand() -> None:
    confused = emotion(0.1, confusion=0.6)
    # Averages: .3, then .45 (from .4 on), then .225 and below .25 after a clear turn.
    assert names([confused, confused, emotion(0.1)], StateOptions()) == [
        StateName.CALM,
        StateName.UNSURE,
        StateName.CALM,
    ]


def test_stress_by_hand() -> None:
    shown = StateEvidence.of(emotion(0.1, label="fear", top=0.2, arousal=0.8, valence=-0.5))
    assert shown.stressed == pytest.approx(1 - 0.8 * (1 - 0.5 * 0.8 * 0.75))


def test_fear_that_lasts_is_stressed_where_the_use_case_knows_stress() -> None:
    afraid = emotion(0.2, label="fear", top=0.9, arousal=0.6)
    assert names([afraid] * 2, StateOptions(names=ALL))[-1] is StateName.STRESSED
    assert names([afraid] * 2, StateOptions())[-1] is StateName.CALM


def test_pleasure_without_doubt_is_confident() -> None:
    pleased = emotion(0.02, label="happiness", valence=0.9)
    assert names([pleased] * 2, StateOptions(names=ALL))[-1] is StateName.CONFIDENT
    doubtful = emotion(0.02, label="happiness", valence=0.9, hesitation=0.9)
    assert names([doubtful] * 2, StateOptions(names=ALL))[-1] is StateName.UNSURE


def test_more_states_than_a_use_case_may_have_are_refused() -> None:
    with pytest.raises(StateError, match="at most 3 besides calm"):
        NameOptions(states=(*ALL.states, StateName.FRUSTRATED))
    with pytest.raises(StateError, match="calm_below"):
        NameOptions(calm_below=60)
    with pytest.raises(StateError, match="shown_until"):
        NameOptions(shown_until=0.5)


def test_since_is_when_the_name_changed() -> None:
    calm = update_state(None, emotion(0.1), NOTHING, now=MORNING)
    still = update_state(calm, emotion(0.1), NOTHING, now=MORNING + timedelta(minutes=1))
    hot = update_state(still, emotion(0.97), NOTHING, now=MORNING + timedelta(minutes=2))
    hotter = update_state(hot, emotion(0.97), NOTHING, now=MORNING + timedelta(minutes=3))
    assert calm is not None and still is not None and hot is not None and hotter is not None
    assert (calm.since, still.since) == (MORNING, MORNING)
    assert hot.name is hotter.name is StateName.FRUSTRATED
    assert hot.since == hotter.since == MORNING + timedelta(minutes=2)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ScoreError, match="time zone"):
        update_state(None, emotion(0.1), NOTHING, now=MORNING.replace(tzinfo=None))


def test_a_state_is_read_back_and_an_old_row_as_well() -> None:
    state = update_state(None, emotion(0.6, confusion=0.5), NOTHING, now=MORNING)
    assert state is not None
    assert CustomerState.from_dict(state.to_dict()) == state
    old = {"frustration": 12.0, "trend": -1.0, "name": "calm", "confidence": 0.5, "turns": 2}
    assert CustomerState.from_dict(old) == CustomerState(12.0, -1.0, StateName.CALM, 0.5, 2)


def test_a_question_asked_again_counts_as_a_failure_by_hand() -> None:
    state = update_state(None, emotion(0.5), DialogueEvidence(reasked_slots=2))
    assert state is not None
    assert state.frustration == pytest.approx(15.5 * 1.24 + 2 * 2.5)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=12), st.floats(0, 60), st.floats(60, 100)
)
def test_the_level_stays_within_the_bounds_of_a_correction(
    turns: list[tuple[float, bool]], floor: float, ceiling: float
) -> None:
    state: CustomerState | None = CustomerState(60.0, 0.0, StateName.FRUSTRATED, 0.8, 1, floor=floor, ceiling=ceiling)
    resolved_before = False
    for cue, resolved in turns:
        state = update_state(state, emotion(cue), DialogueEvidence(resolved=resolved))
        assert state is not None
        resolved_before = resolved_before or resolved
        ceiling = min(100.0, ceiling + 15.0 * cue * cue)
        assert state.frustration <= ceiling + 1e-9
        assert resolved_before or state.frustration >= floor


def test_new_and_clear_anger_outgrows_an_older_word_to_the_contrary() -> None:
    state: CustomerState | None = CustomerState(30.0, 0.0, StateName.CALM, 1.0, 1, ceiling=35.0)
    levels = []
    for cue in (0.2, 0.95, 0.95, 0.95):
        state = update_state(state, emotion(cue), DialogueEvidence())
        assert state is not None
        levels.append(state.frustration)
    assert levels[1] < 50 and levels[-1] > 70


@given(st.floats(0, 100), st.lists(st.floats(-7.0, 7.0), min_size=2, max_size=60))
def test_a_noisy_level_changes_the_name_at_most_twice(centre: float, noise: list[float]) -> None:
    """Noise of 7 points around any level is less than the 15 between a name's beginning and end."""
    state = CustomerState(centre, 0.0, StateName.CALM, 0.8, 1)
    changes = 0
    for away in noise:
        level = min(100.0, max(0.0, centre + away))
        name = name_state(state, level, StateEvidence(), NameOptions())
        changes += name is not state.name
        state = CustomerState(level, 0.0, name, 0.8, 1)
    assert changes <= 2


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=80))
def test_evidence_changes_a_name_only_as_often_as_it_really_moves(values: list[float]) -> None:
    """Every beginning after an end needs a rise of the gap between the two thresholds."""
    options = NameOptions()
    state = CustomerState(0.0, 0.0, StateName.CALM, 0.8, 1)
    begun, rise, lowest = 0, 0.0, 1.0
    for value in values:
        name = name_state(state, 0.0, StateEvidence(unsure=value), options)
        begun += name is StateName.UNSURE and state.name is StateName.CALM
        rise += max(0.0, value - lowest)
        lowest = value
        state = CustomerState(0.0, 0.0, name, 0.8, 1)
    assert begun <= 1 + rise / (options.shown_from - options.shown_until)
