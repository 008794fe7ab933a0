"""What can be set about learning from behaviour. Ranges are checked once, here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Final, Self

from recommender.errors import LearningError
from vocabulary import InteractionKind

STRENGTHS: Final[Mapping[InteractionKind, float]] = MappingProxyType(
    {
        InteractionKind.VIEW: 1.0,
        InteractionKind.DWELL: 1.0,
        InteractionKind.CLICK: 1.0,
        InteractionKind.CART: 2.0,
        InteractionKind.PURCHASE: 3.0,
        InteractionKind.RATING: 3.0,
    }
)
"""How much one act says at most, beside a view."""

DWELL_FULL_S: Final = 60.0
"""Seconds on a page after which staying longer says no more."""

PARTS: Final = (
    "ease",
    "ease.recent",
    "near_ease",
    "near_ease.recent",
    "together.recent",
    "near",
    "next.recent",
    "content",
    "content.recent",
    "popular",
)
"""What a blend is made of: links (or likeness of content) applied to all of a history, or to its newest acts."""

_BLEND: Final = {"ease": 1.0, "ease.recent": 1.0, "together.recent": 1.0, "next.recent": 1.0, "content.recent": 0.5}
_LARGEST_EASE: Final = 20_000


@dataclass(frozen=True)
class TasteSettings:
    """How a taste model is made and applied.

    half_life_days: after so long an act of one's own counts half. recent_acts: after so many further acts of one's own
    an act counts half, for the parts called recent. history_acts: acts of one's own that are looked at.
    popular_half_life_days: after so long a choice counts half for what is popular. regularisation: of EASE, as a number
    of people. kinship: how many people a full likeness of content is worth to EASE. shrinkage: people who must agree
    before a similarity is believed. near_acts: half life of nearness, in steps of one person. window: steps that "in a
    row" looks at. beginner_acts: after so many acts of one's own, popularity counts half as a stand-in for what is not
    known yet. neighbours: links kept for each item. ease_items: EASE covers so many of the most chosen items; it
    needs memory with the square and time with the cube of it. blend: weight of each of PARTS; one left out weighs 0.
    """

    half_life_days: float = 90.0
    recent_acts: float = 10.0
    history_acts: int = 300
    popular_half_life_days: float = 30.0
    regularisation: float = 100.0
    kinship: float = 10.0
    shrinkage: float = 5.0
    near_acts: float = 10.0
    window: int = 30
    beginner_acts: float = 3.0
    neighbours: int = 100
    ease_items: int = 3_000
    blend: Mapping[str, float] = field(default_factory=lambda: dict(_BLEND))

    def __post_init__(self) -> None:
        for name in ("half_life_days", "popular_half_life_days", "regularisation", "recent_acts", "near_acts"):
            _within(name, getattr(self, name), 1e-3, 1e9)
        for name in ("shrinkage", "kinship", "beginner_acts"):
            _within(name, getattr(self, name), 0.0, 1e9)
        for name, most in (("neighbours", 10_000), ("window", 1_000), ("history_acts", 100_000)):
            _within(name, getattr(self, name), 1, most)
        _within("ease_items", self.ease_items, 0, _LARGEST_EASE)
        for name, weight in self.blend.items():
            if name not in PARTS:
                raise LearningError(f"the blend has a part {name[:40]!r}; allowed are {', '.join(PARTS)}.")
            _within(f"blend of {name}", weight, 0.0, 1e6)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Raises: LearningError for a name that is no setting, or a value out of its range."""
        known = {one.name for one in fields(cls)}
        if unknown := sorted(set(raw) - known):
            raise LearningError(f"unknown settings: {', '.join(unknown)}; allowed are {', '.join(sorted(known))}.")
        return cls(**raw)


def strength(kind: InteractionKind, value: float | None) -> float:
    """What one act says for an item, 0 (nothing, or against it) to 3.

    A dwell counts by its seconds up to a minute; a rating from 3 stars (1.0) to 5 (3.0), fewer say nothing for it.
    >>> strength(InteractionKind.DWELL, 30.0), strength(InteractionKind.RATING, 4.0)
    (0.5, 2.0)
    """
    if kind is InteractionKind.NOT_FOR_ME:
        return 0.0
    full = STRENGTHS[kind]
    if kind is InteractionKind.DWELL:
        return full * min(max(value or 0.0, 0.0), DWELL_FULL_S) / DWELL_FULL_S
    if kind is InteractionKind.RATING:
        return full * max(min(value or 0.0, 5.0) - 2.0, 0.0) / 3.0
    return full


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # NaN is refused as well
        raise LearningError(f"{name} is {value}; allowed is {low:g} to {high:g}. Correct the setting.")
