"""What may be set about the bandit: how it tries things, how far it may go, and what counts as a reward."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final, Self

from recommender.errors import BanditError
from vocabulary import InteractionKind


class PolicyName(StrEnum):
    """How the next order is chosen.

    thompson: by what one of many draws from what is known would show. linucb: by the best that could be true.
    greedy: the best that is known, nothing is tried. off: the ranking's own order.
    """

    THOMPSON = "thompson"
    LINUCB = "linucb"
    GREEDY = "greedy"
    OFF = "off"


REACH_AT_MOST: Final = 2
WORST: Final = -2.0
BEST: Final = 2.0
"""Bounds of one item's reward, and of one slate's change of frustration: no single customer outweighs many."""


@dataclass(frozen=True)
class RewardSettings:
    """What each outcome of one suggestion is worth; a purchase is 1 by convention.

    rating: of the best mark (5); the worst (1) takes as much away. calm: what a fall of frustration by 100 points in
    the two turns after is worth; 0 learns from behaviour alone. Each value from -2 to 2, calm from 0 to 10.
    """

    click: float = 0.2
    purchase: float = 1.0
    rating: float = 0.5
    not_for_me: float = -0.5
    calm: float = 2.0

    def __post_init__(self) -> None:
        for name in ("click", "purchase", "rating", "not_for_me"):
            _check(f"reward.{name}", getattr(self, name), WORST, BEST)
        _check("reward.calm", self.calm, 0.0, 10.0)

    def of(self, kind: InteractionKind, value: float | None = None) -> float:
        """The worth of one thing that somebody did with a suggested item; 0 for what is no answer to it.

        >>> RewardSettings().of(InteractionKind.RATING, 1.0)
        -0.5
        """
        if kind is InteractionKind.RATING:
            mark = 3.0 if value is None or not math.isfinite(value) else min(5.0, max(1.0, value))
            return self.rating * (mark - 3.0) / 2.0
        return {
            InteractionKind.CLICK: self.click,
            InteractionKind.PURCHASE: self.purchase,
            InteractionKind.NOT_FOR_ME: self.not_for_me,
        }.get(kind, 0.0)


@dataclass(frozen=True)
class BanditSettings:
    """How the bandit tries things and how far it may go.

    policy: see PolicyName. share: the most chance, 0 to .5, that another order than the best known one is shown.
    floor: the least chance, 0 to `share`, that some neighbouring order is tried, so that every other policy can be
    judged from the log. reach: places, 0 to 2, that an item may move against the ranking. gap: an item passes another
    only if its relevance is at most this share of the best relevance behind, 0 to 1. optimism: of linucb, in standard
    deviations, 0 to 10. noise, calm_noise: standard deviations of one reward, and of one change of frustration by 100
    points, around their means; .01 to 10. reward: see there.
    Raises: BanditError.
    """

    policy: PolicyName = PolicyName.THOMPSON
    share: float = 0.1
    floor: float = 0.02
    reach: int = 2
    gap: float = 0.5
    optimism: float = 0.5
    noise: float = 0.5
    calm_noise: float = 0.12
    reward: RewardSettings = field(default_factory=RewardSettings)

    def __post_init__(self) -> None:
        _check("share", self.share, 0.0, 0.5)
        _check("floor", self.floor, 0.0, self.share)
        _check("gap", self.gap, 0.0, 1.0)
        _check("optimism", self.optimism, 0.0, 10.0)
        _check("noise", self.noise, 0.01, 10.0)
        _check("calm_noise", self.calm_noise, 0.01, 10.0)
        if isinstance(self.reach, bool) or not isinstance(self.reach, int) or not 0 <= self.reach <= REACH_AT_MOST:
            raise BanditError(f"bandit: reach is {self.reach!r}; expected whole places from 0 to {REACH_AT_MOST}.")

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """From a table of a settings file; what is not named keeps its default. Raises: BanditError."""
        known = {one.name for one in fields(cls)}
        _refuse_unknown(raw, known, "bandit")
        given = dict(raw)
        if "policy" in given:
            try:
                given["policy"] = PolicyName(given["policy"])
            except ValueError:
                allowed = ", ".join(PolicyName)
                raise BanditError(f"bandit: policy is {given['policy']!r}; expected one of {allowed}.") from None
        if "reward" in given:
            table = given["reward"]
            if not isinstance(table, Mapping):
                raise BanditError(f"bandit: reward is {table!r}; expected a table such as {{click = 0.2}}.")
            _refuse_unknown(table, {one.name for one in fields(RewardSettings)}, "bandit.reward")
            given["reward"] = RewardSettings(**table)
        return cls(**given)

    @property
    def version(self) -> str:
        """Name of the policy with the version of the numbers that it looks at, as it is logged."""
        from recommender.bandit.features import LAYOUT

        return f"{self.policy.value}/{LAYOUT}"


def _refuse_unknown(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    strange = sorted(str(name) for name in raw if name not in known)
    if strange:
        raise BanditError(f"{where}: {strange[0]!r} is no setting; expected one of {', '.join(sorted(known))}.")


def _check(name: str, value: object, low: float, high: float) -> None:
    # Comparisons are false for NaN, so NaN is refused as well.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BanditError(f"bandit: {name} is {value!r}; expected a number from {low:g} to {high:g}.")
