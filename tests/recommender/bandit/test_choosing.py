"""What the bandit shows, with what chance, and whom it leaves in peace."""

import math
import threading
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from recommender import Bandit, BanditSettings, Factor, FactorKind, Outcome, PolicyName
from recommender.bandit.features import ARM_LENGTH, CONTEXT
from tests.recommender.bandit.slates import candidates, item, outcomes, request, state
from vocabulary import StateName

POLICIES = (PolicyName.THOMPSON, PolicyName.LINUCB)


def ids(ordered: list) -> list[str]:  # type: ignore[type-arg]
    return [one.item.id for one in ordered]


@pytest.mark.parametrize("policy", PolicyName)
def test_before_it_has_learned_the_ranking_s_order_is_the_likeliest(policy: PolicyName) -> None:
    bandit = Bandit(BanditSettings(policy=policy))
    ordered, _ = bandit.choose(candidates(5), request(), 3)
    assert ids(ordered) == ["item-0", "item-1", "item-2"]


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_bought_comes_forward(policy: PolicyName) -> None:
    bandit = Bandit(BanditSettings(policy=policy))
    bandit.learn(outcomes(bandit, 400, "item-2"))
    ordered, choice = bandit.choose(candidates(5), request(), 3)
    assert ids(ordered)[0] == "item-2"
    assert ordered[0].factors[-1] == Factor(FactorKind.TRIED, 2.0, {"from": "3", "to": "1"})
    assert choice is not None
    assert list(choice.arms) == [f"item-{number}" for number in range(5)]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("learned", [0, 300])
def test_the_logged_chance_is_how_often_an_order_is_shown(policy: PolicyName, learned: int) -> None:
    """Over 4,000 seeds every order comes as often as its propensity says, within four standard deviations."""
    bandit = Bandit(BanditSettings(policy=policy))
    bandit.learn(outcomes(bandit, learned, "item-1"))
    shown, said = Counter[tuple[str, ...]](), {}
    for number in range(4000):
        _, choice = bandit.choose(candidates(5), request(f"seed-{number}"), 3)
        assert choice is not None
        shown[choice.shown] += 1
        said.setdefault(choice.shown, choice.propensity)
        assert said[choice.shown] == choice.propensity
    assert len(shown) > 1
    assert sum(said.values()) == pytest.approx(1.0, abs=0.02)
    for order, count in shown.items():
        error = math.sqrt(said[order] * (1.0 - said[order]) / 4000)
        assert abs(count / 4000 - said[order]) < 4.0 * error + 1e-3


@pytest.mark.parametrize("policy", POLICIES)
def test_no_more_than_its_share_is_tried_and_only_with_neighbours(policy: PolicyName) -> None:
    bandit = Bandit(BanditSettings(policy=policy, share=0.2, floor=0.05))
    bandit.learn(outcomes(bandit, 50, "item-2"))
    known = ids(bandit.choose(candidates(5), request(), 3)[0])
    tried = 0
    for number in range(1000):
        ordered, choice = bandit.choose(candidates(5), request(f"seed-{number}"), 3)
        assert choice is not None
        tried += choice.explored
        assert choice.explored == (ids(ordered) != known)
        for place, one in enumerate(ids(ordered)):
            assert one not in known or abs(known.index(one) - place) <= 1
    assert 0 < tried <= 0.2 * 1000 + 4 * math.sqrt(1000 * 0.2 * 0.8)


def test_a_seed_gives_the_same_order_again_and_none_tries_nothing() -> None:
    bandit = Bandit()
    once = [bandit.choose(candidates(5), request(f"s{number}"), 3) for number in range(50)]
    assert once == [bandit.choose(candidates(5), request(f"s{number}"), 3) for number in range(50)]
    _, choice = bandit.choose(candidates(5), request(), 3)
    assert choice is not None
    assert (choice.policy, choice.propensity, choice.explored) == ("greedy/1", 1.0, False)


@pytest.mark.parametrize(
    "troubled",
    [state(45.0), state(80.0), state(10.0, StateName.FRUSTRATED), state(10.0, StateName.STRESSED)],
)
def test_the_distressed_are_left_in_peace(troubled: object) -> None:
    """Whatever was learned: the ranking's own order, nothing logged as a choice."""
    bandit = Bandit()
    bandit.learn(outcomes(bandit, 400, "item-2"))
    for number in range(50):
        ordered, choice = bandit.choose(candidates(5), request(f"s{number}", state=troubled), 3)
        assert ids(ordered) == ["item-0", "item-1", "item-2"]
        assert choice is None


def test_switched_off_it_gives_the_ranking_s_order() -> None:
    bandit = Bandit(BanditSettings(policy=PolicyName.OFF))
    ordered, choice = bandit.choose(candidates(5), request("seed"), 3)
    assert (ids(ordered), choice) == (["item-0", "item-1", "item-2"], None)


def test_settings_may_change_while_it_runs_and_keep_what_was_learned() -> None:
    bandit = Bandit()
    bandit.learn(outcomes(bandit, 300, "item-2"))
    bandit.adjust(BanditSettings(policy=PolicyName.OFF))
    assert bandit.choose(candidates(5), request("seed"), 3)[1] is None
    bandit.adjust(BanditSettings(policy=PolicyName.LINUCB))
    ordered, choice = bandit.choose(candidates(5), request(), 3)
    assert ids(ordered)[0] == "item-2"
    assert choice is not None
    assert bandit.slates == 300


@pytest.mark.parametrize(("count", "limit"), [(0, 3), (1, 3), (5, 0), (5, -1)])
def test_where_there_is_nothing_to_choose_there_is_no_choice(count: int, limit: int) -> None:
    ordered, choice = Bandit().choose(candidates(count), request("seed"), limit)
    assert len(ordered) == max(0, min(count, limit))
    assert choice is None


def test_one_place_may_still_be_chosen_for() -> None:
    bandit = Bandit()
    shown = {ids(bandit.choose(candidates(3), request(f"s{number}"), 1)[0])[0] for number in range(200)}
    assert shown == {"item-0", "item-1"}


def test_a_long_list_keeps_what_stands_behind_the_places_that_may_change() -> None:
    ordered, choice = Bandit().choose(candidates(30, step=0.01), request("seed-3"), 20)
    assert ids(ordered)[6:] == [f"item-{number}" for number in range(6, 20)]
    assert choice is not None
    assert len(choice.arms) == 20


def test_numbers_that_are_none_change_nothing_and_are_not_logged() -> None:
    broken = [
        replace(one, relevance=math.nan, affinity=math.inf, popularity=-math.inf, item=replace(one.item, price=None))
        for one in candidates(4)
    ]
    ordered, choice = Bandit().choose(broken, request("seed"), 3)
    assert len(ordered) == 3
    assert choice is not None
    assert len(choice.context) == len(CONTEXT)
    assert all(len(row) == ARM_LENGTH and np.isfinite(row).all() for row in choice.arms.values())


def test_the_same_id_twice_is_left_as_it_is() -> None:
    twice = [*candidates(3), replace(candidates(1)[0], item=item(1))]
    ordered, choice = Bandit().choose(twice, request("seed"), 4)
    assert (ids(ordered), choice) == (["item-0", "item-1", "item-2", "item-1"], None)


def test_a_seed_of_any_characters_serves() -> None:
    for seed in ("\ud800", "ü" * 10_000, "\x00"):
        assert len(Bandit().choose(candidates(5), request(seed), 3)[0]) == 3


def test_choosing_goes_on_while_it_learns() -> None:
    bandit = Bandit()
    lessons = outcomes(bandit, 200, "item-2", calm=0.1)
    faults: list[Exception] = []

    def teach() -> None:
        try:
            for start in range(0, 200, 20):
                bandit.learn(lessons[start : start + 20])
        except Exception as err:  # noqa: BLE001  # told to the test below
            faults.append(err)

    threads = [threading.Thread(target=teach) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ordered, _ = bandit.choose(candidates(5), request("seed"), 3)
        assert len(ordered) == 3
    assert not faults
    assert bandit.slates == 400


def test_a_choice_round_trips_through_an_outcome() -> None:
    _, choice = Bandit().choose(candidates(5), request("seed"), 3)
    assert choice is not None
    record = {"acts": {choice.shown[0]: {"click": None}}, "calm": None}
    assert Outcome.read(choice.to_dict(), record, BanditSettings().reward).choice == choice
