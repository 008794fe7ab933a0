"""The figures themselves: hand-computed, and equal to scikit-learn's on random scores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score

from emotion.errors import EvaluationError
from emotion.evaluation.metrics import (
    FOUR,
    area_under_curve,
    by_group,
    error_at_coverage,
    measure,
    multilabel_f1,
)
from vocabulary import LABELS


def rows(*chosen: tuple[str, float]) -> np.ndarray:
    """One row for each (label, probability); the rest is shared out equally."""
    found = np.empty((len(chosen), len(LABELS)))
    for at, (label, probability) in enumerate(chosen):
        found[at] = (1.0 - probability) / (len(LABELS) - 1)
        found[at, LABELS.index(label)] = probability
    return found


def test_figures_of_four_clips_by_hand() -> None:
    # One of two angry clips and both neutral ones are right: recalls .5 and 1.
    figures = measure(
        rows(("anger", 0.9), ("neutral", 0.8), ("neutral", 0.7), ("neutral", 0.6)),
        ["anger", "anger", "neutral", "neutral"],
    )
    assert figures.n == 4
    assert figures.classes == ("anger", "neutral")
    assert figures.accuracy == 0.75
    assert figures.recall == {"anger": 0.5, "neutral": 1.0}
    assert figures.uar == 0.75
    # F1: anger 2·1/(1+2), neutral 2·2/(3+2).
    assert figures.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)
    # The most confident three of four (70 % of 4 is 2.8) hold the one error.
    assert figures.error == 0.25
    assert figures.error_at_70_coverage == pytest.approx(1 / 3)


def test_classes_that_corpus_or_scorer_lack_are_left_out_and_listed() -> None:
    figures = measure(
        rows(("anger", 0.9), ("neutral", 0.9), ("surprise", 0.9), ("fear", 0.6), ("neutral", 0.9)),
        ["anger", "neutral", "calm", "fear", "surprise"],
        known=("anger", "neutral", "fear"),
    )
    assert figures.left_out == {"calm": 1, "surprise": 1}
    assert figures.n == 3
    assert figures.accuracy == 1.0
    # The three classes share the whole probability: .9 of .9 + 2/60 + ...
    assert figures.ece is not None and figures.ece < 0.2


def test_calm_counts_against_high_arousal_and_nowhere_else() -> None:
    scores = rows(("anger", 0.9), ("neutral", 0.9), ("anger", 0.8))
    assert measure(scores, ["anger", "neutral", "calm"]).high_arousal_auc == 1.0
    worse = measure(rows(("anger", 0.5), ("neutral", 0.9), ("anger", 0.8)), ["anger", "neutral", "calm"])
    assert worse.high_arousal_auc == 0.5
    assert worse.n == 2


def test_high_arousal_is_ranked_by_its_share_against_neutral() -> None:
    # .3 of .3 + .1 is more than .4 of .4 + .4, although .4 is more than .3: the rest went to sadness.
    scores = np.array([[0.3, 0, 0, 0, 0.6, 0, 0.1], [0.4, 0, 0, 0, 0.2, 0, 0.4]])
    assert measure(scores, ["anger", "neutral"]).high_arousal_auc == 1.0


def test_four_class_recall_needs_all_four() -> None:
    assert measure(rows(("anger", 0.9)), ["anger"]).uar_4 is None
    scores = rows(*((label, 0.6) for label in FOUR), ("fear", 0.9))
    # Fear takes no part among the four: the last row's four are equal, and the first of them is anger.
    assert measure(scores, [*FOUR, "anger"]).uar_4 == 1.0


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(12, 80))
def test_equal_to_scikit_learn(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet(np.ones(len(LABELS)), n)
    truth = [LABELS[at] for at in rng.integers(0, len(LABELS), n)]
    truth[: len(LABELS)] = LABELS
    figures = measure(scores, truth)
    said = [LABELS[at] for at in scores.argmax(axis=1)]
    assert figures.uar == pytest.approx(balanced_accuracy_score(truth, said))
    assert figures.macro_f1 == pytest.approx(f1_score(truth, said, average="macro", labels=list(LABELS)))
    angry = [name == "anger" for name in truth]
    assert figures.anger_auc == pytest.approx(roc_auc_score(angry, scores[:, 0]))


def test_ties_are_worth_half_and_no_order_matters() -> None:
    assert area_under_curve(np.zeros(4), np.array([True, False, True, False])) == 0.5
    assert area_under_curve(np.zeros(2), np.array([True, True])) is None
    confidence = np.full(10, 0.5)
    right = np.array([True] * 5 + [False] * 5)
    assert error_at_coverage(confidence, right, 0.7) == error_at_coverage(confidence, right[::-1], 0.7) == 0.5


def test_groups_are_measured_apart() -> None:
    found = by_group(
        rows(("anger", 0.9), ("neutral", 0.9), ("anger", 0.9)),
        ["anger", "neutral", "neutral"],
        ["female", "female", "male"],
    )
    assert {name: figures.accuracy for name, figures in found.items()} == {"female": 1.0, "male": 0.0}
    assert "boredom" not in by_group(rows(("anger", 0.9)), ["boredom"], ["boredom"])


def test_multilabel_takes_the_thresholds_given() -> None:
    probabilities = np.array([[0.6, 0.2], [0.4, 0.9]])
    truth = np.array([[True, False], [True, True]])
    macro, each = multilabel_f1(probabilities, truth, [0.5, 0.5], ["anger", "neutral"])
    assert each == {"anger": pytest.approx(2 / 3), "neutral": 1.0}
    assert macro == pytest.approx((2 / 3 + 1) / 2)
    assert multilabel_f1(probabilities, truth, [0.3, 0.5], ["anger", "neutral"])[0] == 1.0


@pytest.mark.parametrize(
    ("scores", "truth", "words"),
    [
        (np.zeros((2, 7)), ["anger"], r"shape \(2, 7\) for 1 items"),
        (np.full((1, 7), np.nan), ["anger"], "NaN"),
        (np.full((1, 7), 1 / 7), ["boredom"], "the corpus has boredom"),
        (np.zeros((0, 7)), [], "the corpus has nothing"),
    ],
)
def test_what_cannot_be_measured_is_said(scores: np.ndarray, truth: list[str], words: str) -> None:
    with pytest.raises(EvaluationError, match=words):
        measure(scores, truth)
