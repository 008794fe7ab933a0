"""The catalogue of the shop, with a version that grows with every change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update

from store.catalogue_reading import BATCH, VERSION, CatalogueReading
from store.errors import NotFound
from store.items import (
    READ,
    ItemChanged,
    StoredItem,
    check_items,
    digest_of,
    in_batches,
    stored_of,
    values_of,
)
from store.schema import CatalogueFactRow, CounterRow, ItemRow, RemovedItemRow
from vocabulary import Item

Change = Callable[[Item], Item]
"""What is made of an item."""


class Catalogue(CatalogueReading):
    """Repository of items, in the order in which they were given. Large ones are read and written part by part."""

    async def replace_all(self, items: Sequence[Item], facts: Mapping[str, Any] | None = None) -> int:
        """Make these the catalogue; rows that are as they were keep their version. Gives the new version.

        facts: what holds for the whole catalogue ({"currency": "EUR"}); None leaves what is known.
        Raises: StoreError (code item_invalid).
        """
        check_items(items)
        version = await self._bump()
        known = {row.id: (row.position, digest_of(row._mapping)) async for row in self._rows(select(*READ))}
        given = {item.id for item in items}
        await self._remove([item_id for item_id in known if item_id not in given], version)
        for start in range(0, len(items), BATCH):
            numbered = list(enumerate(items[start : start + BATCH], start))
            await self._write([(place, item, known.get(item.id)) for place, item in numbered], version)
        if facts is not None:
            await self.set_facts(facts)
        return version

    async def put(self, items: Sequence[Item]) -> int:
        """Add these, each in place of the item with its id if there is one. Gives the new version.

        Raises: StoreError (code item_invalid).
        """
        check_items(items)
        version = await self._bump()
        last = await self._session.scalar(select(func.max(ItemRow.position)))
        position = -1 if last is None else last
        for batch in in_batches(items, BATCH):
            known = {row.id: (row.position, digest_of(row._mapping)) for row in await self._of([i.id for i in batch])}
            placed = []
            for item in batch:
                if item.id not in known:
                    position += 1
                placed.append((known[item.id][0] if item.id in known else position, item, known.get(item.id)))
            await self._write(placed, version)
        return version

    async def add(self, item: Item) -> StoredItem:
        """Add one item that is not there yet. Raises: ItemChanged (it is there), StoreError (code item_invalid)."""
        # The lock before the look: two callers who add the same item follow one another.
        await self._bump()
        there = await self.stored(item.id)
        if there is not None:
            raise ItemChanged(item.id, there.version)
        return StoredItem(item, await self.put([item]))

    async def change(self, item_id: str, change: Change, *, expected: int | None = None) -> StoredItem:
        """Change one item. expected: the version that the caller has seen; None: whatever it is.

        Raises: NotFound, ItemChanged (it is at another version), StoreError (code item_invalid).
        """
        version = await self._bump()
        there = await self._expected(item_id, expected)
        changed = change(there.item)
        await self._rewrite([(there, changed)], version)
        return await self._stored(item_id)

    async def change_many(self, changes: Mapping[str, Change]) -> frozenset[str]:
        """Change many items at once; gives the ids that are not there. Raises: StoreError (code item_invalid)."""
        version = await self._bump()
        unknown: set[str] = set()
        for batch in in_batches(list(changes), BATCH):
            there = {row.id: stored_of(row) for row in await self._of(batch)}
            unknown |= set(batch) - there.keys()
            await self._rewrite([(one, changes[item_id](one.item)) for item_id, one in there.items()], version)
        return frozenset(unknown)

    async def remove(self, item_ids: Sequence[str], *, expected: int | None = None) -> int:
        """Take items out; unknown ids are no error. Gives how many were there.

        expected: the version that the caller has seen, of one item. Raises then: NotFound, ItemChanged.
        """
        version = await self._bump()
        if expected is not None:
            await self._expected(item_ids[0], expected)
        gone = 0
        for batch in in_batches(item_ids, BATCH):
            there = [row.id for row in await self._of(batch)]
            await self._remove(there, version)
            gone += len(there)
        return gone

    async def set_facts(self, facts: Mapping[str, Any]) -> None:
        """Note facts, each in place of the one before."""
        for name, value in facts.items():
            row = await self._session.get(CatalogueFactRow, name)
            if row is None:
                self._session.add(CatalogueFactRow(name=name, value=value))
            else:
                row.value = value
        await self._session.flush()

    async def set_stock(self, item_id: str, stock: int) -> None:
        """Change how many pieces there are. Raises: NotFound, StoreError (code item_invalid)."""
        await self.change(item_id, lambda item: replace(item, stock=stock))

    async def _expected(self, item_id: str, expected: int | None) -> StoredItem:
        there = await self._stored(item_id)
        if expected is not None and there.version != expected:
            raise ItemChanged(item_id, there.version)
        return there

    async def _stored(self, item_id: str) -> StoredItem:
        there = await self.stored(item_id)
        if there is None:
            raise NotFound("item", item_id)
        return there

    async def _rewrite(self, changed: Iterable[tuple[StoredItem, Item]], version: int) -> None:
        """Write items that are there in their new form, those that differ."""
        pairs = [(values_of(old.item), new) for old, new in changed]
        check_items(new for _, new in pairs)
        rows = [(values_of(new), new.id, old) for old, new in pairs]
        await self._update(
            [{"b_id": item_id, "version": version, **values} for values, item_id, old in rows if values != old]
        )

    async def _write(self, placed: Sequence[tuple[int, Item, tuple[int, bytes] | None]], version: int) -> None:
        """Write items with their places. What is known of each: its place and digest, None for a new one."""
        new, changed, moved = [], [], []
        for position, item, known in placed:
            values = values_of(item)
            if known is None:
                new.append({"id": item.id, "position": position, "version": version, **values})
            elif known[1] != digest_of(values):
                changed.append({"b_id": item.id, "position": position, "version": version, **values})
            elif known[0] != position:
                moved.append({"b_id": item.id, "position": position})
        if new:
            await self._session.execute(insert(ItemRow), new)
            back = RemovedItemRow.id.in_([row["id"] for row in new])
            await self._session.execute(delete(RemovedItemRow).where(back))
        await self._update(changed)
        await self._update(moved)

    async def _update(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            table = cast(Table, ItemRow.__table__)
            names = [name for name in rows[0] if name != "b_id"]
            statement = update(table).where(table.c.id == bindparam("b_id")).values({n: bindparam(n) for n in names})
            await (await self._session.connection()).execute(statement, list(rows))

    async def _remove(self, ids: Sequence[str], version: int) -> None:
        for batch in in_batches(ids, BATCH):
            await self._session.execute(delete(ItemRow).where(ItemRow.id.in_(batch)))
            await self._session.execute(insert(RemovedItemRow), [{"id": one, "version": version} for one in batch])

    async def _bump(self) -> int:
        row = await self._session.get(CounterRow, VERSION, with_for_update=True)
        if row is None:
            row = CounterRow(name=VERSION, value=0)
            self._session.add(row)
        row.value += 1
        await self._session.flush()
        return row.value
