"""`attune bench bandit`: what the bandit earns in the simulated shop, beside an oracle and beside orders that learn
nothing; and what the change of frustration adds to learning from clicks alone.

The settings that ship were chosen in the worlds TUNING_SEEDS; the worlds REPORTED_SEEDS were not looked at for it.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.bandit_customers import Expected, answers, expected, happened
from benchmarks.bandit_oracle import believed_reward
from benchmarks.bandit_shop import ROUNDS_OF_A_DAY, Round, Shop
from recommender.bandit import Bandit, BanditSettings, Outcome, PolicyName, RewardSettings
from recommender.bandit.bandit import EXTRA
from recommender.bandit.bounds import allowed_orders
from recommender.bandit.features import arms_of, context_of, rests

TUNING_SEEDS: Final = (1, 2, 3)
REPORTED_SEEDS: Final = (101, 102, 103, 104, 105)
ROUNDS: Final = 10_000
LIMIT: Final = 3
RESAMPLES: Final = 2000
CLICKS_ALONE: Final = RewardSettings(click=1.0, purchase=0.0, rating=0.0, not_for_me=0.0, calm=0.0)


@dataclass
class Ledger:
    """What one policy has led to, by round: expected values of the orders shown."""

    reward: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    rise: list[float] = field(default_factory=list)
    explored: int = 0

    def enter(self, found: Expected, which: int, reward: NDArray[np.float64]) -> None:
        self.reward.append(float(reward[which]))
        self.clicks.append(float(found.clicks[which]))
        self.rise.append(float(found.rise[which]))


@dataclass
class Learner:
    """A bandit, what it still waits to hear of, and its ledger."""

    bandit: Bandit
    waiting: list[Outcome] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)

    def play(self, one: Round, limit: int, draws: Sequence[int], customer: Any) -> NDArray[np.int64]:
        """Show an order and note what comes of it; gives the order."""
        ordered, choice = self.bandit.choose(one.candidates, one.request, limit)
        place = {candidate.item.id: number for number, candidate in enumerate(one.candidates)}
        order = np.array([place[candidate.item.id] for candidate in ordered])
        if choice is not None:
            chance = np.random.default_rng(draws)
            gains, calm = happened(customer, order, self.bandit.settings.reward, chance)
            named = {one.candidates[item].item.id: gain for item, gain in gains.items()}
            self.waiting.append(Outcome(choice, named, calm))
            self.ledger.explored += choice.explored
        return order


def bench_bandit(
    seeds: Sequence[int] = REPORTED_SEEDS,
    rounds: int = ROUNDS,
    settings: BanditSettings | None = None,
    *,
    workers: int = 1,
    told: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Every policy in every world. Rewards are means by round, over the whole run, learning included.

    workers: processes side by side, one world each; the figures do not depend on them. told: called after each world.
    """
    base = settings or BanditSettings()
    worlds = []
    for world in _worlds(seeds, rounds, base, workers):
        worlds.append(world)
        if told is not None:
            told()
    names = list(worlds[0])
    oracle = _mean(worlds, "oracle", "reward")
    report: dict[str, Any] = {
        "rounds": rounds,
        "seeds": list(seeds),
        "reward": {name: round(_mean(worlds, name, "reward"), 4) for name in names},
        "share_of_oracle": {name: round(_mean(worlds, name, "reward") / oracle, 4) for name in names},
        "share_of_oracle_last_fifth": {
            name: round(_late(worlds, name) / _late(worlds, "oracle"), 4) for name in (*_LEARNERS, "ranking")
        },
        "share_by_seed": {
            name: [round(float(np.mean(w[name].reward) / np.mean(w["oracle"].reward)), 4) for w in worlds]
            for name in _LEARNERS
        },
        "clicks": {name: round(_mean(worlds, name, "clicks"), 4) for name in names},
        "frustration_after": {name: round(_mean(worlds, name, "rise"), 4) for name in names},
        "explored": {
            name: round(sum(w[name].explored for w in worlds) / (rounds * len(worlds)), 4) for name in _LEARNERS
        },
        "emotional_regret": _difference(worlds, "clicks alone", "thompson"),
    }
    return report


def _worlds(seeds: Sequence[int], rounds: int, base: BanditSettings, workers: int) -> Iterator[dict[str, Ledger]]:
    if workers <= 1:
        yield from (_run(seed, rounds, base) for seed in seeds)
        return
    # Spawned: a forked child would take over locks of threads that it does not have.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_run, seeds, repeat(rounds), repeat(base))


_LEARNERS: Final = ("thompson", "linucb", "without frustration", "clicks alone")


def _learners(base: BanditSettings) -> dict[str, Learner]:
    mute = replace(base.reward, calm=0.0)
    thompson = replace(base, policy=PolicyName.THOMPSON)
    made = (
        thompson,
        replace(base, policy=PolicyName.LINUCB),
        replace(thompson, reward=mute),
        replace(thompson, reward=CLICKS_ALONE),
    )
    return {name: Learner(Bandit(one)) for name, one in zip(_LEARNERS, made, strict=True)}


def _run(seed: int, rounds: int, base: BanditSettings) -> dict[str, Ledger]:
    shop = Shop(seed)
    learners = _learners(base)
    ledgers = {name: learner.ledger for name, learner in learners.items()}
    for name in ("oracle", "clairvoyant", "clairvoyant without bounds", "ranking", "allowed at random"):
        ledgers[name] = Ledger()
    every = _every_order(LIMIT + EXTRA, LIMIT)
    for number, one in enumerate(shop.rounds(rounds)):
        customer = answers(shop, one)
        found = expected(customer, every, base.reward)
        reward = found.reward(base.reward)
        index = _Index(every)
        allowed = _allowed(one, base)
        for learner in learners.values():
            order = learner.play(one, LIMIT, [seed, number], customer)
            learner.ledger.enter(found, index.of(order), reward)
        may = [index.of(order) for order in allowed]
        chance = np.random.default_rng([17, seed, number])
        believed = believed_reward(shop, one, every[may], base.reward, chance) if len(may) > 1 else np.zeros(1)
        ledgers["oracle"].enter(found, may[int(np.argmax(believed))], reward)
        ledgers["clairvoyant"].enter(found, max(may, key=lambda which: reward[which]), reward)
        ledgers["clairvoyant without bounds"].enter(found, int(np.argmax(reward)), reward)
        ledgers["ranking"].enter(found, may[0], reward)
        drawn = may[int(np.random.default_rng([13, seed, number]).integers(len(may)))]
        ledgers["allowed at random"].enter(found, drawn, reward)
        if (number + 1) % ROUNDS_OF_A_DAY == 0:
            for learner in learners.values():
                learner.bandit.learn(learner.waiting)
                learner.waiting.clear()
    return ledgers


class _Index:
    """Where an order stands among all of them."""

    def __init__(self, orders: NDArray[np.int64]) -> None:
        self._place = {tuple(order): place for place, order in enumerate(orders.tolist())}

    def of(self, order: NDArray[np.int64]) -> int:
        return self._place[tuple(order.tolist())]


def _allowed(one: Round, settings: BanditSettings) -> NDArray[np.int64]:
    """The slates that may be shown in this round; the ranking's own first."""
    if rests(one.request.state):
        return np.arange(LIMIT).reshape(1, LIMIT)
    window = one.candidates[: LIMIT + EXTRA]
    orders = allowed_orders(context_of(one.request), arms_of(window), settings)[:, :LIMIT]
    return np.array(list(dict.fromkeys(map(tuple, orders.tolist()))))


def _every_order(count: int, places: int) -> NDArray[np.int64]:
    grid = np.array(np.meshgrid(*[np.arange(count)] * places, indexing="ij")).reshape(places, -1).T
    return np.array([row for row in grid if len(set(row.tolist())) == places])


def _mean(worlds: Sequence[Mapping[str, Ledger]], name: str, what: str) -> float:
    return float(np.mean([np.mean(getattr(world[name], what)) for world in worlds]))


def _late(worlds: Sequence[Mapping[str, Ledger]], name: str) -> float:
    return float(np.mean([np.mean(world[name].reward[-len(world[name].reward) // 5 :]) for world in worlds]))


def _difference(worlds: Sequence[Mapping[str, Ledger]], one: str, other: str) -> dict[str, Any]:
    """By how many points frustration is lower after `other` than after `one`; bootstrap over days, 95 %."""
    whole = len(worlds[0][one].rise) // ROUNDS_OF_A_DAY * ROUNDS_OF_A_DAY
    apart = [np.array(world[one].rise[:whole]) - np.array(world[other].rise[:whole]) for world in worlds]
    days = np.concatenate([rounds.reshape(-1, ROUNDS_OF_A_DAY).mean(axis=1) for rounds in apart])
    chance = np.random.default_rng(1)
    means = days[chance.integers(len(days), size=(RESAMPLES, len(days)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return {"points_lower": round(float(days.mean()), 4), "low": round(float(low), 4), "high": round(float(high), 4)}
