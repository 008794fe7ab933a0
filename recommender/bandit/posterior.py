"""What is known of how items serve in a context: two Bayesian linear regressions over one sum of outcomes.

The first foretells the reward of each shown item, the second the change of frustration after a whole slate. Both are
linear in `features.design`, with the rows weighted by how far customers look down a list.

The sums hold whole numbers: every row is rounded to a grid before it is multiplied. So they do not know the order in
which outcomes came, several processes come to the same numbers to the last bit, and to take an outcome out again gives
exactly what would be there without it. Sums stay exact up to 2^53, which is some hundred million slates.

Source: Li, Chu, Langford, Schapire, "A contextual-bandit approach to personalized news article recommendation" (2010);
Agrawal, Goyal, "Thompson sampling for contextual bandits with linear payoffs" (2013); the discount by place is that of
Järvelin, Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.bandit.features import SIZE, design, prior
from recommender.bandit.outcome import Outcome
from recommender.bandit.settings import BanditSettings

GRID: Final = 1024.0
DRAWS: Final = 48
"""From what is known, made anew whenever it changes. A slate takes one of them: chances are counts, hence exact."""

CALM_PRIOR: Final = 0.3
"""Weights of the change of frustration are believed to be so much smaller than those of the reward."""

_BATCH: Final = 512


def looked_at(places: int) -> NDArray[np.float64]:
    """How much of a list's first place each place is looked at, shape (places,): 1, .63, .5, …"""
    return np.asarray(1.0 / np.log2(np.arange(2, places + 2)))


@dataclass
class _Regression:
    """Sums over rows x and targets y: of x xᵀ, and of x y."""

    gram: NDArray[np.float64] = field(default_factory=lambda: np.zeros((SIZE, SIZE)))
    target: NDArray[np.float64] = field(default_factory=lambda: np.zeros(SIZE))

    def add(self, rows: NDArray[np.float64], targets: NDArray[np.float64], sign: float) -> None:
        x, y = np.rint(rows * GRID), np.rint(targets * GRID)
        self.gram += sign * (x.T @ x)
        self.target += sign * (x.T @ y)

    def solved(self, scale: float, noise: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean, and a factor F of the covariance F Fᵀ; shape (SIZE, SIZE). scale: of the prior."""
        mean, deviation = prior()
        weight = 1.0 / (noise * GRID) ** 2
        inverse = 1.0 / (scale * deviation) ** 2
        precision = self.gram * weight
        precision[np.diag_indices_from(precision)] += inverse
        # The ranking's place says nothing about frustration.
        start = inverse * mean if scale == 1.0 else 0.0
        factor = np.linalg.inv(np.linalg.cholesky(precision)).T
        return factor @ (factor.T @ (self.target * weight + start)), factor


class Sums:
    """Everything that was learned: sums over outcomes, and how many they are."""

    def __init__(self) -> None:
        self.gain = _Regression()
        self.calm = _Regression()
        self.slates = 0

    def add(self, outcomes: Iterable[Outcome], *, sign: float = 1.0) -> None:
        """Take outcomes in (sign 1) or out again (-1)."""
        gains: list[NDArray[np.float64]] = []
        calms: list[NDArray[np.float64]] = []
        gain_targets: list[float] = []
        calm_targets: list[float] = []
        for outcome in outcomes:
            rows = weighted_rows(outcome)
            gains.append(rows)
            gain_targets.extend(outcome.gain(item_id) for item_id in outcome.choice.shown)
            if outcome.settled_calm is not None:
                calms.append(rows.sum(axis=0, keepdims=True))
                calm_targets.append(outcome.settled_calm)
            self.slates += int(sign)
            if len(gain_targets) >= _BATCH:
                self._flush(gains, gain_targets, calms, calm_targets, sign)
        self._flush(gains, gain_targets, calms, calm_targets, sign)

    def means(self, settings: BanditSettings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weights that foretell the reward of an item, and the fall of frustration in units of 100 points."""
        gain, _ = self.gain.solved(1.0, settings.noise)
        calm, _ = self.calm.solved(CALM_PRIOR, settings.calm_noise)
        return gain, calm

    def _flush(
        self,
        gains: list[NDArray[np.float64]],
        gain_targets: list[float],
        calms: list[NDArray[np.float64]],
        calm_targets: list[float],
        sign: float,
    ) -> None:
        if gains:
            self.gain.add(np.concatenate(gains), np.array(gain_targets), sign)
        if calms:
            self.calm.add(np.concatenate(calms), np.array(calm_targets), sign)
        for held in (gains, gain_targets, calms, calm_targets):
            held.clear()


def weighted_rows(outcome: Outcome) -> NDArray[np.float64]:
    """The rows of the items shown, by place, weighted by how far each place is looked at; shape (shown, SIZE)."""
    choice = outcome.choice
    rows = design(choice.context, {item_id: choice.arms[item_id] for item_id in choice.shown})
    weighted: NDArray[np.float64] = rows * looked_at(len(rows))[:, None]
    return weighted


@dataclass(frozen=True)
class Belief:
    """What follows from the sums under given settings, of one item's worth w(x) = wᵀx.

    mean: shape (SIZE,). draws: weights that could be true, shape (DRAWS, SIZE). spread: covariance of the weights,
    shape (SIZE, SIZE); None unless the policy asks how unsure it is.
    """

    mean: NDArray[np.float64]
    draws: NDArray[np.float64]
    spread: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, sums: Sums | None, settings: BanditSettings, *, wants_spread: bool, wants_draws: bool) -> Self:
        """The same sums and settings give the same belief, in every process: draws come from a fixed seed."""
        chance = np.random.default_rng(1)
        if sums is None:
            mean, deviation = prior()
            draws = mean + deviation * chance.standard_normal((DRAWS if wants_draws else 0, SIZE))
            return cls(mean, draws, np.diag(deviation**2) if wants_spread else None)
        calm = settings.reward.calm
        parts = [(sums.gain, 1.0, 1.0, settings.noise)]
        parts += [(sums.calm, calm, CALM_PRIOR, settings.calm_noise)] if calm > 0.0 else []
        mean = np.zeros(SIZE)
        draws = np.zeros((DRAWS if wants_draws else 0, SIZE))
        spread = np.zeros((SIZE, SIZE)) if wants_spread else None
        for regression, worth, scale, noise in parts:
            found, factor = regression.solved(scale, noise)
            mean += worth * found
            draws += worth * (found + chance.standard_normal((len(draws), SIZE)) @ factor.T)
            if spread is not None:
                spread += worth**2 * (factor @ factor.T)
        return cls(mean, draws, spread)

    def widths(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standard deviation of each row's worth, shape (rows,)."""
        if self.spread is None:
            return np.zeros(len(rows))
        variances: NDArray[np.float64] = ((rows @ self.spread) * rows).sum(axis=1)
        return np.sqrt(np.maximum(0.0, variances))


def slate_values(worths: NDArray[np.float64], orders: NDArray[np.int64], limit: int) -> NDArray[np.float64]:
    """What each order is worth by what each item is. worths: shape (…, items); gives (…, orders)."""
    shown = orders[:, :limit]
    values: NDArray[np.float64] = worths[..., shown] @ looked_at(shown.shape[1])
    return values


def best_of(values: NDArray[np.float64], orders: Sequence[int] | NDArray[np.int64]) -> int:
    """The index of the highest value among some orders; the first of them unless another is truly higher."""
    held = list(orders)
    top = max(float(values[one]) for one in held)
    return int(next(one for one in held if values[one] >= top - 1e-12))
