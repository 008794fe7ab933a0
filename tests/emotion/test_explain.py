"""Explanations: what is named first is what moves the score, in the direction that is told; no jargon for customers."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion import Audience, explain, fuse, update_state
from emotion.explain import HARDLY, influences
from tests.emotion.builders import score
from tests.emotion.strategies import score_sets
from vocabulary import LABELS, Assessment, Decision, DialogueEvidence, Feature, Modality, ModalityScore, Mode

CALM = Decision(Mode.NEUTRAL, True, False, "Frustration is 10 of 100; the dialogue runs normally.")
MOVED = re.compile(r"what counts most is the (\w+) .*which (raises|lowers) the (.+) from (\S+) to (\d\.\d\d)")
SOLE = re.compile(r"what counts most is the (\w+) .*the only source of the")
SOURCES = {"your words": Modality.TEXT, "your tone of voice": Modality.VOICE, "your face": Modality.FACE}


def assessed(scores: list[ModalityScore]) -> Assessment:
    emotion = fuse(scores)
    return Assessment(
        "c", "m", tuple(scores), {Modality.FACE: "no consent"}, emotion, update_state(None, emotion, DialogueEvidence())
    )


def target(scores: list[ModalityScore], label: str, by_cue: bool) -> float | None:
    """The explained score, computed here again from the rule and not from the code under test."""
    emotion = fuse(scores)
    if emotion is None:
        return None
    return emotion.frustration_cue if by_cue else emotion.probability(label)


@given(score_sets())
def test_without_the_named_source_the_score_moves_the_way_it_is_told(scores: list[ModalityScore]) -> None:
    assessment = assessed(scores)
    assert assessment.emotion is not None
    label, by_cue = assessment.emotion.label, assessment.emotion.frustration_cue is not None
    whole = target(scores, label, by_cue)
    without = {one.modality: target([other for other in scores if other is not one], label, by_cue) for one in scores}
    assert whole is not None
    sentence = explain(assessment, CALM, audience=Audience.AGENT)[0]
    told = MOVED.search(sentence)
    if told is None:
        sole = SOLE.search(sentence)
        if sole is not None:
            assert without[Modality(sole[1])] is None
        else:
            assert all(value is not None and abs(whole - value) <= HARDLY + 1e-9 for value in without.values())
        return
    rest = without[Modality(told[1])]
    assert rest is not None
    assert (whole > rest) == (told[2] == "raises")
    assert float(told[4]) == pytest.approx(rest, abs=0.006)
    assert float(told[5]) == pytest.approx(whole, abs=0.006)
    # Nothing else moves it more.
    assert all(value is not None and abs(whole - value) <= abs(whole - rest) + 1e-9 for value in without.values())


@given(score_sets())
def test_the_source_that_the_customer_reads_really_raised_the_score(scores: list[ModalityScore]) -> None:
    assessment = assessed(scores)
    assert assessment.emotion is not None
    told = re.match(r"Mainly from ([a-z ]+?),", explain(assessment, CALM, audience=Audience.CUSTOMER)[0])
    if told is None or told[1] not in SOURCES:
        return
    label, by_cue = assessment.emotion.label, assessment.emotion.frustration_cue is not None
    rest = target([one for one in scores if one.modality is not SOURCES[told[1]]], label, by_cue)
    whole = target(scores, label, by_cue)
    assert rest is None or (whole is not None and whole > rest)


decisions = st.builds(
    Decision,
    mode=st.sampled_from(Mode),
    offers_allowed=st.booleans(),
    escalate=st.booleans(),
    reason=st.just("Because."),
    clarify=st.booleans(),
)


@given(score_sets(), decisions, st.sampled_from(Audience))
def test_every_explanation_has_two_or_three_sentences(
    scores: list[ModalityScore], decision: Decision, audience: Audience
) -> None:
    told = explain(assessed(scores), decision, audience=audience)
    assert 2 <= len(told) <= 3
    assert all(one[0].isupper() and one.endswith(".") for one in told)


@given(score_sets(), decisions)
def test_the_customer_reads_no_label_no_number_and_how_to_correct(
    scores: list[ModalityScore], decision: Decision
) -> None:
    told = " ".join(explain(assessed(scores), decision, audience=Audience.CUSTOMER))
    words = set(re.findall(r"[a-z]+", told.lower()))
    assert not words & (set(LABELS) | {"frustrated", "frustration", "confidence", "score", "probability", "cue"})
    assert not re.search(r"\d", told)
    assert "your word counts" in told


def test_without_an_assessment_that_is_what_is_told() -> None:
    nothing = Assessment("c", "m", absent={Modality.TEXT: "no consent"})
    assert explain(nothing, CALM, audience=Audience.CUSTOMER) == (
        "Nothing about how you feel was assessed in this message.",
        "The assistant went on as usual.",
    )
    assert "text: no consent" in explain(nothing, CALM, audience=Audience.AGENT)[0]
    assert explain(nothing, CALM, audience=Audience.AUDITOR)[0] == "No modality was scored: text absent (no consent)."


def test_the_agent_reads_which_words_and_tones_by_hand() -> None:
    hot = replace(
        score(Modality.TEXT, "anger", 0.8, confidence=0.5, cue=0.8),
        features=(Feature("capitals", 1.0, "writes in capitals"), Feature("said_again", 1.0, "says the same again")),
    )
    raised = score(Modality.VOICE, "anger", 0.5, confidence=0.5, cue=0.5)
    # Cue 1 - .2 × .75 = .85; without the words .5, without the voice .8. Level 62 × .85² = 45.
    told = explain(assessed([hot, raised]), CALM, audience=Audience.AGENT)
    assert told == (
        "Frustration is 45 of 100 (up 45); what counts most is the text (writes in capitals, says the same again), "
        "which raises the cue of dissatisfaction from 0.50 to 0.85.",
        CALM.reason,
    )


def test_a_contradiction_is_told_to_all_three() -> None:
    assessment = assessed(
        [score(Modality.TEXT, "happiness", 0.8, cue=0.1), score(Modality.VOICE, "anger", 0.7, cue=0.6)]
    )
    assert "do not fit together" in explain(assessment, CALM, audience=Audience.CUSTOMER)[0]
    assert "contradict each other" in explain(assessment, CALM, audience=Audience.AGENT)[0]
    assert "mixed)" in explain(assessment, CALM, audience=Audience.AUDITOR)[1]


def test_the_auditor_reads_weights_thresholds_and_versions() -> None:
    assessment = assessed([score(Modality.TEXT, "anger", 0.8, cue=0.8), score(Modality.VOICE, "anger", 0.7, cue=0.2)])
    assert assessment.emotion is not None
    told = " ".join(explain(assessment, CALM, audience=Audience.AUDITOR, levels={"slow": 35.0}))
    for share in assessment.emotion.contributions.values():
        assert f"weight {share:.2f}" in told
    for words in ("constants unfitted", "floor 0.50", "threshold 0.50", "face absent (no consent)", "slow from 35"):
        assert words in told
    assert "other constants" not in told


def test_constants_that_have_changed_since_are_told_to_the_auditor() -> None:
    assessment = assessed([score(Modality.TEXT, "anger", 0.8, cue=0.8), score(Modality.VOICE, "fear", 0.7, cue=0.2)])
    assert assessment.emotion is not None
    older = replace(assessment, emotion=replace(assessment.emotion, frustration_cue=0.3))
    assert "other constants than at the time" in explain(older, CALM, audience=Audience.AUDITOR)[1]


def test_the_sole_source_comes_first() -> None:
    found = influences(assessed([score(Modality.TEXT, cue=0.4), score(Modality.VOICE, "fear")]))
    assert found[0].modality is Modality.TEXT
    assert found[0].change is None
