"""What a shop offers, and what is suggested of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self


class RelationKind(StrEnum):
    """How an item relates to another one."""

    ACCESSORY_OF = "accessory_of"
    SPARE_PART_OF = "spare_part_of"
    REPLACEMENT_FOR = "replacement_for"
    SERVICE_PLAN_FOR = "service_plan_for"


@dataclass(frozen=True)
class Relation:
    """`item` --kind--> `target_id`: this item is an accessory of, a spare part of, ... the target."""

    kind: RelationKind
    target_id: str


@dataclass(frozen=True)
class Item:
    """One thing in the shop's catalogue.

    price: in the shop's currency, two decimals; None if the shop names none ("price on request").
    stock: pieces, 0 or more; None if the shop does not count them (services, content): always to be had.
    category: the narrowest one. path: all of them, from the widest to `category`; empty for a flat catalogue.
    attributes: short facts by name ("colour": "white", "energy class": "B").
    image, url: addresses (https) of a picture and of the shop's own page; None without one.
    currency: of the price, as three capital letters (ISO 4217).
    """

    id: str
    title: str
    description: str
    category: str
    price: Decimal | None
    stock: int | None
    attributes: Mapping[str, str]
    relations: tuple[Relation, ...] = ()
    path: tuple[str, ...] = ()
    image: str | None = None
    url: str | None = None
    currency: str = "EUR"

    @property
    def dearness(self) -> Decimal:
        """The price as something to sort by: what has none stands behind what has one."""
        return Decimal("Infinity") if self.price is None else self.price

    @property
    def is_available(self) -> bool:
        """Whether it can be had now."""
        return self.stock is None or self.stock > 0

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that the item is in, from the widest to the narrowest."""
        return self.path or (self.category,)

    def relation_kinds(self) -> frozenset[RelationKind]:
        """The kinds of relation that this item has to any other."""
        return frozenset(relation.kind for relation in self.relations)

    def costs_at_most(self, limit: Decimal) -> bool:
        """Whether the price is known and within a limit."""
        return self.price is not None and self.price <= limit


@dataclass(frozen=True)
class Suggestion:
    """One item offered, with its reason in one sentence for the customer.

    score: relevance, higher is better; comparable within one answer only.
    """

    item_id: str
    title: str
    price: Decimal | None
    category: str
    score: float
    reason: str
    image: str | None = None
    url: str | None = None
    currency: str = "EUR"

    @property
    def dearness(self) -> Decimal:
        """The price as something to sort by: what has none stands behind what has one."""
        return Decimal("Infinity") if self.price is None else self.price

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.item_id,
            "title": self.title,
            "price": None if self.price is None else float(self.price),
            "category": self.category,
            "score": self.score,
            "reason": self.reason,
            "image": self.image,
            "url": self.url,
            "currency": self.currency,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            item_id=str(raw["id"]),
            title=str(raw["title"]),
            price=None if raw["price"] is None else Decimal(str(raw["price"])).quantize(Decimal("0.01")),
            category=str(raw["category"]),
            score=float(raw["score"]),
            reason=str(raw["reason"]),
            # Suggestions of earlier versions were stored without these.
            image=raw.get("image"),
            url=raw.get("url"),
            currency=str(raw.get("currency", "EUR")),
        )


class InteractionKind(StrEnum):
    """What somebody did with an item.

    view: opened its page. dwell: stayed on it; value in seconds. click: followed a suggestion. cart: put it into the
    basket. purchase: bought it. rating: judged it; value from 1 to 5. not_for_me: wants it suggested never again.
    """

    VIEW = "view"
    DWELL = "dwell"
    CLICK = "click"
    CART = "cart"
    PURCHASE = "purchase"
    RATING = "rating"
    NOT_FOR_ME = "not_for_me"


@dataclass(frozen=True)
class Interaction:
    """One thing that somebody did with an item.

    subject: who, as a pseudonym that says nothing: a customer's, a visit's or a fingerprint of an imported id.
    value: seconds for dwell, 1 to 5 for rating; None otherwise. at: with a time zone.
    """

    subject: str
    item_id: str
    kind: InteractionKind
    at: datetime
    value: float | None = None


@dataclass(frozen=True)
class CatalogueChanges:
    """What has happened to the catalogue since an earlier version.

    whole: `items` is the entire catalogue, and whatever else was known is gone. removed: ids that are no longer there.
    """

    version: int
    items: tuple[Item, ...]
    removed: tuple[str, ...] = ()
    whole: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


def say_price(of: Item | Suggestion) -> str:
    """A price in words that a page, a terminal and a voice can use: "1,299.00 EUR"."""
    return "price on request" if of.price is None else f"{of.price:,.2f} {of.currency}"
