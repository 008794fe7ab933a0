"""Where everybody's figures lie, and how one voice is compared with them and with itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FURTHEST: Final = 4.0  # standard deviations; beyond lies the extractor's error or a broken line, not more feeling
_QUICKEST: Final = 0.15  # turns: even the figure that tells voices apart best is not believed from one turn alone


@dataclass(frozen=True)
class Population:
    """mean: of all voices. within: variance of one voice's turns around its own mean. between: variance of those
    means over voices and recording situations. All in the figures' own units, shape (n_figures,).
    """

    mean: Array
    within: Array
    between: Array

    @property
    def prior_turns(self) -> Array:
        """How many turns of a customer weigh as much as everybody else: within / between, shape (n_figures,).

        It is the empirical Bayes estimate of a mean: B. Efron, C. Morris (1973), JASA 68.
        """
        return np.maximum(self.within / self.between, _QUICKEST)

    def usual(self, own_mean: Array, turns: Array) -> Array:
        """What is usual for each voice: everybody's mean at 0 turns, near its own after many; (n, n_figures).

        own_mean: (n, n_figures), anything finite where turns is 0. turns: (n,).
        """
        trust = turns[:, None] / (turns[:, None] + self.prior_turns)
        return self.mean + trust * (own_mean - self.mean)

    def inputs(self, figures: Array, own_mean: Array, turns: Array) -> Array:
        """What the classifiers see: shape (n, 2 × n_figures + 1).

        Each figure's distance from what is usual, in the deviations that are to be expected with so many turns; the
        same, fading with the turns, so that a voice never heard before is judged with weights of its own; and
        1 / (1 + turns).
        """
        unknown = self.between * self.prior_turns / (self.prior_turns + turns[:, None])
        away = (figures - self.usual(own_mean, turns)) / np.sqrt(self.within + unknown)
        away = np.clip(away, -_FURTHEST, _FURTHEST)
        newness = 1.0 / (1.0 + turns[:, None])
        return np.concatenate([away, away * newness, newness], axis=1)

    def to_dict(self) -> dict[str, list[float]]:
        return {
            name: [float(f"{value:.6g}") for value in getattr(self, name)] for name in ("mean", "within", "between")
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Sequence[Any]]) -> Self:
        return cls(*(np.array(raw[name], dtype=np.float64) for name in ("mean", "within", "between")))
