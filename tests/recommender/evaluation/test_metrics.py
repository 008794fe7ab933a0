"""Figures of ranked lists, against numbers worked out by hand."""

import doctest

import numpy as np
import pytest

from recommender.evaluation import metrics
from recommender.evaluation.metrics import (
    all_of,
    average_precision,
    coverage,
    f1,
    gini,
    interval,
    ndcg,
    novelty,
    precision,
    recall,
    reciprocal_rank,
)

HITS = np.array([[False, True, False, True], [False] * 4, [True, True, False, False]])
WANTED = np.array([3, 1, 2])


def test_precision_and_recall_and_f1() -> None:
    assert precision(HITS).tolist() == [0.5, 0.0, 0.5]
    assert recall(HITS, WANTED).tolist() == pytest.approx([2 / 3, 0.0, 1.0])
    assert f1(HITS, WANTED).tolist() == pytest.approx([4 / 7, 0.0, 4 / 6])


def test_ndcg_is_one_for_the_best_list_and_less_for_a_later_hit() -> None:
    best = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    assert ndcg(HITS, WANTED).tolist() == pytest.approx([(1 / np.log2(3) + 1 / np.log2(5)) / best, 0.0, 1.0])


def test_average_precision_and_reciprocal_rank() -> None:
    assert average_precision(HITS, WANTED).tolist() == pytest.approx([(1 / 2 + 2 / 4) / 3, 0.0, 1.0])
    assert reciprocal_rank(HITS).tolist() == [0.5, 0.0, 1.0]


def test_every_figure_is_between_zero_and_one() -> None:
    drawn = np.random.default_rng(1)
    for values in all_of(drawn.random((50, 10)) < 0.3, drawn.integers(10, 30, 50)).values():
        assert ((values >= 0) & (values <= 1)).all()


def test_coverage_novelty_and_gini() -> None:
    lists = np.array([[0, 1], [0, -1]])
    assert coverage(lists, 4) == 0.5
    assert novelty(lists, np.array([4.0, 1.0, 9.0, 9.0]), 4) == pytest.approx((0 + 2 + 0) / 3)
    assert gini(np.array([[0, 1], [2, 3]]), 4) == 0.0
    assert gini(np.array([[0], [0]]), 4) == pytest.approx(0.75)


def test_an_interval_holds_the_mean_and_narrows_with_people() -> None:
    drawn = np.random.default_rng(2)
    few, many = drawn.random(30), drawn.random(3_000)
    low, high = interval(few)
    assert low < few.mean() < high
    assert interval(many)[1] - interval(many)[0] < high - low
    assert interval(few) == interval(few)


def test_the_worked_examples_hold() -> None:
    assert doctest.testmod(metrics).failed == 0
