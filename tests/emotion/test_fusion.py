"""Fusion: one suite of rules for any set of scores, and a few results worked out by hand."""

import json
import math
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion import FusionError, FusionOptions, ModelError, fuse
from emotion.fusion.pooling import contradiction, pooled_probabilities
from tests.emotion.builders import score, spread
from tests.emotion.conftest import MODELS
from tests.emotion.strategies import VOICE_LABELS, score_sets, scores
from vocabulary import LABELS, Modality, ModalityScore


def test_nothing_present_is_no_emotion() -> None:
    assert fuse([]) is None


@given(scores(Modality.VOICE))
def test_one_modality_alone_is_its_own_calibrated_reading(only: ModalityScore) -> None:
    fused = fuse([only])
    assert fused is not None
    assert fused.probabilities == only.probabilities
    assert fused.confidence == pytest.approx(only.confidence)
    assert (fused.arousal, fused.valence, fused.frustration_cue) == (only.arousal, only.valence, only.frustration_cue)
    assert not fused.mixed


@given(score_sets())
def test_order_does_not_matter(present: list[ModalityScore]) -> None:
    results = [fuse(list(order)) for order in permutations(present)]
    assert all(result == results[0] for result in results)


@given(score_sets())
def test_result_is_bounded_by_what_went_in(present: list[ModalityScore]) -> None:
    fused = fuse(present)
    assert fused is not None
    assert sum(fused.probabilities) == pytest.approx(1.0)
    assert sum(fused.contributions.values()) == pytest.approx(1.0)
    assert 0.0 <= fused.confidence <= 1.0
    cues = [one.frustration_cue for one in present if one.frustration_cue is not None]
    if cues and fused.frustration_cue is not None:
        none_of_them = math.prod(1.0 - cue for cue in cues)
        assert min(cues) - 1e-9 <= fused.frustration_cue <= 1.0 - none_of_them + 1e-9
    else:
        assert fused.frustration_cue is None


@given(scores(Modality.TEXT), scores(Modality.VOICE))
def test_a_modality_without_confidence_equals_never_having_had_it(text: ModalityScore, voice: ModalityScore) -> None:
    if text.confidence < 0.05:
        return
    silent = ModalityScore(Modality.VOICE, voice.probabilities, confidence=0.0, known_labels=voice.known_labels)
    alone, together = fuse([text]), fuse([text, silent])
    assert alone is not None and together is not None
    # Only labels that all but vanish may differ: pooling keeps them from being vetoed.
    assert together.probabilities == pytest.approx(alone.probabilities, abs=1e-3)
    assert together.confidence == pytest.approx(alone.confidence, abs=1e-3)
    if alone.frustration_cue is not None:
        assert together.frustration_cue == pytest.approx(alone.frustration_cue)


@given(st.permutations(range(len(LABELS))), scores(Modality.TEXT), scores(Modality.FACE))
def test_no_label_is_special_to_pooling(order: list[int], text: ModalityScore, face: ModalityScore) -> None:
    def renamed(one: ModalityScore) -> ModalityScore:
        return ModalityScore(
            one.modality, tuple(one.probabilities[i] for i in order), one.confidence, known_labels=LABELS
        )

    def plain(one: ModalityScore) -> ModalityScore:
        return ModalityScore(one.modality, one.probabilities, one.confidence, known_labels=LABELS)

    before, after = fuse([plain(text), plain(face)]), fuse([renamed(text), renamed(face)])
    assert before is not None and after is not None
    assert after.probabilities == pytest.approx([before.probabilities[i] for i in order])


def test_two_equal_readings_pool_to_the_same_reading_by_hand() -> None:
    # Reliability 1 × .6 for text, .5 × .6 for voice: shares 2/3 and 1/3.
    fused = fuse([score(Modality.TEXT, "anger", 0.6), score(Modality.VOICE, "anger", 0.6)])
    assert fused is not None
    assert fused.contributions == pytest.approx({Modality.TEXT: 2 / 3, Modality.VOICE: 1 / 3})
    assert fused.probability("anger") == pytest.approx(0.6)
    assert fused.confidence == pytest.approx(0.6)


def test_pooling_is_the_weighted_geometric_mean_by_hand() -> None:
    text = ModalityScore(Modality.TEXT, (0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2), confidence=0.5)
    face = ModalityScore(Modality.FACE, (0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.8), confidence=1.0)
    # Shares: 1 × .5 and .5 × 1, so one half each: sqrt(.8 × .2) = .4 for both; the empty labels sqrt(1e-4²) each.
    fused = fuse([text, face])
    assert fused is not None
    total = 0.4 + 0.4 + 5 * 1e-4
    assert fused.probability("anger") == pytest.approx(0.4 / total)
    assert fused.probability("neutral") == pytest.approx(0.4 / total)


def test_a_label_unknown_to_a_scorer_keeps_the_others_view() -> None:
    surprised = score(Modality.TEXT, "surprise", 0.9)
    voice = score(Modality.VOICE, "neutral", 0.6, known=VOICE_LABELS)
    fused = fuse([surprised, voice])
    assert fused is not None
    assert fused.label == "surprise"
    # Nine tenths stay with surprise: the voice only shares out what is left..
    assert fused.probability("surprise") == pytest.approx(0.9, abs=0.03)


def test_agreement_of_repeated_observations_keeps_confidence_and_disagreement_lowers_it() -> None:
    agree = fuse([score(Modality.TEXT, "anger", 0.7), score(Modality.VOICE, "anger", 0.7)])
    disagree = fuse([score(Modality.TEXT, "anger", 0.7), score(Modality.VOICE, "sadness", 0.7)])
    assert agree is not None and disagree is not None
    assert agree.confidence == pytest.approx(0.7)
    assert disagree.confidence < 0.6


def test_glad_words_in_an_angry_voice_are_mixed_and_not_certain() -> None:
    fused = fuse([score(Modality.TEXT, "happiness", 0.8), score(Modality.VOICE, "anger", 0.55)])
    assert fused is not None
    assert fused.mixed
    assert not fused.certain


def test_a_flat_voice_does_not_contradict_angry_words() -> None:
    fused = fuse([score(Modality.TEXT, "anger", 0.8), score(Modality.VOICE, "neutral", 0.6)])
    assert fused is not None
    assert not fused.mixed


def test_a_hesitant_contradiction_is_none() -> None:
    fused = fuse([score(Modality.TEXT, "happiness", 0.8), score(Modality.VOICE, "anger", 0.3)])
    assert fused is not None
    assert not fused.mixed


def test_a_raised_voice_adds_to_hot_words_by_hand() -> None:
    hot = score(Modality.TEXT, "anger", 0.5, confidence=0.5, cue=0.8)
    # Weights 1 × .5 and .5 × .5: the voice counts half of the text.
    raised = fuse([hot, score(Modality.VOICE, "anger", 0.5, confidence=0.5, cue=0.5)])
    assert raised is not None
    assert raised.frustration_cue == pytest.approx(1 - 0.2 * (1 - 0.5 * 0.5))


def test_a_flat_voice_takes_nothing_from_hot_words() -> None:
    hot = score(Modality.TEXT, "anger", 0.5, confidence=0.5, cue=0.8)
    flat = fuse([hot, score(Modality.VOICE, "neutral", 0.6, cue=0.0)])
    assert flat is not None
    assert flat.frustration_cue == pytest.approx(0.8)


def test_contradiction_by_hand() -> None:
    opposed = [score(Modality.TEXT, "happiness", 0.8), score(Modality.VOICE, "anger", 0.55)]
    assert contradiction(opposed) == pytest.approx(math.sqrt(0.8 * 0.55))
    assert contradiction(opposed[:1]) == 0.0


def test_a_surprise_is_on_the_side_of_its_valence() -> None:
    angry = score(Modality.VOICE, "anger", 0.8)
    glad = replace(score(Modality.TEXT, "surprise", 0.9), valence=0.6)
    assert contradiction([glad, angry]) == pytest.approx(math.sqrt(0.9 * 0.8))
    assert contradiction([replace(glad, valence=0.1), angry]) < 0.3


@given(score_sets(), st.floats(0.0, 1.0))
def test_agreement_never_changes_one_modality_and_never_leaves_the_range(
    present: list[ModalityScore], agreement: float
) -> None:
    options = FusionOptions(agreement=agreement)
    fused, plain = fuse(present, options=options), fuse(present)
    assert fused is not None and plain is not None
    assert sum(fused.probabilities) == pytest.approx(1.0)
    if len(present) == 1:
        assert fused.probabilities == plain.probabilities


def test_independent_observations_that_agree_make_each_other_surer_by_hand() -> None:
    # Equal shares: two effective observations, so the geometric mean is squared: .6² / (.6² + .4²).
    two = [
        ModalityScore(Modality.TEXT, (0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4), confidence=0.6),
        ModalityScore(Modality.VOICE, (0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4), confidence=0.6),
    ]
    options = FusionOptions(reliability={"text": 1.0, "voice": 1.0}, agreement=1.0)
    fused = fuse(two, options=options)
    assert fused is not None
    assert fused.probability("anger") == pytest.approx(0.36 / 0.52, abs=1e-4)
    assert fused.confidence == pytest.approx(0.36 / 0.52, abs=1e-4)


def test_a_habit_that_two_share_is_counted_once_by_hand() -> None:
    # Both say neutral half of the time whatever they see: .5 and .5 are no news, and the habit stays as it is.
    half = (0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5)
    options = FusionOptions(reliability={"text": 1.0, "voice": 1.0}, agreement=1.0, habit={"text": half, "voice": half})
    fused = fuse([ModalityScore(one, half, confidence=0.5) for one in (Modality.TEXT, Modality.VOICE)], options=options)
    assert fused is not None
    assert fused.probabilities == pytest.approx(half, abs=1e-3)
    # .8 against a habit of .5, twice: .8² / .5 to .2² / .5, that is .64 to .04.
    surer = (0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2)
    fused = fuse(
        [ModalityScore(one, surer, confidence=0.8) for one in (Modality.TEXT, Modality.VOICE)], options=options
    )
    assert fused is not None
    assert fused.probability("anger") == pytest.approx(0.64 / 0.68, abs=1e-3)


@given(score_sets(), st.floats(0.0, 1.0))
def test_pooling_alone_gives_the_same_distribution(present: list[ModalityScore], agreement: float) -> None:
    options = FusionOptions(agreement=agreement)
    fused = fuse(present, options=options)
    assert fused is not None
    assert tuple(pooled_probabilities(present, options=options)) == fused.probabilities


def test_nothing_cannot_be_pooled() -> None:
    with pytest.raises(FusionError, match="no scores"):
        pooled_probabilities([])


@given(scores(Modality.TEXT), st.floats(1.0, 5.0))
def test_a_temperature_softens_and_keeps_the_label(only: ModalityScore, temperature: float) -> None:
    fused = fuse([only], options=FusionOptions(temperature={"text": temperature}))
    assert fused is not None
    assert max(fused.probabilities) <= max(only.probabilities) + 1e-9
    assert fused.confidence <= only.confidence + 1e-9
    assert fused.probability(LABELS[only.probabilities.index(max(only.probabilities))]) == max(fused.probabilities)


def test_a_modality_that_nobody_measured_counts_a_quarter_of_text() -> None:
    fused = fuse([score(Modality.TEXT), score(Modality.GESTURE)])
    assert fused is not None
    assert fused.contributions[Modality.GESTURE] == pytest.approx(0.2)


def test_options_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    options = FusionOptions(
        reliability={"text": 1.0, "voice": 0.7},
        temperature={"text": 1.2},
        agreement=0.5,
        habit={"text": (0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.3)},
        habit_kept=0.9,
        certain_from=0.55,
        contradiction_from=0.45,
        version="v1",
    )
    (tmp_path / "meta.json").write_text(json.dumps(options.to_dict()), encoding="utf-8")
    assert FusionOptions.load(tmp_path) == options


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "holds no fitted fusion"),
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        (json.dumps(FusionOptions().to_dict() | {"kind": "voice"}), "expected"),
        (json.dumps(FusionOptions().to_dict() | {"agreement": 3}), "agreement is 3.0"),
        (json.dumps(FusionOptions().to_dict() | {"habit": {"text": [1.0]}}), "habit of text has 1 numbers"),
        (json.dumps(FusionOptions().to_dict() | {"temperature": {"text": 0.5}}), "temperature of text"),
        (json.dumps(FusionOptions().to_dict() | {"reliability": {"text": None}}), "cannot be read"),
    ],
)
def test_a_damaged_file_is_told_with_the_next_step(tmp_path: Path, content: str | None, words: str) -> None:
    if content is not None:
        (tmp_path / "meta.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=words) as caught:
        FusionOptions.load(tmp_path)
    assert "attune emotion calibrate" in str(caught.value)


def test_sentiment_engagement_and_nuances_meet_by_hand() -> None:
    text = replace(
        score(Modality.TEXT, confidence=0.5),
        sentiment=(0.8, 0.2, 0.0, 0.0, 0.0),
        engagement=0.4,
        nuances={"confusion": 0.6},
    )
    voice = replace(
        score(Modality.VOICE, confidence=0.5), engagement=0.7, nuances={"confusion": 0.5, "hesitation": 0.3}
    )
    fused = fuse([text, voice])
    assert fused is not None
    assert fused.sentiment == pytest.approx((0.8, 0.2, 0.0, 0.0, 0.0))
    # Shares 2/3 and 1/3.
    assert fused.engagement == pytest.approx((2 * 0.4 + 0.7) / 3)
    assert fused.nuances == pytest.approx({"confusion": 1 - 0.4 * 0.75, "hesitation": 0.3})


def test_the_same_modality_twice_is_refused() -> None:
    with pytest.raises(FusionError, match="at most once"):
        fuse([score(Modality.TEXT), score(Modality.TEXT, "fear")])


def test_spread_in_the_builders_is_a_distribution() -> None:
    assert sum(spread("anger", 0.7)) == pytest.approx(1.0)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.2, 1), st.floats(0.2, 1))
def test_a_second_modality_never_takes_from_words_of_complaint(
    words: float, tone: float, sure: float, surer: float
) -> None:
    for options in (FusionOptions(), FusionOptions.load(MODELS / "fusion")):
        text = score(Modality.TEXT, "anger", 0.6, confidence=sure, cue=words)
        voice = score(Modality.VOICE, "neutral", 0.9, confidence=surer, cue=tone, known=VOICE_LABELS)
        fused = fuse([text, voice], options=options)
        assert fused is not None and fused.frustration_cue is not None
        assert fused.frustration_cue >= words - 1e-9
