"""A small shop and an encoder that needs no model."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from vocabulary import CustomerState, Item, Relation, RelationKind, StateName


class WordEncoder:
    """Texts that share words are near each other. Counts what it embeds."""

    dimensions = 64

    def __init__(self, version: str = "words-1") -> None:
        self.version = version
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[hashlib.sha256(word.encode()).digest()[0] % self.dimensions] += 1.0
            row[0] += 0.01
            row /= np.linalg.norm(row)
        return rows


def item(
    item_id: str,
    title: str,
    price: str,
    *,
    category: str = "Kettles",
    stock: int = 5,
    relations: Sequence[tuple[RelationKind, str]] = (),
    **attributes: str,
) -> Item:
    """One item; further keywords are its attributes."""
    return Item(
        id=item_id,
        title=title,
        description=f"{title} for the kitchen.",
        category=category,
        price=Decimal(price),
        stock=stock,
        attributes=attributes,
        relations=tuple(Relation(kind, target) for kind, target in relations),
    )


def small_shop() -> list[Item]:
    """Two kettles with what belongs to them, and a toaster."""
    kettle = "kettle-quiet"
    return [
        item(kettle, "Quiet kettle", "40.00", type="kettle", model="Quiet", colour="white", noise="quiet"),
        item("kettle-quiet-red", "Quiet kettle, red", "40.00", type="kettle", model="Quiet", colour="red"),
        item(
            "kettle-plain", "Plain kettle", "25.00", type="kettle", relations=[(RelationKind.REPLACEMENT_FOR, kettle)]
        ),
        item(
            "kettle-gold", "Golden kettle", "120.00", type="kettle", relations=[(RelationKind.REPLACEMENT_FOR, kettle)]
        ),
        item(
            "filter",
            "Limescale filter for kettle",
            "6.00",
            category="Spare parts",
            type="limescale filter",
            relations=[(RelationKind.SPARE_PART_OF, kettle)],
        ),
        item("tea-set", "Tea set", "30.00", type="tea set", relations=[(RelationKind.ACCESSORY_OF, kettle)]),
        item(
            "plan",
            "Protection for a kettle",
            "12.00",
            category="Service plans",
            type="protection plan",
            relations=[(RelationKind.SERVICE_PLAN_FOR, kettle)],
        ),
        item("toaster", "Plain toaster", "30.00", category="Toasters", type="toaster", stock=0),
        item("toaster-wide", "Wide toaster", "45.00", category="Toasters", type="toaster"),
    ]


def state(frustration: float, name: StateName = StateName.CALM) -> CustomerState:
    """A customer state of one turn."""
    return CustomerState(frustration=frustration, trend=0.0, name=name, confidence=1.0, turns=1)
