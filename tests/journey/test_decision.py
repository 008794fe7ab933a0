"""Decisions, with numbers worked out by hand from the table in journey/decision.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import decide
from vocabulary import CustomerState, Decision, DialogueEvidence, Emotion, Modality, Mode, StateName


def state(frustration: float, confidence: float = 0.8) -> CustomerState:
    return CustomerState(frustration, 0.0, StateName.CALM, confidence, turns=3)


def emotion(*, mixed: bool = False) -> Emotion:
    return Emotion(
        probabilities=(0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
        confidence=0.6,
        contributions={Modality.TEXT: 1.0},
        mixed=mixed,
        certain=True,
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
