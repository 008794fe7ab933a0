"""Links from item to item, against numbers worked out by hand."""

import numpy as np
import pytest

from recommender.errors import LearningError
from recommender.learning import (
    Log,
    TasteSettings,
    cosine,
    ease,
    hold_out_drawn,
    hold_out_last,
    hold_out_newest,
    together,
)
from recommender.learning.links import in_a_row, strongest
from recommender.learning.settings import strength
from vocabulary import InteractionKind


def log(*acts: tuple[int, int, float], n_items: int = 3) -> Log:
    """(person, item, time) each."""
    table = np.array(acts, dtype=np.float64)
    people = table[:, 0].astype(np.int32)
    ones = np.ones(len(acts), dtype=np.float32)
    return Log(people, table[:, 1].astype(np.int32), ones, table[:, 2], int(people.max()) + 1, n_items)


THREE = log((0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 1, 2), (2, 0, 1), (2, 2, 2))
"""Three people chose item 0; two of them item 1, one of them item 2."""


def test_together_counts_people() -> None:
    assert together(THREE.who()).toarray().tolist() == [[0, 2, 1], [2, 0, 0], [1, 0, 0]]


def test_cosine_divides_by_sizes_and_doubts_few() -> None:
    sizes = np.array([3.0, 2.0, 1.0], dtype=np.float32)
    links = cosine(together(THREE.who()), sizes, shrinkage=2.0).toarray()
    assert links[0, 1] == pytest.approx(2 / np.sqrt(6) * 2 / 4)
    assert links[2, 0] == pytest.approx(1 / np.sqrt(3) * 1 / 3)


def test_ease_is_the_regression_of_each_item_on_all_others() -> None:
    who, penalty = THREE.who().toarray().astype(np.float64), 1.5
    sizes = who.sum(axis=0).astype(np.float32)
    links = ease(together(THREE.who()), sizes, regularisation=penalty, largest=10, dropped=0.0).toarray()
    for item in range(3):
        others = [other for other in range(3) if other != item]
        some = who[:, others]
        answer = np.linalg.solve(some.T @ some + penalty * np.eye(2), some.T @ who[:, item])
        assert links[others, item] == pytest.approx(answer, abs=1e-6)
        assert links[item, item] == 0


def test_ease_covers_the_most_chosen_items_only() -> None:
    sizes = np.array([3.0, 2.0, 1.0], dtype=np.float32)
    links = ease(together(THREE.who()), sizes, regularisation=1.0, largest=2).toarray()
    assert links[0, 1] > 0 and not links[2].any() and not links[:, 2].any()


def test_in_a_row_is_what_came_after_less_for_each_step() -> None:
    one = log((0, 0, 1), (0, 1, 2), (0, 2, 3), (1, 2, 9))
    links = in_a_row(one, half_life_acts=1.0, window=5).toarray()
    assert links.tolist() == [[0, 1, 0.5], [0, 0, 1], [0, 0, 0]]
    assert in_a_row(one, half_life_acts=1.0, window=1).toarray().tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_strongest_keeps_the_largest_in_size_of_each_line() -> None:
    kept = strongest(cosine(together(THREE.who()), np.ones(3, dtype=np.float32), shrinkage=0.0), 1).toarray()
    assert kept.tolist() == [[0, 2, 0], [2, 0, 0], [1, 0, 0]]


def test_recent_acts_count_by_how_many_came_after() -> None:
    one = log((0, 0, 1), (0, 1, 2), (0, 2, 3))
    assert one.recent(1.0).toarray()[0].tolist() == [0.25, 0.5, 1.0]


def test_the_last_fifth_is_the_last_fifth_of_each_person() -> None:
    acts = log(*((0, n, float(n)) for n in range(10)), *((1, n, float(-n)) for n in range(5)), (2, 1, 0.0), n_items=10)
    held = hold_out_last(acts)
    assert [(p, i) for p, i, out in zip(acts.people, acts.items, held, strict=True) if out] == [(0, 8), (0, 9), (1, 0)]


def test_a_drawn_fifth_has_the_same_size_and_is_drawn_by_its_seed() -> None:
    acts = log(*((p, n, float(n)) for p in range(20) for n in range(10)), n_items=10)
    one, two = hold_out_drawn(acts, seed=1), hold_out_drawn(acts, seed=2)
    assert np.bincount(acts.people[one]).tolist() == [2] * 20
    assert (one == hold_out_drawn(acts, seed=1)).all() and (one != two).any()


def test_the_newest_act_is_held_out_of_two_or_more() -> None:
    acts = log((0, 0, 5.0), (0, 1, 4.0), (1, 2, 1.0))
    assert hold_out_newest(acts).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (InteractionKind.RATING, 5.0, 3.0),
        (InteractionKind.RATING, 2.0, 0.0),
        (InteractionKind.RATING, None, 0.0),
        (InteractionKind.DWELL, 600.0, 1.0),
        (InteractionKind.DWELL, -3.0, 0.0),
        (InteractionKind.NOT_FOR_ME, None, 0.0),
        (InteractionKind.PURCHASE, None, 3.0),
    ],
)
def test_an_act_says_as_much_as_it_means(kind: InteractionKind, value: float | None, said: float) -> None:
    assert strength(kind, value) == pytest.approx(said)


@pytest.mark.parametrize(
    "wrong",
    [{"neighbours": 0}, {"half_life_days": float("nan")}, {"blend": {"magic": 1.0}}, {"blend": {"ease": -1.0}}],
)
def test_an_impossible_setting_is_refused_with_what_is_allowed(wrong: dict[str, object]) -> None:
    with pytest.raises(LearningError, match="allowed"):
        TasteSettings.from_dict(wrong)


def test_settings_come_back_from_their_dictionary() -> None:
    mine = TasteSettings(neighbours=7, blend={"ease": 0.5})
    assert TasteSettings.from_dict(mine.to_dict()) == mine
    with pytest.raises(LearningError, match="unknown"):
        TasteSettings.from_dict({"speed": 1})
