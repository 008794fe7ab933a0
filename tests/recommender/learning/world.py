"""A small shop where some people like kettles and some like toys, and what they did there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from vocabulary import Interaction, InteractionKind, Item

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def thing(number: int, kind: str) -> Item:
    """One item of a kind, with a number for a name."""
    return Item(
        id=f"{kind}-{number}",
        title=f"{kind} {number}",
        description="",
        category=kind,
        price=Decimal("10.00"),
        stock=3,
        attributes={"colour": "red" if number % 2 else "blue"},
    )


def shop(each: int = 12) -> list[Item]:
    return [thing(number, kind) for kind in ("kettle", "toy", "lamp") for number in range(each)]


def act(
    subject: str,
    item_id: str,
    kind: InteractionKind = InteractionKind.VIEW,
    *,
    days_ago: float = 1.0,
    value: float | None = None,
) -> Interaction:
    return Interaction(subject, item_id, kind, NOW - timedelta(days=days_ago), value)


def life(people: int = 120, acts: int = 8, each: int = 12, *, seed: int = 3) -> list[Interaction]:
    """Everybody has a favourite kind and mostly looks at that, one thing after the other."""
    drawn = np.random.default_rng(seed)
    done: list[Interaction] = []
    for person in range(people):
        favourite = ("kettle", "toy")[person % 2]
        for place in range(acts):
            kind = favourite if drawn.random() < 0.85 else "lamp"
            item_id = f"{kind}-{drawn.integers(0, each)}"
            done.append(act(f"p{person}", item_id, days_ago=float(acts - place)))
    return done


def history(*item_ids: str) -> Sequence[Interaction]:
    """What somebody did, oldest first."""
    return [act("me", item_id, days_ago=float(len(item_ids) - place)) for place, item_id in enumerate(item_ids)]
