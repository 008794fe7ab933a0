"""How this customer usually sounds: a few running numbers of one session, so that later turns compare with them.

It is a voice profile: kept under the consent for voice, gone with the session (docs/decisions/0083).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

MOST_TURNS: Final = 30
"""Later turns count as if this many had come before: a profile follows a voice that changes over a long session."""


@dataclass(frozen=True)
class SpeakerBaseline:
    """Count, mean and spread of the figures of the turns so far.

    model: which figures of which model these are; "" before the first turn.
    turns: how many turns are in it. mean: their mean; squares: summed squared deviations from it, >= 0. All figures
    are in the units of the model that wrote them.

    >>> SpeakerBaseline().updated("m", [1.0]).updated("m", [3.0]).mean
    (2.0,)
    """

    model: str = ""
    turns: int = 0
    mean: tuple[float, ...] = ()
    squares: tuple[float, ...] = ()

    def updated(self, model: str, figures: Sequence[float] | NDArray[Any]) -> "SpeakerBaseline":
        """With one more turn. Figures of another model start a new profile. Source: B. P. Welford (1962)."""
        value = np.asarray(figures, dtype=np.float64)
        if not self.fits(model, value.size):
            return SpeakerBaseline(model, 1, tuple(value.tolist()), (0.0,) * value.size)
        seen = min(self.turns, MOST_TURNS - 1)
        mean, squares = np.array(self.mean), np.array(self.squares) * (seen / max(self.turns, 1))
        away = value - mean
        mean = mean + away / (seen + 1)
        squares = squares + away * (value - mean)
        return SpeakerBaseline(model, seen + 1, tuple(mean.tolist()), tuple(squares.tolist()))

    def fits(self, model: str, size: int) -> bool:
        """Whether this is a profile of that model's figures, with at least one turn."""
        return self.turns > 0 and self.model == model and len(self.mean) == len(self.squares) == size

    @property
    def spread(self) -> tuple[float, ...]:
        """Standard deviation of each figure over the turns; 0 with one turn."""
        return tuple(math.sqrt(value / max(self.turns, 1)) for value in self.squares)

    def to_dict(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "turns": self.turns,
            "mean": [round(value, 4) for value in self.mean],
            "squares": [round(value, 4) for value in self.squares],
        }

    @classmethod
    def from_dict(cls, raw: Any) -> Self:
        """Read a stored profile; a damaged one is an empty one, because a profile can always start again."""
        try:
            found = cls(
                str(raw["model"]),
                int(raw["turns"]),
                tuple(float(value) for value in raw["mean"]),
                tuple(float(value) for value in raw["squares"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            return cls()
        numbers = (*found.mean, *found.squares)
        sound = (
            isinstance(raw, Mapping)
            and 0 < found.turns <= MOST_TURNS
            and len(found.mean) == len(found.squares)
            and all(math.isfinite(value) for value in numbers)
            and all(value >= 0.0 for value in found.squares)
        )
        return found if sound else cls()
