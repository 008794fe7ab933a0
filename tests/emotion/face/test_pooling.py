"""Pictures of one turn: pooled towards the sure and the many, never surer than the surest."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emotion.face.pooling import pool

rows = st.lists(st.lists(st.floats(0.001, 1.0), min_size=7, max_size=7), min_size=1, max_size=6)


def one(label: int, share: float) -> list[float]:
    return [share if position == label else (1 - share) / 6 for position in range(7)]


@given(raw=rows, weight=st.floats(0.05, 1.0))
def test_a_pooled_reading_is_a_distribution_and_no_surer_than_the_surest(raw: list[list[float]], weight: float) -> None:
    readings = np.array(raw) / np.sum(raw, axis=1, keepdims=True)
    pooled = pool(readings, [weight] * len(readings))
    assert abs(pooled.sum() - 1) < 1e-9 and (pooled >= 0).all()
    assert pooled.max() <= readings.max() + 1e-6


@given(raw=rows)
def test_the_same_picture_many_times_says_what_it_says_once(raw: list[list[float]]) -> None:
    reading = np.array(raw[:1]) / np.sum(raw[0])
    assert np.allclose(pool(np.repeat(reading, 5, axis=0), [1.0] * 5), reading[0], atol=1e-6)


def test_one_odd_picture_among_five_does_not_turn_the_reading() -> None:
    happy, caught = one(3, 0.8), one(0, 0.95)
    assert pool(np.array([happy, happy, caught, happy, happy]), [1.0] * 5).argmax() == 3
    assert pool(np.array([happy, happy, caught]), [1.0] * 3).argmax() == 3


def test_a_good_picture_counts_more_than_a_bad_one() -> None:
    readings = np.array([one(3, 0.7), one(4, 0.7)])
    assert pool(readings, [1.0, 0.2]).argmax() == 3
    assert pool(readings, [0.2, 1.0]).argmax() == 4


def test_an_unsure_picture_counts_less_than_a_sure_one() -> None:
    assert pool(np.array([one(3, 0.9), one(4, 0.3)]), [1.0, 1.0]).argmax() == 3
