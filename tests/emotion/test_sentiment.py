"""Sentiment over a conversation: broad, then fine, then sharper."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion import EmotionError, update_state
from emotion.state.sentiment import USUAL, Broad, Sentiment, SentimentOptions, refine_sentiment
from tests.emotion.builders import emotion, spread
from vocabulary import CustomerState, DialogueEvidence, Modality, ModalityScore

LEANING = (0.15, 0.35, 0.4, 0.08, 0.02)
GLAD = (0.02, 0.05, 0.13, 0.3, 0.5)


def said(
    sentiment: tuple[float, ...] | None, *, confidence: float = 0.6, valence: float | None = None
) -> ModalityScore:
    return ModalityScore(
        Modality.TEXT, spread("neutral", 0.5), confidence=confidence, sentiment=sentiment, valence=valence
    )


def after(*turns: tuple[float, ...], earlier: Sentiment | None = None) -> Sentiment:
    found = None
    for turn in turns:
        found = refine_sentiment(found, [said(turn)], earlier=earlier)
    assert found is not None
    return found


def test_one_leaning_message_is_neutral_and_four_are_negative() -> None:
    assert after(LEANING).broad is Broad.NEUTRAL
    assert after(*[LEANING] * 4).broad is Broad.NEGATIVE
    chances = [after(*[LEANING] * count).chance(Broad.NEGATIVE) for count in range(1, 6)]
    assert chances == sorted(chances)


def test_the_fine_level_is_named_once_it_is_likely_within_its_broad_class() -> None:
    open_question = Sentiment((0.3, 0.32, 0.28, 0.06, 0.04), 2)
    assert open_question.broad is Broad.NEGATIVE
    assert open_question.fine() is None
    assert Sentiment((0.1, 0.6, 0.2, 0.06, 0.04), 2).fine() == "negative"
    assert Sentiment(USUAL, 0).fine() == "neutral"


def test_a_mood_passes_and_a_new_one_takes_over() -> None:
    sad = (0.5, 0.3, 0.15, 0.03, 0.02)
    down = after(sad, sad)
    back = after(sad, sad, USUAL, USUAL, USUAL, USUAL, USUAL)
    assert down.broad is Broad.NEGATIVE
    assert back.chance(Broad.NEGATIVE) < down.chance(Broad.NEGATIVE) - 0.3
    assert after(sad, sad, GLAD, GLAD).broad is Broad.POSITIVE


def test_a_reading_of_what_is_usual_changes_nothing() -> None:
    assert after(USUAL).levels == pytest.approx(USUAL)


def test_turns_that_say_nothing_change_nothing() -> None:
    before = after(GLAD)
    assert refine_sentiment(before, []) is before
    assert refine_sentiment(before, [said(None)]) is before
    assert refine_sentiment(None, []) is None


def test_a_modality_without_sentiment_counts_by_its_valence() -> None:
    low, high = (refine_sentiment(None, [said(None, valence=valence)]) for valence in (-0.8, 0.8))
    assert low is not None and high is not None
    assert low.chance(Broad.NEGATIVE) > USUAL[0] + USUAL[1] > high.chance(Broad.NEGATIVE)


def test_a_sure_reading_moves_more_than_a_doubtful_one_and_two_more_than_one() -> None:
    doubtful = refine_sentiment(None, [said(GLAD, confidence=0.2)])
    sure = refine_sentiment(None, [said(GLAD, confidence=0.9)])
    both = refine_sentiment(None, [said(GLAD, confidence=0.9), said(GLAD, confidence=0.9)])
    assert doubtful is not None and sure is not None and both is not None
    assert doubtful.chance(Broad.POSITIVE) < sure.chance(Broad.POSITIVE) < both.chance(Broad.POSITIVE)


def test_earlier_conversations_move_what_is_usual_and_only_when_given() -> None:
    gloomy = Sentiment((0.3, 0.5, 0.15, 0.03, 0.02), 12)
    assert after(LEANING, earlier=gloomy).chance(Broad.NEGATIVE) > after(LEANING).chance(Broad.NEGATIVE) + 0.1
    nothing = Sentiment(USUAL, 0)
    assert after(LEANING, earlier=nothing) == after(LEANING)


_FIVE = st.lists(st.floats(0.001, 1.0), min_size=5, max_size=5).map(
    lambda values: tuple(value / sum(values) for value in values)
)


@given(st.lists(st.tuples(_FIVE, st.floats(0.0, 1.0)), min_size=1, max_size=12))
def test_any_row_of_turns_gives_a_sentiment_that_survives_storing(turns: list[tuple[tuple[float, ...], float]]) -> None:
    found = None
    for sentiment, confidence in turns:
        found = refine_sentiment(found, [said(sentiment, confidence=confidence)])
    assert found is not None and found.turns == len(turns)
    assert sum(found.levels) == pytest.approx(1.0)
    assert Sentiment.from_dict(found.to_dict()) == found


@pytest.mark.parametrize("levels", [(1.0,), (0.5, 0.5, 0.5, 0.0, 0.0), (float("nan"),) * 5, (2.0, -1.0, 0.0, 0.0, 0.0)])
def test_what_is_no_sentiment_is_refused(levels: tuple[float, ...]) -> None:
    with pytest.raises(EmotionError, match="expected"):
        Sentiment(levels, 1)


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(EmotionError, match="drift"):
        SentimentOptions(drift=1.5)


def test_the_customer_state_carries_the_sentiment_from_turn_to_turn() -> None:
    state: CustomerState | None = None
    for _ in range(4):
        state = update_state(state, replace(emotion(0.1), sentiment=LEANING), DialogueEvidence())
    assert state is not None and state.sentiment is not None
    assert Sentiment(state.sentiment, state.turns).broad is Broad.NEGATIVE
    assert CustomerState.from_dict(state.to_dict()) == state
    kept = update_state(state, None, DialogueEvidence())
    assert kept is not None and kept.sentiment == state.sentiment
