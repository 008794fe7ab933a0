"""What staff do with the catalogue. Each change checks the right and is on record, in the transaction that makes it."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from service.catalogue import CatalogueStatus, ItemPatch, add_item, change_item, delete_item, put_item, status_of
from service.desk.catalogue_form import read_form, read_price, read_stock
from service.desk.gate import Gate
from service.errors import Refused
from store import Database, ItemChanged, NotFound, StoredItem, StoreError
from vocabulary import Right

MOST_SHOWN = 25
T = TypeVar("T")


@dataclass(frozen=True)
class CataloguePart:
    """Some items of the catalogue. total: of all that pass. offset: how many come before these."""

    items: tuple[StoredItem, ...]
    total: int
    offset: int


class CatalogueWork:
    """The catalogue, for the desk."""

    def __init__(self, db: Database, gate: Gate) -> None:
        self._db = db
        self._gate = gate

    async def status(self, token: str) -> CatalogueStatus:
        """How the catalogue stands. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.CATALOGUE_VIEW)
            return await status_of(tx)

    async def categories(self, token: str) -> list[str]:
        """The categories in use, by name. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.CATALOGUE_VIEW)
            return list(await tx.catalogue.categories())

    async def page(self, token: str, text: str, category: str, offset: int) -> CataloguePart:
        """Items by words and category; empty ones let everything through. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.CATALOGUE_VIEW)
            found, total = await tx.catalogue.stored_page(
                category=category or None, text=text[:200] or None, offset=max(0, offset), limit=MOST_SHOWN
            )
        return CataloguePart(tuple(found), total, max(0, offset))

    async def item(self, token: str, item_id: str) -> StoredItem:
        """One item with its version. Raises: NotAllowed, Refused (404)."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.CATALOGUE_VIEW)
            found = await tx.catalogue.stored(item_id)
        if found is None:
            raise _gone()
        return found

    async def add(self, token: str, form: Mapping[str, str]) -> StoredItem:
        """A new item. Raises: NotAllowed, Refused (the form, or 409 the id is taken)."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CATALOGUE_EDIT)
            given = read_form(form)
            try:
                return await add_item(tx, member.id, given.item(given.id))
            except ItemChanged:
                raise Refused("item_exists", f"The id {given.id} is taken. Choose another one.", status=409) from None

    async def save(self, token: str, form: Mapping[str, str], expected: int) -> StoredItem:
        """Everything about an item. expected: the version that was read. Raises: NotAllowed, Refused (404, 412)."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CATALOGUE_EDIT)
            given = read_form(form)
            return await _told(put_item(tx, member.id, given.item(given.id), expected=expected))

    async def set_numbers(self, token: str, item_id: str, price: str, stock: str, expected: int) -> StoredItem:
        """Price and stock as they were written; empty is "on request" and "not counted". Raises: as save."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CATALOGUE_EDIT)
            patch = ItemPatch.model_validate({"price": read_price(price), "stock": read_stock(stock)})
            return await _told(change_item(tx, member.id, item_id, patch, expected=expected))

    async def delete(self, token: str, item_id: str, expected: int) -> None:
        """Take it out of the catalogue. Raises: as save."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CATALOGUE_EDIT)
            await _told(delete_item(tx, member.id, item_id, expected=expected))


async def _told(work: Awaitable[T]) -> T:
    try:
        return await work
    except ItemChanged:
        raise Refused(
            "item_changed", "Somebody has changed this item meanwhile. It was read again; please look once more.",
            status=412,
        ) from None  # fmt: skip
    except NotFound:
        raise _gone() from None
    except StoreError as err:
        if err.code != "item_invalid":
            raise
        raise Refused("item_invalid", str(err)) from None


def _gone() -> Refused:
    return Refused("unknown_item", "This item is not in the catalogue any more.", status=404)
