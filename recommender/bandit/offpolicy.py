"""What another policy would have earned, judged from slates that were shown under logged chances.

Three estimates of a policy's mean value, for logged slates (x, a, r) shown with chance p and shown by the policy in
question with chance q, w = q / p, and m(x, a) what a model foretells:

    ips    mean of w r                                    right in the mean, wide
    snips  sum of w r by sum of w                         narrower, slightly off for few slates
    dr     mean of E_q m(x, ·) + w (r - m(x, a))          right if the chances or the model are

The policy and the model have learned from the other folds only: nobody is judged on what they learned from. A policy
that shows what the log never tried cannot be judged: `weight` then stays below 1.

Source: Horvitz, Thompson (1952); Swaminathan, Joachims, "The self-normalized estimator for counterfactual learning"
(2015); Dudík, Langford, Li, "Doubly robust policy evaluation and learning" (2011).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.bandit.bandit import Bandit
from recommender.bandit.features import design
from recommender.bandit.outcome import Outcome
from recommender.bandit.policy import chances
from recommender.bandit.posterior import Sums, slate_values
from recommender.bandit.settings import BanditSettings
from recommender.errors import BanditError

RESAMPLES: Final = 1000
FEWEST: Final = 20
_FOLDS: Final = 2


@dataclass(frozen=True)
class Estimate:
    """One figure with its 95 % interval, by bootstrap over customers."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


@dataclass(frozen=True)
class Judgement:
    """What a policy would have earned.

    slates: how many were looked at. weight: mean of w; 1 if the log could have shown all that the policy shows.
    effective: so many slates of the policy's own the weighted ones are worth. logged: what was earned in fact.
    """

    slates: int
    weight: float
    effective: float
    logged: Estimate
    ips: Estimate
    snips: Estimate
    dr: Estimate

    def to_dict(self) -> dict[str, Any]:
        return {
            "slates": self.slates,
            "weight": round(self.weight, 4),
            "effective_slates": round(self.effective, 1),
            "logged": self.logged.to_dict(),
            "ips": self.ips.to_dict(),
            "snips": self.snips.to_dict(),
            "dr": self.dr.to_dict(),
        }


@dataclass(frozen=True)
class Verdict:
    """gain: reward of the items shown. calm: fall of frustration in points, over the slates where it is known; None if
    these are fewer than FEWEST."""

    gain: Judgement
    calm: Judgement | None

    def to_dict(self) -> dict[str, Any]:
        return {"gain": self.gain.to_dict(), "calm_points": None if self.calm is None else self.calm.to_dict()}


def judge(outcomes: Sequence[Outcome], settings: BanditSettings, customers: Sequence[str] | None = None) -> Verdict:
    """Judge a policy by settled slates, in any order but the one of time.

    customers: whose slate each is; slates of one customer stay together in folds and in the bootstrap. Without them
    every slate stands for itself. Raises: BanditError for fewer than FEWEST slates.
    """
    if len(outcomes) < FEWEST:
        raise BanditError(f"{len(outcomes)} settled slates; at least {FEWEST} are needed to judge a policy. Wait.")
    owner = _numbered(customers if customers is not None else [str(number) for number in range(len(outcomes))])
    if len(owner) != len(outcomes):
        raise BanditError(f"{len(owner)} customers for {len(outcomes)} slates; expected one for each.")
    # A fixed shuffle: who came early and who came late are in both folds.
    fold = np.random.default_rng(5).permutation(owner.max() + 1)[owner] % _FOLDS
    weight = np.zeros(len(outcomes))
    gains, calms = (np.zeros((len(outcomes), 2)) for _ in range(2))
    for one in range(_FOLDS):
        others = [outcome for outcome, where in zip(outcomes, fold, strict=True) if where != one]
        bandit, sums = Bandit(settings), Sums()
        bandit.learn(others)
        sums.add(others)
        model = sums.means(settings)
        for place in np.flatnonzero(fold == one).tolist():
            weight[place], gains[place], calms[place] = _looked_into(outcomes[place], bandit, model)
    gained = np.array([sum(outcome.gain(item_id) for item_id in outcome.choice.shown) for outcome in outcomes])
    known = np.array([outcome.settled_calm is not None for outcome in outcomes])
    calmed = 100.0 * np.array([outcome.settled_calm or 0.0 for outcome in outcomes])
    calm = None
    if known.sum() >= FEWEST:
        calm = _judged(calmed[known], weight[known], 100.0 * calms[known], owner[known])
    return Verdict(_judged(gained, weight, gains, owner), calm)


def _looked_into(
    outcome: Outcome, bandit: Bandit, model: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """The weight of one slate; and by the model, gain and calm: of the policy, and of what was shown."""
    choice, limit = outcome.choice, len(outcome.choice.shown)
    found = chances(choice, limit, bandit.belief, bandit.settings)
    place = {item_id: number for number, item_id in enumerate(choice.arms)}
    shown = np.array([place[item_id] for item_id in choice.shown], dtype=np.int64)
    weight = found.of_shown(shown, limit) / choice.propensity
    rows = design(choice.context, choice.arms)
    told = []
    for weights in model:
        worths = rows @ weights
        of_policy = float(slate_values(worths, found.orders, limit) @ found.chance)
        told.append((of_policy, float(slate_values(worths, shown[None, :], limit)[0])))
    return weight, told[0], told[1]


def _judged(
    values: NDArray[np.float64], weight: NDArray[np.float64], told: NDArray[np.float64], owner: NDArray[np.int64]
) -> Judgement:
    robust = told[:, 0] + weight * (values - told[:, 1])
    parts = np.stack([np.ones(len(values)), values, weight * values, weight, robust], axis=1)
    whose = _numbered([str(number) for number in owner.tolist()])
    by_owner = np.zeros((int(whose.max()) + 1, parts.shape[1]))
    np.add.at(by_owner, whose, parts)
    chance = np.random.default_rng(1)
    drawn = np.stack(
        [by_owner[chance.integers(len(by_owner), size=len(by_owner))].sum(axis=0) for _ in range(RESAMPLES)]
    )
    total = by_owner.sum(axis=0, keepdims=True)
    estimates = [_estimate(total, drawn, above, below) for above, below in ((1, 0), (2, 0), (2, 3), (4, 0))]
    squares = float((weight**2).sum())
    effective = float(weight.sum()) ** 2 / squares if squares > 0.0 else 0.0
    return Judgement(len(values), float(weight.mean()), effective, *estimates)


def _estimate(total: NDArray[np.float64], drawn: NDArray[np.float64], above: int, below: int) -> Estimate:
    spread = drawn[:, above] / np.maximum(drawn[:, below], 1e-12)
    low, high = np.quantile(spread, (0.025, 0.975))
    return Estimate(float(total[0, above] / max(total[0, below], 1e-12)), float(low), float(high))


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    return np.unique(np.array(names, dtype=str), return_inverse=True)[1].astype(np.int64)
