"""From what is believed to the chance of each order: what a policy would show, exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.bandit.bounds import allowed_orders, neighbours
from recommender.bandit.features import design
from recommender.bandit.posterior import Belief, best_of, slate_values
from recommender.bandit.settings import BanditSettings, PolicyName
from recommender.slate import Choice


@dataclass(frozen=True)
class Chances:
    """orders: allowed ones, shape (orders, items), the ranking's own first. chance: of each, sums to 1.
    best: index of the order that is best as far as is known."""

    orders: NDArray[np.int64]
    chance: NDArray[np.float64]
    best: int

    def of_shown(self, order: NDArray[np.int64], limit: int) -> float:
        """The chance that the first `limit` places look like this: what is behind them is not shown."""
        same = (self.orders[:, :limit] == order[:limit]).all(axis=1)
        return min(1.0, float(self.chance[same].sum()))


def chances(choice: Choice, limit: int, belief: Belief, settings: BanditSettings) -> Chances:
    """How likely each order is under a policy.

    choice: its context and arms are used. The best known order has at least 1 - share; its neighbours, which differ by
    exchanges of adjacent places, share the rest: `floor` evenly, the remainder as the policy prefers.
    """
    if settings.policy is PolicyName.OFF:
        count = len(choice.arms)
        return Chances(np.arange(count).reshape(1, count), np.ones(1), 0)
    orders = allowed_orders(choice.context, choice.arms, settings)
    rows = design(choice.context, choice.arms)
    values = slate_values(rows @ belief.mean, orders, limit)
    best = best_of(values, range(len(orders)))
    near = np.flatnonzero(neighbours(orders, orders[best]) & differs(orders, orders[best], limit))
    chance = np.zeros(len(orders))
    if near.size == 0 or settings.policy is PolicyName.GREEDY or settings.share == 0.0:
        chance[best] = 1.0
        return Chances(orders, chance, best)
    preferred = _preferred(rows, orders, np.append(near, best), best, limit, belief, settings)
    preferred[best] = 0.0
    wanted = float(preferred.sum())
    room = settings.share - settings.floor
    chance += preferred * (min(1.0, room / wanted) if wanted > 0.0 else 0.0)
    chance[near] += settings.floor / near.size
    chance[best] = 1.0 - float(chance.sum())
    return Chances(orders, chance, best)


def differs(orders: NDArray[np.int64], order: NDArray[np.int64], limit: int) -> NDArray[np.bool_]:
    """Which orders show something else than this one."""
    found: NDArray[np.bool_] = (orders[:, :limit] != order[:limit]).any(axis=1)
    return found


def _preferred(
    rows: NDArray[np.float64],
    orders: NDArray[np.int64],
    among: NDArray[np.int64],
    best: int,
    limit: int,
    belief: Belief,
    settings: BanditSettings,
) -> NDArray[np.float64]:
    """What the policy would show if nothing held it back, as a chance of each order."""
    found = np.zeros(len(orders))
    if settings.policy is PolicyName.LINUCB:
        hopes = slate_values(rows @ belief.mean + settings.optimism * belief.widths(rows), orders, limit)
        found[best_of(hopes, [best, *among])] = 1.0
        return found
    drawn = slate_values(belief.draws @ rows.T, orders[among], limit)
    winners = among[np.argmax(drawn, axis=1)]
    np.add.at(found, winners, 1.0 / len(winners))
    return found
