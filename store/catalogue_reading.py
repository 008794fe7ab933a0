"""The catalogue as it is read: item by item, page by page, as a whole, and what has changed of it."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.dialect import PositionOf
from store.items import READ, StoredItem, item_of, stored_of
from store.schema import CatalogueFactRow, CounterRow, ItemRow, RemovedItemRow
from vocabulary import CatalogueChanges, Item

VERSION: Final = "catalogue"
"""The counter of the catalogue's version."""

BATCH: Final = 500
_HTTPS: Final = "https://"
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?")


class CatalogueReading:
    """Items, in the order in which they were given. Large catalogues are read part by part."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def changes(self, since: int) -> CatalogueChanges:
        """What has changed after version `since`; everything, marked as whole, for 0 or a version that never was."""
        version = await self.version()
        if since == version:
            return CatalogueChanges(version, ())
        facts = await self.facts()
        if not 0 < since < version:
            return CatalogueChanges(version, tuple(await self.items()), whole=True, facts=facts)
        changed = [item_of(row) async for row in self._rows(select(*READ).where(ItemRow.version > since))]
        removed = await self._session.scalars(select(RemovedItemRow.id).where(RemovedItemRow.version > since))
        return CatalogueChanges(version, tuple(changed), tuple(removed), facts=facts)

    async def facts(self) -> dict[str, Any]:
        """What holds for the whole catalogue, by name."""
        return {row.name: row.value for row in await self._session.scalars(select(CatalogueFactRow))}

    async def items(self) -> list[Item]:
        """Every item."""
        return [item async for item in self.stream()]

    async def stream(self) -> AsyncIterator[Item]:
        """Every item, one by one, so that not all of them are in memory at once."""
        async for row in self._rows(select(*READ)):
            yield item_of(row)

    async def get(self, item_id: str) -> Item | None:
        """One item, or None."""
        there = await self.stored(item_id)
        return None if there is None else there.item

    async def stored(self, item_id: str) -> StoredItem | None:
        """The same with its version."""
        return next((stored_of(row) for row in await self._of([item_id])), None)

    async def page(
        self,
        *,
        category: str | None = None,
        text: str | None = None,
        offset: int = 0,
        limit: int = 24,
    ) -> tuple[list[Item], int]:
        """One page of items, and how many there are in all. text: every word must occur, in any case."""
        found, total = await self.stored_page(category=category, text=text, offset=offset, limit=limit)
        return [one.item for one in found], total

    async def stored_page(
        self,
        *,
        category: str | None = None,
        text: str | None = None,
        offset: int = 0,
        limit: int = 24,
    ) -> tuple[list[StoredItem], int]:
        """The same with the items' versions."""
        where = [ItemRow.category == category] if category else []
        where += [ItemRow.search.contains(word, autoescape=True) for word in (text or "").lower().split()]
        total = await self._session.scalar(select(func.count()).select_from(ItemRow).where(*where))
        page = _ordered(select(*READ).where(*where)).offset(max(0, offset)).limit(max(0, limit))
        return [stored_of(row) for row in await self._session.execute(page)], total or 0

    async def count(self) -> int:
        """How many items there are."""
        return int(await self._session.scalar(select(func.count()).select_from(ItemRow)) or 0)

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

    async def version(self) -> int:
        """Grows with every change of the catalogue; 0 before the first."""
        value = await self._session.scalar(select(CounterRow.value).where(CounterRow.name == VERSION))
        return value or 0

    async def _rows(self, query: Select[Any]) -> AsyncIterator[Any]:
        rows = await self._session.stream(_ordered(query).execution_options(yield_per=BATCH))
        async for part in rows.partitions(BATCH):
            for row in part:
                yield row

    async def _of(self, item_ids: Sequence[str]) -> Sequence[Any]:
        return (await self._session.execute(select(*READ).where(ItemRow.id.in_(list(item_ids))))).all()


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(ItemRow.position)
