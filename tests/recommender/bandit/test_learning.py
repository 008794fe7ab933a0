"""What is learned, exactly, and unlearned, exactly."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from recommender import Bandit, BanditError, BanditSettings, Choice, Outcome, PolicyName, RewardSettings, Sums
from recommender.bandit.features import ARM_LENGTH, CONTEXT, SIZE, prior
from recommender.bandit.posterior import GRID, Belief, looked_at, weighted_rows
from tests.recommender.bandit.slates import candidates, outcomes, request


def same(one: Sums, other: Sums) -> bool:
    return all(
        np.array_equal(getattr(getattr(one, part), name), getattr(getattr(other, part), name))
        for part in ("gain", "calm")
        for name in ("gram", "target")
    )


@pytest.fixture(scope="module")
def lessons() -> list[Outcome]:
    bandit = Bandit()
    first = outcomes(bandit, 40, "item-1", calm=0.07)
    return first + outcomes(bandit, 40, "item-3", calm=-0.11, prefix="t")


def test_the_order_of_outcomes_does_not_matter_to_the_last_bit(lessons: list[Outcome]) -> None:
    one, other = Sums(), Sums()
    one.add(lessons)
    mixed = list(lessons)
    random.Random(3).shuffle(mixed)
    for lesson in mixed:
        other.add([lesson])
    assert same(one, other)
    assert one.slates == other.slates == 80


def test_what_is_forgotten_was_never_learned(lessons: list[Outcome]) -> None:
    """One person's slates among others': afterwards every number is that of a shop without them."""
    theirs, others = lessons[10:30], lessons[:10] + lessons[30:]
    bandit, without = Bandit(), Bandit()
    bandit.learn(lessons)
    assert not np.array_equal(bandit.belief.mean, np.zeros(SIZE))
    bandit.forget(theirs)
    without.learn(others)
    assert np.array_equal(bandit.belief.mean, without.belief.mean)
    assert np.array_equal(bandit.belief.draws, without.belief.draws)
    assert bandit.slates == without.slates == 60


def test_two_processes_that_learned_the_same_choose_the_same(lessons: list[Outcome]) -> None:
    one, other = Bandit(), Bandit()
    one.learn(lessons)
    other.learn(lessons[40:])
    other.learn(lessons[:40])
    for number in range(30):
        asked = request(f"s{number}")
        assert one.choose(candidates(5), asked, 3) == other.choose(candidates(5), asked, 3)


def test_the_mean_is_the_solution_of_the_normal_equations(lessons: list[Outcome]) -> None:
    """Against a least-squares solver on the stacked rows: prior and data as one system."""
    settings = BanditSettings(reward=RewardSettings(calm=0.0))
    sums = Sums()
    sums.add(lessons)
    belief = Belief.of(sums, settings, wants_spread=False, wants_draws=False)
    rows = np.concatenate([np.rint(weighted_rows(one) * GRID) / GRID for one in lessons])
    gains = np.array([one.gain(item_id) for one in lessons for item_id in one.choice.shown])
    mean, deviation = prior()
    system = np.concatenate([rows / settings.noise, np.diag(1.0 / deviation)])
    right = np.concatenate([gains / settings.noise, mean / deviation])
    expected = np.linalg.lstsq(system, right, rcond=None)[0]
    assert belief.mean == pytest.approx(expected, abs=1e-7)


def test_draws_scatter_as_the_posterior_does(lessons: list[Outcome]) -> None:
    sums = Sums()
    sums.add(lessons)
    belief = Belief.of(sums, BanditSettings(), wants_spread=True, wants_draws=True)
    rows = weighted_rows(lessons[0])
    drawn = (belief.draws @ rows.T).std(axis=0)
    assert drawn == pytest.approx(belief.widths(rows), rel=0.35)


def test_places_are_looked_at_less_and_less() -> None:
    assert looked_at(3) == pytest.approx([1.0, 0.6309, 0.5], abs=1e-4)


def test_a_fall_of_frustration_moves_an_item_that_nobody_clicks() -> None:
    """Slates that begin with item 1 calm people down, others upset them; only the weight of calm sees it."""
    bandit = Bandit()
    lessons = []
    for number in range(500):
        _, choice = bandit.choose(candidates(5), request(f"s{number}"), 3)
        assert choice is not None
        lessons.append(Outcome(choice, {}, 0.2 if choice.shown[0] == "item-1" else -0.2))
    feeling = Bandit(BanditSettings(policy=PolicyName.GREEDY))
    blind = Bandit(BanditSettings(policy=PolicyName.GREEDY, reward=RewardSettings(calm=0.0)))
    for one in (feeling, blind):
        one.learn(lessons)
    assert feeling.choose(candidates(5), request(), 3)[0][0].item.id == "item-1"
    assert blind.choose(candidates(5), request(), 3)[0][0].item.id == "item-0"


def test_one_customer_s_huge_reward_counts_no_more_than_the_most() -> None:
    _, choice = Bandit().choose(candidates(5), request("s"), 3)
    assert choice is not None
    huge = Outcome(choice, {choice.shown[0]: 1e5}, 40.0)
    assert huge.gain(choice.shown[0]) == 2.0
    assert huge.reward(RewardSettings()) == 2.0 + 2.0 * 1.0


def a_choice() -> Choice:
    _, choice = Bandit().choose(candidates(5), request("s"), 3)
    assert choice is not None
    return choice


@pytest.mark.parametrize(
    "change",
    [
        {"shown": ()},
        {"shown": ("item-0", "item-0", "item-1")},
        {"shown": ("strange",)},
        {"propensity": 0.0},
        {"propensity": 1.5},
        {"propensity": math.nan},
        {"context": (0.0,)},
        {"context": (math.nan,) * len(CONTEXT)},
        {"context": (math.inf,) * len(CONTEXT)},
        {"arms": {"item-0": (1.0,)}},
        {"arms": {"item-0": (1e9,) * ARM_LENGTH}},
        {"arms": {f"item-{number}": (0.0,) * ARM_LENGTH for number in range(100)}},
        {"policy": "thompson/0"},
    ],
)
def test_a_choice_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BanditError):
        Outcome(replace(a_choice(), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize("gains", [{"strange": 1.0}, {"item-4": 1.0}, {"item-0": math.nan}, {"item-0": math.inf}])
def test_rewards_that_cannot_be_are_refused(gains: dict[str, float]) -> None:
    choice = replace(a_choice(), shown=("item-0", "item-1", "item-2"))
    with pytest.raises(BanditError):
        Outcome(choice, gains)


@pytest.mark.parametrize(
    "record",
    [{}, {"acts": None}, {"acts": {"item-0": {"stolen": None}}}, {"acts": {"item-0": None}}, {"acts": [], "calm": "x"}],
)
def test_a_damaged_record_is_refused_in_words(record: dict[str, object]) -> None:
    with pytest.raises(BanditError, match="cannot be learned from"):
        Outcome.read(a_choice().to_dict(), record, RewardSettings())
    with pytest.raises(BanditError, match="cannot be learned from"):
        Outcome.read({"policy": "thompson/1"}, {"acts": {}}, RewardSettings())
