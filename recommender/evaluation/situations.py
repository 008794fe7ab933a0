"""Situations judged by hand: who asks what in which state, and how right each item is for them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Self

from recommender.errors import RecommenderError
from recommender.slate import Request
from vocabulary import CustomerState, Interaction, InteractionKind, Item, StateName

SPLITS: Final = ("tune", "report")
BEST_GRADE: Final = 3
_PLACES: Final = frozenset({"ids", "type", "facts", "relation", "min_price", "max_price"})
_NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)


class SituationsError(RecommenderError, ValueError):
    """The file of situations cannot be used."""

    code = "situations"


@dataclass(frozen=True)
class Entry:
    """A grade and the items that it is for: all that is named must hold. Prices are included on both sides."""

    grade: int
    ids: frozenset[str] = frozenset()
    type: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    relation: tuple[str, str] | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None

    def covers(self, item: Item) -> bool:
        """Whether this entry says how right an item is."""
        if self.ids and item.id not in self.ids:
            return False
        if self.type is not None and item.attributes.get("type") != self.type:
            return False
        if any(item.attributes.get(name) != value for name, value in self.facts):
            return False
        if self.relation is not None and self.relation not in {(one.kind, one.target_id) for one in item.relations}:
            return False
        low = self.min_price is None or (item.price is not None and item.price >= self.min_price)
        return low and (self.max_price is None or item.costs_at_most(self.max_price))

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Raises: KeyError, TypeError, ValueError."""
        where = raw["where"]
        if not where or not set(where) <= _PLACES or raw["grade"] not in range(BEST_GRADE + 1):
            raise ValueError(f"grade {raw['grade']!r} where {sorted(where)}")
        relation, low, high = where.get("relation"), where.get("min_price"), where.get("max_price")
        return cls(
            grade=int(raw["grade"]),
            ids=frozenset(where.get("ids", ())),
            type=where.get("type"),
            facts=tuple(where.get("facts", {}).items()),
            relation=(relation["kind"], relation["of"]) if relation else None,
            min_price=None if low is None else Decimal(str(low)),
            max_price=None if high is None else Decimal(str(high)),
        )


@dataclass(frozen=True)
class Situation:
    """One of them. need: what several situations in different states have in common. about: the item of the case."""

    id: str
    need: str
    split: str
    query: str
    state: CustomerState
    about: str | None
    history: tuple[Interaction, ...]
    wanted: tuple[Entry, ...]

    def grade(self, item: Item) -> int:
        """How right an item is, 0 to 3: the first entry that covers it says so; what is sold out is never right."""
        if not item.is_available:
            return 0
        return next((entry.grade for entry in self.wanted if entry.covers(item)), 0)

    def request(self, limit: int, *, with_state: bool) -> Request:
        """What the recommender is asked."""
        return Request(
            query=self.query,
            limit=limit,
            state=self.state if with_state else None,
            about=(self.about,) if self.about else (),
            history=self.history,
            at=_NOON,
            seed=self.id,
        )

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Raises: KeyError, TypeError, ValueError."""
        state, steps = raw["state"], raw.get("history", ())
        if raw["split"] not in SPLITS:
            raise ValueError(f"split {raw['split']!r}")
        return cls(
            id=str(raw["id"]),
            need=str(raw["id"]).partition(".")[0],
            split=str(raw["split"]),
            query=str(raw["query"]),
            state=CustomerState(
                frustration=float(state["frustration"]),
                trend=float(state.get("trend", 0.0)),
                name=StateName(state["name"]),
                confidence=1.0,
                turns=1,
            ),
            about=raw.get("about"),
            history=tuple(
                Interaction("judged", str(step["item"]), InteractionKind(step["kind"]), _before(len(steps) - number))
                for number, step in enumerate(steps)
            ),
            wanted=tuple(Entry.from_dict(one) for one in raw["wanted"]),
        )


def read_situations(path: Path, split: str | None = None) -> list[Situation]:
    """The situations of one split, or all. Raises: SituationsError, which says nothing of what the file holds."""
    if split is not None and split not in SPLITS:
        raise SituationsError(f"split {split!r}; expected one of {', '.join(SPLITS)}.")
    try:
        read = [Situation.from_dict(one) for one in _entries(path)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise SituationsError(
            f"{path} is no file of judged situations ({type(err).__name__}). Expected a JSON list as described in the "
            "README beside shop/judged/situations.json."
        ) from None
    return [one for one in read if split in (None, one.split)]


def _entries(path: Path) -> Sequence[Mapping[str, Any]]:
    raw = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(raw, list) or not raw:
        raise ValueError("no list")
    return raw


def _before(days: int) -> datetime:
    return _NOON - timedelta(days=days)
