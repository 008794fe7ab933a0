"""What came of one slate, in the numbers that the bandit learns from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from recommender.bandit.features import ARM_LENGTH, CONTEXT, LAYOUT
from recommender.bandit.settings import BEST, WORST, RewardSettings
from recommender.errors import BanditError
from recommender.slate import Choice
from vocabulary import Interaction, InteractionKind

MOST_ARMS: Final = 64
ANSWERS: Final = (
    InteractionKind.CLICK,
    InteractionKind.PURCHASE,
    InteractionKind.RATING,
    InteractionKind.NOT_FOR_ME,
)
"""The acts that say something about a suggestion."""


@dataclass(frozen=True)
class Outcome:
    """One settled slate.

    choice: as it was logged. gains: reward of each item shown that had one, by id, each cut to [-2, 2]; what is not
    named had none. calm: fall of frustration over the two turns after, in units of 100 points, [-1, 1]; None if it is
    not known or may not be used.
    Raises: BanditError if it contradicts itself.
    """

    choice: Choice
    gains: Mapping[str, float] = field(default_factory=dict)
    calm: float | None = None

    def __post_init__(self) -> None:
        choice = self.choice
        if not choice.shown or len(choice.arms) > MOST_ARMS or not set(choice.shown) <= choice.arms.keys():
            raise BanditError("an outcome of items that were not considered; expected those of its own slate.")
        if len(set(choice.shown)) != len(choice.shown) or not self.gains.keys() <= set(choice.shown):
            raise BanditError("an outcome of items that were not shown, or twice; expected each shown one once.")
        rows = [choice.context, *choice.arms.values()]
        sizes = [len(CONTEXT), *[ARM_LENGTH] * len(choice.arms)]
        if [len(row) for row in rows] != sizes or not choice.policy.endswith(f"/{LAYOUT}"):
            raise BanditError(f"an outcome in other numbers than version {LAYOUT}; it cannot be learned from.")
        numbers = [*(number for row in rows for number in row), *self.gains.values(), self.calm or 0.0]
        if not all(math.isfinite(number) and abs(number) <= 1e6 for number in numbers):
            raise BanditError("an outcome with a number that is none, or beyond a million; it cannot be learned from.")
        if not 0.0 < choice.propensity <= 1.0:
            raise BanditError(f"propensity is {choice.propensity}; expected above 0, at most 1.")

    @property
    def settled_calm(self) -> float | None:
        """The change of frustration within its bounds."""
        return None if self.calm is None else min(1.0, max(-1.0, self.calm))

    def gain(self, item_id: str) -> float:
        """One shown item's reward within its bounds."""
        return min(BEST, max(WORST, self.gains.get(item_id, 0.0)))

    def reward(self, settings: RewardSettings) -> float:
        """The whole slate's reward."""
        return sum(self.gain(item_id) for item_id in self.choice.shown) + settings.calm * (self.settled_calm or 0.0)

    @classmethod
    def read(cls, choice: Mapping[str, Any], record: Mapping[str, Any], settings: RewardSettings) -> Self:
        """From a choice as `Choice.to_dict` wrote it and a record as `record_of` did; what acts are worth is settled
        here. Raises: BanditError if something is missing or of another form."""
        try:
            calm = record.get("calm")
            return cls(
                choice_from_dict(choice),
                {str(item_id): _worth(acts, settings) for item_id, acts in record["acts"].items()},
                None if calm is None else float(calm),
            )
        except BanditError:
            raise
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as err:
            raise BanditError(
                f"a stored outcome is damaged ({type(err).__name__}); it cannot be learned from."
            ) from None


def choice_from_dict(raw: Mapping[str, Any]) -> Choice:
    """A choice as `Choice.to_dict` wrote it. Raises: KeyError, TypeError, ValueError."""
    return Choice(
        policy=str(raw["policy"]),
        propensity=float(raw["propensity"]),
        context=tuple(float(number) for number in raw["context"]),
        arms={str(item_id): tuple(float(number) for number in row) for item_id, row in raw["arms"]},
        shown=tuple(str(item_id) for item_id in raw["shown"]),
        explored=bool(raw.get("explored", False)),
    )


def record_of(shown: Sequence[str], acts: Sequence[Interaction], calm: float | None) -> dict[str, Any]:
    """What came of a slate, as it is stored: {"acts": {item: {kind: value}}, "calm": …}.

    Only acts that answer a suggestion are kept, each kind once for each item with its last value: ten clicks are one
    answer. calm: see `calm_after`.
    """
    found: dict[str, dict[str, float | None]] = {}
    for act in sorted(acts, key=lambda one: one.at):
        if act.item_id in shown and act.kind in ANSWERS:
            found.setdefault(act.item_id, {})[act.kind.value] = act.value
    return {"acts": found, "calm": calm}


def _worth(acts: Mapping[str, float | None], settings: RewardSettings) -> float:
    return sum(settings.of(InteractionKind(kind), value) for kind, value in sorted(acts.items()))


def calm_after(before: float, after: Sequence[float]) -> float | None:
    """How far frustration has fallen from the turn of the slate over the two turns after it, in units of 100 points.

    before, after: levels, 0 to 100; only the first two of `after` count, their mean is taken. None without any.

    >>> calm_after(30.0, [25.0, 15.0, 90.0])
    0.1
    """
    held = [level for level in after[:2] if math.isfinite(level)]
    if not held or not math.isfinite(before):
        return None
    return round((before - sum(held) / len(held)) / 100.0, 4)
