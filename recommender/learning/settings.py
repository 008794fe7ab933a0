"""What can be set about learning from behaviour. Ranges are checked once, here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
"""How much one act says, beside a view. A rating counts by its stars, a dwell by its seconds (see `strength`)."""

DWELL_FULL_S: Final = 60.0
"""Seconds on a page after which staying longer says no more."""


@dataclass(frozen=True)
class TasteSettings:
    """How a taste model is made and applied.

    half_life_days: after so long an act of one's own counts half. popular_half_life_days: the same for what is popular.
    regularisation: of EASE, as a count of people (> 0). shrinkage: people who must agree before a similarity is
    believed. neighbours: links kept for each item. ease_items: EASE covers so many of the most chosen items; it needs
    memory and time with the square and the cube of it. recent: acts of one's own that are looked at. blend: weight of
    each part, by its name; parts that are left out weigh nothing.
    """

    half_life_days: float = 30.0
    popular_half_life_days: float = 30.0
    regularisation: float = 100.0
    shrinkage: float = 10.0
    neighbours: int = 100
    ease_items: int = 3_000
    recent: int = 200
    blend: Mapping[str, float] = field(
        default_factory=lambda: {"ease": 1.0, "together": 0.5, "next": 0.5, "content": 0.3, "popular": 0.1}
    )

    def __post_init__(self) -> None:
        for name in ("half_life_days", "popular_half_life_days", "regularisation"):
            _within(name, getattr(self, name), 1e-6, 1e9)
        _within("shrinkage", self.shrinkage, 0.0, 1e9)
        _within("neighbours", self.neighbours, 1, 10_000)
        _within("ease_items", self.ease_items, 0, 20_000)
        _within("recent", self.recent, 1, 100_000)
        for name, weight in self.blend.items():
            _within(f"blend of {name}", weight, -1e6, 1e6)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(**raw)


def strength(kind: InteractionKind, value: float | None) -> float:
    """What one act says for an item, 0 (nothing, or against it) to 3.

    A dwell counts by its seconds up to a minute; a rating from 3 stars (1.0) to 5 (3.0); fewer say nothing for it.
    >>> strength(InteractionKind.DWELL, 30.0), strength(InteractionKind.RATING, 4.0)
    (0.5, 2.0)
    """
    if kind is InteractionKind.NOT_FOR_ME:
        return 0.0
    full = STRENGTHS[kind]
    if kind is InteractionKind.DWELL:
        return full * min(max(value or 0.0, 0.0), DWELL_FULL_S) / DWELL_FULL_S
    if kind is InteractionKind.RATING:
        return full * max((value or 0.0) - 2.0, 0.0) / 3.0
    return full


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise LearningError(f"{name} is {value}; allowed is {low:g} to {high:g}. Correct the setting.")
