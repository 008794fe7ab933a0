"""Decisions, with numbers worked out by hand from the table in journey/decision.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import Levels, decide, decide_unassessed, is_uncertain
from vocabulary import CustomerState, Decision, DialogueEvidence, Emotion, Modality, Mode, StateName


def state(frustration: float, confidence: float = 0.8) -> CustomerState:
    return CustomerState(frustration, 0.0, StateName.CALM, confidence, turns=3)


def emotion(*, mixed: bool = False, certain: bool = True, cue: float | None = None) -> Emotion:
    return Emotion(
        probabilities=(0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
        confidence=0.6,
        contributions={Modality.TEXT: 1.0},
        mixed=mixed,
        certain=certain,
        frustration_cue=cue,
    )


NOTHING = DialogueEvidence()


@pytest.mark.parametrize(
    ("frustration", "mode", "offers", "escalate"),
    [
        (0, Mode.NEUTRAL, True, False),
        (34.9, Mode.NEUTRAL, True, False),
        (35, Mode.SLOW, True, False),
        (54.9, Mode.SLOW, True, False),
        (55, Mode.NO_SELL, False, False),
        (69.9, Mode.NO_SELL, False, False),
        (70, Mode.NO_SELL, False, True),
        (100, Mode.NO_SELL, False, True),
    ],
)
def test_level_sets_mode_offers_and_person(frustration: float, mode: Mode, offers: bool, escalate: bool) -> None:
    decision = decide(state(frustration), emotion(), NOTHING)
    assert (decision.mode, decision.offers_allowed, decision.escalate) == (mode, offers, escalate)
    assert decision.reason.count("of 100") == 1, "agents read the level once"


def test_without_assessment_the_journey_is_neutral_and_complete() -> None:
    decision = decide(None, None, NOTHING)
    assert decision == Decision(Mode.NEUTRAL, True, False, "No emotion was assessed; the dialogue runs normally.")


@pytest.mark.parametrize(
    "evidence",
    [
        DialogueEvidence(asks_for_person=True),
        DialogueEvidence(sensitive_topic="safety"),
        DialogueEvidence(fallbacks=3),
        DialogueEvidence(repeats=2, action_failures=2),
    ],
)
def test_person_comes_without_any_emotion(evidence: DialogueEvidence) -> None:
    assert decide(None, None, evidence).escalate


@pytest.mark.parametrize("evidence", [DialogueEvidence(fallbacks=2), DialogueEvidence(repeats=1, action_failures=1)])
def test_some_friction_slows_down_but_does_not_hand_over(evidence: DialogueEvidence) -> None:
    decision = decide(None, None, evidence)
    assert decision.mode is Mode.SLOW
    assert not decision.escalate


def test_offers_return_only_below_the_recovery_margin() -> None:
    before = decide(state(60), emotion(), NOTHING)
    assert not decide(state(50), emotion(), NOTHING, before).offers_allowed
    assert decide(state(50), emotion(), NOTHING, None).offers_allowed
    assert decide(state(44.9), emotion(), NOTHING, before).offers_allowed


def test_a_level_nobody_can_trust_hands_nobody_over() -> None:
    assert not decide(state(90, confidence=0.2), emotion(), NOTHING).escalate


def test_contradicting_modalities_do_not_hand_over_by_emotion_alone() -> None:
    assert not decide(state(90), emotion(mixed=True), NOTHING).escalate
    assert decide(state(90), emotion(mixed=True), DialogueEvidence(asks_for_person=True)).escalate


def test_danger_waits_first_in_the_queue() -> None:
    danger = decide(None, None, DialogueEvidence(sensitive_topic="safety"))
    angry = decide(state(95), emotion(), NOTHING)
    assert danger.priority == 100 > angry.priority == 95


evidences = st.builds(
    DialogueEvidence,
    fallbacks=st.integers(0, 6),
    repeats=st.integers(0, 6),
    action_failures=st.integers(0, 6),
    asks_for_person=st.booleans(),
    sensitive_topic=st.sampled_from([None, "safety", "legal"]),
)
states = st.none() | st.builds(
    CustomerState,
    frustration=st.floats(0, 100),
    trend=st.floats(-100, 100),
    name=st.sampled_from(StateName),
    confidence=st.floats(0, 1),
    turns=st.integers(1, 50),
)


@given(states, evidences)
def test_nothing_is_offered_while_selling_would_hurt(
    customer: CustomerState | None, evidence: DialogueEvidence
) -> None:
    decision = decide(customer, None, evidence)
    if decision.escalate or decision.mode is Mode.NO_SELL:
        assert not decision.offers_allowed
    assert decision.reason
    assert 0 <= decision.priority <= 100


@given(states, evidences)
def test_emotion_off_never_loses_the_way_to_a_person(
    customer: CustomerState | None, evidence: DialogueEvidence
) -> None:
    if decide(None, None, evidence).escalate:
        assert decide(customer, None, evidence).escalate


UNSURE = emotion(certain=False, cue=0.5)


@pytest.mark.parametrize(
    ("reading", "uncertain"),
    [
        (None, False),
        (emotion(), False),
        (emotion(mixed=True, cue=0.95), True),
        (emotion(certain=False), True),
        (emotion(certain=False, cue=0.5), True),
        # The label is open between anger and disgust; that the customer is displeased is not.
        (emotion(certain=False, cue=0.95), False),
        (emotion(certain=False, cue=0.05), False),
    ],
)
def test_when_a_reading_is_too_unsure_to_act_on(reading: Emotion | None, uncertain: bool) -> None:
    assert is_uncertain(reading) is uncertain


@pytest.mark.parametrize("level", [40, 60, 90])
def test_an_unsure_reading_asks_one_question_instead_of_acting(level: float) -> None:
    before = decide(state(10), emotion(), NOTHING)
    asked = decide(state(level), UNSURE, NOTHING, before)
    assert (asked.mode, asked.clarify, asked.escalate, asked.offers_allowed) == (Mode.NEUTRAL, True, False, False)
    # The next turn acts, sure or not: the question was asked.
    after = decide(state(level), UNSURE, NOTHING, asked)
    assert not after.clarify
    assert after == Decision(
        after.mode,
        after.offers_allowed,
        level >= 70,
        after.reason,
        priority=90 if level >= 70 else 0,
        clarified=True,
        may_ask=False,
    )
    assert after.mode is not Mode.NEUTRAL


def test_an_unsure_reading_that_changes_nothing_asks_nothing() -> None:
    assert not decide(state(10), UNSURE, NOTHING).clarify
    slow = decide(state(40), emotion(), NOTHING)
    assert not decide(state(41), UNSURE, NOTHING, slow).clarify


def test_a_person_who_is_asked_for_comes_at_once_however_unsure_the_reading() -> None:
    asked = decide(state(90), UNSURE, DialogueEvidence(asks_for_person=True))
    assert asked.escalate
    assert not asked.clarify


def test_a_new_matter_may_be_asked_about_again() -> None:
    asked = decide(state(60), UNSURE, NOTHING)
    solved = decide(state(20), emotion(), DialogueEvidence(resolved=True), asked)
    assert asked.clarify
    assert not solved.clarified
    assert decide(state(60), UNSURE, NOTHING, solved).clarify


readings = st.none() | st.builds(emotion, mixed=st.booleans(), certain=st.booleans(), cue=st.none() | st.floats(0, 1))


@given(st.lists(st.tuples(st.floats(0, 100), readings), min_size=1, max_size=30))
def test_at_most_one_neutral_question_until_the_matter_is_resolved(turns: list[tuple[float, Emotion | None]]) -> None:
    previous, asked = None, 0
    for level, reading in turns:
        previous = decide(state(level), reading, NOTHING, previous)
        asked += previous.clarify
        assert not (previous.clarify and (previous.escalate or previous.offers_allowed))
    assert asked <= 1


@given(st.floats(0, 100), st.lists(st.floats(-4.9, 4.9), min_size=2, max_size=60))
def test_a_noisy_level_changes_the_mode_at_most_twice(centre: float, noise: list[float]) -> None:
    """Noise of under 5 points to each side is less than the 10 between a mode's beginning and end."""
    previous, changes = None, 0
    for away in noise:
        decision = decide(state(min(100.0, max(0.0, centre + away))), emotion(), NOTHING, previous)
        changes += previous is not None and decision.mode is not previous.mode
        previous = decision
    assert changes <= 2


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60))
def test_modes_change_only_as_often_as_the_level_really_moves(levels: list[float]) -> None:
    previous, calmed, fall = None, 0, 0.0
    before = levels[0]
    for level in levels:
        decision = decide(state(level), emotion(), NOTHING, previous)
        if previous is not None:
            calmed += list(Mode).index(decision.mode) < list(Mode).index(previous.mode)
        fall += max(0.0, before - level)
        before, previous = level, decision
    # Every change for the calmer needs a fall of the margin.
    assert calmed <= fall / 10.0 + 1e-9


def test_every_mode_has_its_place() -> None:
    for mode in Mode:
        assert decide(state(10), emotion(), NOTHING, Decision(mode, True, False, "before")).mode is Mode.NEUTRAL


def test_levels_shift_together_and_stay_on_the_scale() -> None:
    assert Levels().shifted(5) == Levels(40, 60, 75)
    assert Levels().shifted(1000) == Levels(65, 85, 100)
    assert Levels().shifted(-1000) == Levels(10, 30, 45)
    assert decide(state(38), emotion(), NOTHING, levels=Levels().shifted(5)).mode is Mode.NEUTRAL
    with pytest.raises(ValueError, match="expected 0 < slow"):
        Levels(slow=60)


def test_a_decision_is_read_back_and_an_old_row_as_well() -> None:
    asked = decide(state(60), UNSURE, NOTHING)
    assert Decision.from_dict(asked.to_dict()) == asked
    old = {"mode": "slow", "offers_allowed": True, "escalate": False, "reason": "r", "priority": 0}
    assert Decision.from_dict(old) == Decision(Mode.SLOW, True, False, "r")


def test_a_question_asked_again_and_again_brings_a_person() -> None:
    decision = decide(None, None, DialogueEvidence(reasked_slots=4))
    assert decision.escalate
    assert "the same question asked again 4 times" in decision.reason


@pytest.mark.parametrize(
    ("level", "evidence", "may_ask"),
    [
        (None, NOTHING, True),
        (None, DialogueEvidence(fallbacks=1), True),
        (None, DialogueEvidence(fallbacks=1, repeats=1), False),
        (None, DialogueEvidence(complained=True), False),
        (None, DialogueEvidence(asks_for_person=True), False),
        (None, DialogueEvidence(sensitive_topic="legal"), False),
        (34.9, NOTHING, True),
        (35.0, NOTHING, False),
        (80.0, NOTHING, False),
    ],
)
def test_nobody_is_asked_for_consent_in_a_bad_moment(
    level: float | None, evidence: DialogueEvidence, may_ask: bool
) -> None:
    decision = decide(None if level is None else state(level), None, evidence)
    assert decision.may_ask is may_ask
    assert Decision.from_dict(decision.to_dict()) == decision


@pytest.mark.parametrize(("level", "mode", "offers"), [(20, Mode.NEUTRAL, True), (60, Mode.NO_SELL, False)])
def test_a_turn_that_is_never_assessed_goes_on_in_the_manner_of_the_one_before(
    level: float, mode: Mode, offers: bool
) -> None:
    before = decide(state(level), emotion(), NOTHING)
    now = decide_unassessed(NOTHING, before)
    assert (now.mode, now.offers_allowed, now.escalate, now.may_ask) == (mode, offers, False, False)
    assert "of 100" not in now.reason
    assert decide_unassessed(NOTHING, None).mode is Mode.NEUTRAL
    assert decide_unassessed(DialogueEvidence(sensitive_topic="safety"), before).escalate
