"""The catalogue of the shop, with a version that grows with every change."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.dialect import PositionOf
from store.errors import NotFound, StoreError
from store.money import from_cents, to_cents
from store.schema import CatalogueFactRow, CounterRow, ItemRow, RemovedItemRow
from vocabulary import CatalogueChanges, Item, Relation, RelationKind

_VERSION: Final = "catalogue"
_BATCH: Final = 500
_HTTPS: Final = "https://"
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?")


class Catalogue:
    """Repository of items, in the order in which they were given."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def replace_all(self, items: Sequence[Item], facts: Mapping[str, Any] | None = None) -> int:
        """Make these the catalogue; rows that are as they were keep their version. Gives the new version.

        facts: what holds for the whole catalogue ({"currency": "EUR"}); None leaves what is known.
        Raises: StoreError (code item_invalid).
        """
        _check(items)
        version = await self._bump()
        known = {row.id: row for row in await self._session.scalars(select(ItemRow))}
        given = {item.id for item in items}
        await self._remove([row for row in known.values() if row.id not in given], version)
        for position, item in enumerate(items):
            await self._put(item, known.get(item.id), position, version)
        await self._session.flush()
        if facts is not None:
            await self.set_facts(facts)
        return version

    async def put(self, items: Sequence[Item]) -> int:
        """Add these, each in place of the item with its id if there is one. Gives the new version.

        Raises: StoreError (code item_invalid).
        """
        _check(items)
        version = await self._bump()
        last = await self._session.scalar(select(func.max(ItemRow.position)))
        position = -1 if last is None else last
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            rows = await self._session.scalars(select(ItemRow).where(ItemRow.id.in_([item.id for item in batch])))
            known = {row.id: row for row in rows}
            for item in batch:
                row = known.get(item.id)
                if row is None:
                    position += 1
                await self._put(item, row, position if row is None else row.position, version)
            await self._session.flush()
        return version

    async def remove(self, item_ids: Sequence[str]) -> int:
        """Take items out; unknown ids are no error. Gives how many were there."""
        gone = 0
        version = await self._bump()
        for start in range(0, len(item_ids), _BATCH):
            batch = list(item_ids[start : start + _BATCH])
            rows = (await self._session.scalars(select(ItemRow).where(ItemRow.id.in_(batch)))).all()
            await self._remove(rows, version)
            gone += len(rows)
        return gone

    async def changes(self, since: int) -> CatalogueChanges:
        """What has changed after version `since`; everything, marked as whole, for 0 or a version that never was."""
        version = await self.version()
        if since == version:
            return CatalogueChanges(version, ())
        facts = await self.facts()
        if not 0 < since < version:
            return CatalogueChanges(version, tuple(await self.items()), whole=True, facts=facts)
        rows = await self._session.scalars(_ordered(select(ItemRow).where(ItemRow.version > since)))
        removed = await self._session.scalars(select(RemovedItemRow.id).where(RemovedItemRow.version > since))
        return CatalogueChanges(version, tuple(map(_from_row, rows)), tuple(removed), facts=facts)

    async def facts(self) -> dict[str, Any]:
        """What holds for the whole catalogue, by name."""
        return {row.name: row.value for row in await self._session.scalars(select(CatalogueFactRow))}

    async def set_facts(self, facts: Mapping[str, Any]) -> None:
        """Note facts, each in place of the one before."""
        for name, value in facts.items():
            row = await self._session.get(CatalogueFactRow, name)
            if row is None:
                self._session.add(CatalogueFactRow(name=name, value=value))
            else:
                row.value = value
        await self._session.flush()

    async def items(self) -> list[Item]:
        """Every item."""
        return [_from_row(row) for row in await self._session.scalars(_ordered(select(ItemRow)))]

    async def get(self, item_id: str) -> Item | None:
        """One item, or None."""
        row = await self._session.get(ItemRow, item_id)
        return None if row is None else _from_row(row)

    async def page(
        self,
        *,
        category: str | None = None,
        text: str | None = None,
        offset: int = 0,
        limit: int = 24,
    ) -> tuple[list[Item], int]:
        """One page of items, and how many there are in all. text: every word must occur, in any case."""
        query = select(ItemRow)
        if category:
            query = query.where(ItemRow.category == category)
        for word in (text or "").lower().split():
            query = query.where(ItemRow.search.contains(word, autoescape=True))
        total = await self._session.scalar(select(func.count()).select_from(query.subquery()))
        rows = await self._session.scalars(_ordered(query).offset(max(0, offset)).limit(max(0, limit)))
        return [_from_row(row) for row in rows], total or 0

    async def categories(self) -> list[str]:
        """The categories in use, by name."""
        rows = await self._session.scalars(select(ItemRow.category).distinct().order_by(ItemRow.category))
        return list(rows)

    async def image_hosts(self, most: int = 50) -> list[str]:
        """The hosts that the items' pictures lie on ("pictures.example:8443"), most used first; https only."""
        rest = func.substr(ItemRow.image, len(_HTTPS) + 1)
        end = PositionOf(rest, "/")
        host = func.lower(case((end > 0, func.substr(rest, 1, end - 1)), else_=rest))
        rows = await self._session.execute(
            select(host, func.count())
            .where(ItemRow.image.startswith(_HTTPS))
            .group_by(host)
            .order_by(func.count().desc())
        )
        # A picture's address is the shop's own word: what is no plain host name goes into no header.
        return [name for name, _ in rows if _HOST.fullmatch(name)][:most]

    async def set_stock(self, item_id: str, stock: int) -> None:
        """Change how many pieces there are. Raises: NotFound, StoreError (code item_invalid)."""
        if stock < 0:
            raise StoreError(f"stock of {item_id!r} is {stock}; expected 0 or more.", code="item_invalid")
        row = await self._session.get(ItemRow, item_id)
        if row is None:
            raise NotFound("item", item_id)
        row.stock = stock
        row.version = await self._bump()
        await self._session.flush()

    async def version(self) -> int:
        """Grows with every change of the catalogue; 0 before the first."""
        row = await self._session.get(CounterRow, _VERSION)
        return 0 if row is None else row.value

    async def _put(self, item: Item, row: ItemRow | None, position: int, version: int) -> None:
        values = _values(item)
        if row is None:
            self._session.add(ItemRow(id=item.id, position=position, version=version, **values))
            back = await self._session.get(RemovedItemRow, item.id)
            if back is not None:
                await self._session.delete(back)
            return
        row.position = position
        if any(getattr(row, name) != value for name, value in values.items()):
            row.version = version
            for name, value in values.items():
                setattr(row, name, value)

    async def _remove(self, rows: Sequence[ItemRow], version: int) -> None:
        ids = [row.id for row in rows]
        for start in range(0, len(ids), _BATCH):
            await self._session.execute(delete(ItemRow).where(ItemRow.id.in_(ids[start : start + _BATCH])))
        self._session.add_all(RemovedItemRow(id=item_id, version=version) for item_id in ids)
        await self._session.flush()

    async def _bump(self) -> int:
        row = await self._session.get(CounterRow, _VERSION, with_for_update=True)
        if row is None:
            row = CounterRow(name=_VERSION, value=0)
            self._session.add(row)
        row.value += 1
        await self._session.flush()
        return row.value


def _ordered(query: Select[tuple[ItemRow]]) -> Select[tuple[ItemRow]]:
    return query.order_by(ItemRow.position)


def _check(items: Sequence[Item]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise StoreError(f"item id {item.id!r} occurs twice; expected each once.", code="item_invalid")
        seen.add(item.id)
        if (item.price is not None and item.price < Decimal(0)) or (item.stock is not None and item.stock < 0):
            raise StoreError(
                f"item {item.id!r} has price {item.price} and stock {item.stock}; expected 0 or more.",
                code="item_invalid",
            )


def _values(item: Item) -> dict[str, Any]:
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


def _from_row(row: ItemRow) -> Item:
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
