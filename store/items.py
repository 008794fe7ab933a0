"""Items as rows: what is written, what is read, and what may be stored at all."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from store.errors import StoreError
from store.money import from_cents, to_cents
from store.schema import ItemRow
from vocabulary import Item, Relation, RelationKind

COLUMNS: Final = (
    "title",
    "description",
    "category",
    "path",
    "price_cents",
    "currency",
    "stock",
    "attributes",
    "relations",
    "image",
    "url",
    "search",
)
"""What is written of an item, beside its id, its place in the order and its version."""

READ: Final = [getattr(ItemRow, name) for name in ("id", "version", "position", *COLUMNS)]
"""What is read of it: columns, not rows that a session would keep."""


@dataclass(frozen=True)
class StoredItem:
    """An item with the catalogue's version in which it was written last."""

    item: Item
    version: int


class ItemChanged(StoreError):  # noqa: N818 - reads as a sentence where it is caught
    """Somebody else has changed the item meanwhile."""

    code = "item_changed"

    def __init__(self, item_id: str, version: int) -> None:
        super().__init__(
            f"item {item_id!r} has changed and is at version {version} now. Read it again and repeat the change."
        )
        self.version = version


def check_items(items: Iterable[Item]) -> None:
    """Raises: StoreError (code item_invalid) for an id that occurs twice, and for what no item can have."""
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise StoreError(f"item id {item.id!r} occurs twice; expected each once.", code="item_invalid")
        seen.add(item.id)
        price_is_sound = item.price is None or (item.price.is_finite() and item.price >= Decimal(0))
        if not price_is_sound or (item.stock is not None and item.stock < 0):
            raise StoreError(
                f"item {item.id!r} has price {item.price} and stock {item.stock}; expected 0 or more.",
                code="item_invalid",
            )


def values_of(item: Item) -> dict[str, Any]:
    """What is written of an item, by COLUMNS."""
    return {
        "title": item.title,
        "description": item.description,
        "category": item.category,
        "path": list(item.path),
        "price_cents": None if item.price is None else to_cents(item.price),
        "currency": item.currency,
        "stock": item.stock,
        "attributes": dict(item.attributes),
        "relations": [[relation.kind.value, relation.target_id] for relation in item.relations],
        "image": item.image,
        "url": item.url,
        "search": "\n".join((item.title, item.description, *item.categories)).lower(),
    }


def digest_of(values: Mapping[str, Any]) -> bytes:
    """Equal for what is written alike: 16 bytes stand for a row while a whole catalogue is compared."""
    text = json.dumps([values[name] for name in COLUMNS], sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def item_of(row: Any) -> Item:
    """The item of a row that was read."""
    return Item(
        id=row.id,
        title=row.title,
        description=row.description,
        category=row.category,
        price=None if row.price_cents is None else from_cents(row.price_cents),
        stock=row.stock,
        attributes=row.attributes,
        relations=tuple(Relation(RelationKind(kind), target) for kind, target in row.relations),
        path=tuple(row.path),
        image=row.image,
        url=row.url,
        currency=row.currency,
    )


def stored_of(row: Any) -> StoredItem:
    """The same with its version."""
    return StoredItem(item_of(row), row.version)


def in_batches(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Parts of at most `size`, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))
