"""One change of the catalogue, or many at once, each on record with who has made it. Call them in a transaction that
has checked the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from service.catalogue.shapes import ItemPatch, RowIn
from store import StoredItem, Transaction
from vocabulary import Item

MOST_ROWS: Final = 5000
"""Rows of one call: more belong into a file."""

_PURPOSE: Final = "keeping the catalogue up to date"
_MOST_ID_CHARS: Final = 64


@dataclass(frozen=True)
class Bulk:
    """What many rows have done. changed: items that are as asked. rejected: (row from 0, id, reason)."""

    changed: int
    rejected: tuple[tuple[int, str | None, str], ...]


async def add_item(tx: Transaction, actor: str, item: Item) -> StoredItem:
    """Add an item that is not there. Raises: ItemChanged (it is there), StoreError."""
    stored = await tx.catalogue.add(item)
    await _record(tx, actor, "add", item.id)
    return stored


async def put_item(tx: Transaction, actor: str, item: Item, *, expected: int | None = None) -> StoredItem:
    """Make this the item of its id, whether there is one or not. expected: the version that the caller has seen.

    Raises: NotFound (a version was expected and there is no item), ItemChanged, StoreError.
    """
    if expected is not None or await tx.catalogue.stored(item.id) is not None:
        stored = await tx.catalogue.change(item.id, lambda _: item, expected=expected)
    else:
        stored = StoredItem(item, await tx.catalogue.put([item]))
    await _record(tx, actor, "put", item.id)
    return stored


async def change_item(
    tx: Transaction, actor: str, item_id: str, patch: ItemPatch, *, expected: int | None = None
) -> StoredItem:
    """Change what the patch names. Raises: NotFound, ItemChanged, StoreError."""
    stored = await tx.catalogue.change(item_id, patch.applied, expected=expected)
    await _record(tx, actor, "change", item_id, fields=sorted(patch.model_fields_set))
    return stored


async def delete_item(tx: Transaction, actor: str, item_id: str, *, expected: int | None = None) -> bool:
    """Take an item out; False if it was not there. Raises: NotFound, ItemChanged, with a version expected."""
    gone = await tx.catalogue.remove([item_id], expected=expected)
    if gone:
        await _record(tx, actor, "delete", item_id)
    return gone > 0


async def change_rows(tx: Transaction, actor: str, rows: Sequence[Any]) -> Bulk:
    """Set prices and stocks of many items. A row that cannot be is told with its reason, and the others hold.

    Of two rows for one item the later one holds. Raises: StoreError.
    """
    good: dict[str, list[tuple[int, RowIn]]] = {}
    rejected: list[tuple[int, str | None, str]] = []
    for number, raw in enumerate(rows):
        try:
            row = RowIn.model_validate(raw)
        except ValidationError as err:
            rejected.append((number, _id_of(raw), _reason(err)))
        else:
            good.setdefault(row.id, []).append((number, row))

    def change(item: Item) -> Item:
        for _, row in good[item.id]:
            item = row.applied(item)
        return item

    unknown = await tx.catalogue.change_many(dict.fromkeys(good, change)) if good else frozenset()
    for item_id in unknown:
        rejected += [(number, item_id, "there is no item with this id") for number, _ in good[item_id]]
    changed = len(good) - len(unknown)
    if changed:
        await _record(tx, actor, "change", None, items=changed)
    return Bulk(changed, tuple(sorted(rejected, key=lambda one: one[0])))


async def _record(tx: Transaction, actor: str, what: str, item_id: str | None, **more: Any) -> None:
    details: dict[str, Any] = {"what": what, **({} if item_id is None else {"item": item_id}), **more}
    await tx.audit.add(actor, "catalogue.change", purpose=_PURPOSE, details=details)


def _id_of(raw: Any) -> str | None:
    found = raw.get("id") if isinstance(raw, Mapping) else None
    return found[:_MOST_ID_CHARS] if isinstance(found, str) else None


def _reason(err: ValidationError) -> str:
    first = err.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
