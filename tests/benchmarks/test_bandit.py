"""The simulated shop is what it says: means agree with what happens, and who knows more earns more."""

from itertools import islice

import numpy as np
import pytest

from benchmarks.bandit import CLICKS_ALONE, LIMIT, bench_bandit
from benchmarks.bandit_customers import answers, expected, happened
from benchmarks.bandit_shop import CANDIDATES, Round, Shop
from recommender import Bandit, BanditSettings, Outcome, PolicyName, RewardSettings, judge

REWARD = RewardSettings()


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop(4)


@pytest.fixture(scope="module")
def rounds(shop: Shop) -> list[Round]:
    return list(islice(shop.rounds(200), 200))


def test_the_same_seed_gives_the_same_shop_and_the_same_days(rounds: list[Round]) -> None:
    again = list(Shop(4).rounds(200))
    assert [one.request for one in again] == [one.request for one in rounds]
    assert [one.candidates for one in again] == [one.candidates for one in rounds]
    assert next(Shop(5).rounds(1)).candidates != rounds[0].candidates


def test_every_round_offers_eight_different_things_best_ranked_first(rounds: list[Round]) -> None:
    for one in rounds:
        assert len({candidate.item.id for candidate in one.candidates}) == CANDIDATES
        found = [candidate.relevance for candidate in one.candidates]
        assert found == sorted(found, reverse=True)
        assert not {candidate.item.id for candidate in one.candidates} & set(one.request.about)


def test_every_state_segment_and_part_of_the_day_occurs() -> None:
    seen = list(Shop(4).rounds(1500))
    assert len({one.name for one in seen}) == 6
    assert len({one.person.segment for one in seen}) == 4
    assert len({one.part_of_day for one in seen}) == 4
    assert {one.request.segment is None for one in seen} == {True, False}
    assert {bool(one.request.about) for one in seen} == {True, False}


def test_what_happens_agrees_with_its_mean(shop: Shop, rounds: list[Round]) -> None:
    """8,000 answers to one slate: mean reward and mean change of frustration within four standard errors."""
    for one in rounds[:3]:
        customer = answers(shop, one)
        order = np.arange(LIMIT)
        means = expected(customer, order[None, :], REWARD)
        gains, rises = [], []
        for number in range(8000):
            got, calm = happened(customer, order, REWARD, np.random.default_rng([number, 1]))
            gains.append(sum(got.values()))
            if calm is not None:
                rises.append(-100.0 * calm)
        for drawn, mean in ((gains, means.gain[0]), (rises, means.rise[0])):
            assert abs(np.mean(drawn) - mean) < 4.0 * np.std(drawn) / np.sqrt(len(drawn))


def test_only_clicks_move_who_learns_from_clicks_alone(shop: Shop, rounds: list[Round]) -> None:
    customer = answers(shop, rounds[0])
    got, _ = happened(customer, np.arange(LIMIT), CLICKS_ALONE, np.random.default_rng(1))
    assert set(got.values()) <= {1.0}


def test_off_policy_estimates_hold_the_truth_of_the_shop(shop: Shop) -> None:
    """A log of one policy, judged for the ranking's own order, whose mean reward the shop knows."""
    bandit, outcomes, truth = Bandit(BanditSettings(share=0.4, floor=0.2)), [], []
    for number, one in enumerate(shop.rounds(2500)):
        customer = answers(shop, one)
        ordered, choice = bandit.choose(one.candidates, one.request, LIMIT)
        if choice is None:
            continue
        place = {candidate.item.id: at for at, candidate in enumerate(one.candidates)}
        order = np.array([place[candidate.item.id] for candidate in ordered])
        gains, calm = happened(customer, order, REWARD, np.random.default_rng([number, 2]))
        outcomes.append(Outcome(choice, {one.candidates[at].item.id: gain for at, gain in gains.items()}, calm))
        truth.append(expected(customer, np.arange(LIMIT)[None, :], REWARD).gain[0])
    judged = judge(outcomes, BanditSettings(policy=PolicyName.OFF)).gain
    for estimate in (judged.ips, judged.snips, judged.dr):
        assert estimate.low <= np.mean(truth) <= estimate.high
    assert judged.dr.high - judged.dr.low < judged.ips.high - judged.ips.low


def test_who_knows_more_earns_more() -> None:
    """A short run: no figure of the documents, but the order of the policies that cannot be otherwise."""
    told = []
    report = bench_bandit([4], 600, told=lambda: told.append(1))
    reward = report["reward"]
    assert len(told) == 1
    assert reward["clairvoyant without bounds"] > reward["clairvoyant"] > reward["oracle"] > reward["thompson"]
    assert reward["thompson"] > reward["ranking"]
    assert report["share_of_oracle"]["oracle"] == 1.0
    assert report["emotional_regret"]["low"] <= report["emotional_regret"]["high"]


def test_figures_do_not_depend_on_how_many_processes_work() -> None:
    assert bench_bandit([4, 5], 200) == bench_bandit([4, 5], 200, workers=2)
