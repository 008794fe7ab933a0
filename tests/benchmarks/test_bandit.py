"""The simulated shop is what it says: means agree with what happens, and who knows more earns more."""

from itertools import islice

import numpy as np
import pytest

from benchmarks.bandit import CLICKS_ALONE, LIMIT, bench_bandit
from benchmarks.bandit_customers import answers, expected, happened
from benchmarks.bandit_shop import CANDIDATES, Round, Shop
from recommender import BanditSettings, RewardSettings

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


def test_who_knows_more_earns_more() -> None:
    """A short run: no figure of the documents, but the order of the policies that cannot be otherwise."""
    told = []
    report = bench_bandit([4], 600, BanditSettings(), told=lambda: told.append(1))
    reward = report["reward"]
    assert len(told) == 1
    assert reward["clairvoyant without bounds"] > reward["clairvoyant"] > reward["oracle"] > reward["thompson"]
    assert reward["thompson"] > reward["ranking"]
    assert report["share_of_oracle"]["oracle"] == 1.0
    assert report["emotional_regret"]["low"] <= report["emotional_regret"]["high"]
    assert report["reward"] == bench_bandit([4, 4], 600, BanditSettings(), workers=2)["reward"]
