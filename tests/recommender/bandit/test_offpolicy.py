"""What another policy would have earned, against worlds in which that is known."""

import json
from dataclasses import replace

import numpy as np
import pytest

from recommender import Bandit, BanditError, BanditSettings, Outcome, PolicyName, judge
from tests.recommender.bandit.slates import candidates, request

LOGGING = BanditSettings(policy=PolicyName.THOMPSON, share=0.5, floor=0.3)
CHANCES = {"item-0": 0.2, "item-1": 0.6, "item-2": 0.1, "item-3": 0.1, "item-4": 0.1}


def logged(count: int, seed: int = 1) -> list[Outcome]:
    """Every item shown is bought with its own chance, wherever it stands weighted by the place: 1, .63, .5."""
    bandit, chance = Bandit(LOGGING), np.random.default_rng(seed)
    found = []
    for number in range(count):
        _, choice = bandit.choose(candidates(5), request(f"{seed}-{number}"), 3)
        assert choice is not None
        bought = {
            item_id: 1.0
            for item_id, looked in zip(choice.shown, (1.0, 0.6309, 0.5), strict=True)
            if chance.random() < CHANCES[item_id] * looked
        }
        found.append(Outcome(choice, bought, float(chance.normal(0.05, 0.02))))
    return found


@pytest.fixture(scope="module")
def log() -> list[Outcome]:
    return logged(1500)


def test_the_ranking_s_own_order_is_judged_at_what_it_earns(log: list[Outcome]) -> None:
    verdict = judge(log, replace(LOGGING, policy=PolicyName.OFF))
    truth = CHANCES["item-0"] + 0.6309 * CHANCES["item-1"] + 0.5 * CHANCES["item-2"]
    for estimate in (verdict.gain.ips, verdict.gain.snips, verdict.gain.dr):
        assert estimate.low <= truth <= estimate.high
        assert estimate.high - estimate.low < 0.2
    assert verdict.gain.weight == pytest.approx(1.0, abs=0.1)


def test_a_policy_that_learns_is_judged_better_than_the_ranking(log: list[Outcome]) -> None:
    """Item 1 serves best: what learns puts it first. The doubly robust interval lies above the ranking's figure."""
    plain = judge(log, replace(LOGGING, policy=PolicyName.OFF)).gain
    learned = judge(log, replace(LOGGING, policy=PolicyName.GREEDY)).gain
    assert learned.dr.low > plain.dr.value
    best = CHANCES["item-1"] + 0.6309 * CHANCES["item-0"] + 0.5 * 0.1
    assert learned.dr.value == pytest.approx(best, abs=0.06)


def test_the_change_of_frustration_is_judged_where_it_is_known(log: list[Outcome]) -> None:
    verdict = judge(log, LOGGING)
    assert verdict.calm is not None
    assert verdict.calm.dr.value == pytest.approx(5.0, abs=0.5)
    unknown = judge([replace(one, calm=None) for one in log[:200]], LOGGING)
    assert unknown.calm is None


def test_what_the_log_never_showed_shows_in_the_weight() -> None:
    """A log of the ranking's order alone says little about a policy that tries: the weights do not reach 1."""
    never = [one for one in logged(400, seed=2) if one.choice.shown == ("item-0", "item-1", "item-2")]
    certain = [replace(one, choice=replace(one.choice, propensity=1.0)) for one in never]
    assert judge(certain, replace(LOGGING, share=0.5, floor=0.5)).gain.weight < 0.7


def test_slates_of_one_customer_widen_the_interval(log: list[Outcome]) -> None:
    """The same log as if ten people had seen all of it."""
    alone = judge(log, LOGGING).gain.logged
    few = judge(log, LOGGING, [f"c{number * 10 // len(log)}" for number in range(len(log))]).gain.logged
    assert alone.value == pytest.approx(few.value)
    assert (few.low, few.high) != (alone.low, alone.high)


def test_figures_are_the_same_twice_and_go_into_json(log: list[Outcome]) -> None:
    once, again = judge(log[:300], LOGGING), judge(log[:300], LOGGING)
    assert json.dumps(once.to_dict()) == json.dumps(again.to_dict())


def test_too_few_slates_and_wrong_owners_are_refused(log: list[Outcome]) -> None:
    with pytest.raises(BanditError, match="at least 20"):
        judge(log[:5], LOGGING)
    with pytest.raises(BanditError, match="one for each"):
        judge(log[:50], LOGGING, ["c"])
