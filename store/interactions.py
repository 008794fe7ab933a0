"""What people did with items of the shop: kept for the one who did it, and for what is learned from all."""

import math
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import KeyRing
from store.changed_rows import changed_rows
from store.dialect import insert_new
from store.errors import StoreError
from store.schema import ErasedIdRow, InteractionRow
from store.vault import erased_mark
from vocabulary import Interaction, InteractionKind

IMPORTED: Final = "x_"
"""What the subject of an imported interaction begins with."""

_SUBJECT: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ITEM: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_BATCH: Final = 2000
_PRINT_CHARS: Final = 62
_LONGEST_DWELL_S: Final = 86_400.0
_ALLOWED: Final = {InteractionKind.DWELL: (0.0, _LONGEST_DWELL_S), InteractionKind.RATING: (1.0, 5.0)}


def imported_subject(keyring: KeyRing, named: str) -> str:
    """The subject for whoever an imported log calls `named`: a keyed fingerprint, so that the name is not stored.

    An e-mail address is the same in any case of its letters; an erasure by it finds the imported rows.
    """
    name = named.strip()
    name = name.lower() if "@" in name else name
    return IMPORTED + keyring.fingerprint(name, purpose="imported-subject")[:_PRINT_CHARS]


@dataclass(frozen=True)
class Mark:
    """How far something has learned. number: of the last interaction that it saw. count: how many it saw."""

    number: int = 0
    count: int = 0


class Interactions:
    """Repository of interactions."""

    def __init__(self, session: AsyncSession, keyring: KeyRing) -> None:
        self._session = session
        self._keyring = keyring

    def imported_subject(self, named: str) -> str:
        """The subject for whoever an imported log calls `named`."""
        return imported_subject(self._keyring, named)

    async def add(self, interactions: Iterable[Interaction], origin: str, *, counts: bool = True) -> int:
        """Keep what is not kept yet; gives the number of new ones.

        origin: storefront, chat, or the name of an import. counts: what is suggested to everybody may be learned from
        them. What belongs to an erased person is not kept again. Raises: StoreError (code interaction_invalid).
        """
        added = 0
        batch: list[Interaction] = []
        for one in interactions:
            _check(one)
            batch.append(one)
            if len(batch) == _BATCH:
                added += await self._add(batch, origin, counts=counts)
                batch = []
        return added + (await self._add(batch, origin, counts=counts) if batch else 0)

    async def told_lately(self, one: Interaction, within: timedelta) -> bool:
        """Whether the same person did the same with the same item less than `within` before: a page that repeats
        itself, or a button that was pressed twice."""
        found = await self._session.scalar(
            select(InteractionRow.number)
            .where(
                InteractionRow.subject == one.subject,
                InteractionRow.item_id == one.item_id,
                InteractionRow.kind == one.kind.value,
                InteractionRow.at > one.at - within,
            )
            .limit(1)
        )
        return found is not None

    async def of(self, subject: str, limit: int = 200, *, since: datetime | None = None) -> list[Interaction]:
        """The newest `limit` of one subject, oldest first, whether they count for others or not.

        since: only what happened then or later.
        """
        theirs = [InteractionRow.subject == subject] + ([] if since is None else [InteractionRow.at >= since])
        newest = (
            select(InteractionRow)
            .where(*theirs)
            .order_by(InteractionRow.at.desc(), InteractionRow.number.desc())
            .limit(max(0, limit))
        )
        rows = (await self._session.execute(_columns(newest))).all()
        return [_from_row(row) for row in reversed(rows)]

    async def all(self, since_number: int = 0, up_to: int | None = None) -> list[Interaction]:
        """Every one that may be learned from and came after a number, in the order in which they were stored.

        up_to: none after this number.
        """
        return [one async for batch in self.stream(since_number, up_to) for one in batch]

    async def stream(self, since_number: int = 0, up_to: int | None = None) -> AsyncIterator[list[Interaction]]:
        """The same in batches, so that not all of them are in memory at once."""
        counting = select(InteractionRow).where(InteractionRow.counts, InteractionRow.number > since_number)
        if up_to is not None:
            counting = counting.where(InteractionRow.number <= up_to)
        rows = await self._session.stream(_columns(counting.order_by(InteractionRow.number)))
        async for part in rows.partitions(_BATCH):
            yield [_from_row(row) for row in part]

    async def mark(self, up_to: int | None = None) -> Mark:
        """How much there is to learn from. up_to: only as far as this number.

        If this differs from what was noted for a number, something has been taken back since.
        """
        query = select(func.max(InteractionRow.number), func.count()).where(InteractionRow.counts)
        if up_to is not None:
            query = query.where(InteractionRow.number <= up_to)
        number, count = (await self._session.execute(query)).one()
        return Mark(int(number or 0) if up_to is None else up_to, int(count))

    async def count(self, subject: str | None = None) -> int:
        """How many there are, of all or of one subject."""
        query = select(func.count()).select_from(InteractionRow)
        if subject is not None:
            query = query.where(InteractionRow.subject == subject)
        return int(await self._session.scalar(query) or 0)

    async def forget(self, subject: str) -> int:
        """Delete everything of a subject; gives the number."""
        return await changed_rows(self._session, delete(InteractionRow).where(InteractionRow.subject == subject))

    async def take_back(self, subject: str, item_id: str, kind: InteractionKind) -> int:
        """Delete what a subject did with an item; gives the number."""
        one = (InteractionRow.subject == subject, InteractionRow.item_id == item_id, InteractionRow.kind == kind.value)
        return await changed_rows(self._session, delete(InteractionRow).where(*one))

    async def count_no_more(self, subject: str) -> int:
        """Take what a subject did out of what is learned for everybody; it stays for their own suggestions."""
        counting = update(InteractionRow).where(InteractionRow.subject == subject, InteractionRow.counts)
        return await changed_rows(self._session, counting.values(counts=False))

    async def join(self, guest_id: str, customer_id: str) -> None:
        """Give what a guest did to the customer that the guest turned out to be."""
        theirs = select(InteractionRow).where(InteractionRow.subject == guest_id).order_by(InteractionRow.number)
        rows = [(_from_row(row), row.origin, row.counts) for row in (await self._session.scalars(theirs)).all()]
        await self.forget(guest_id)
        for one, origin, counts in rows:
            moved = Interaction(customer_id, one.item_id, one.kind, one.at, one.value)
            await self.add([moved], origin, counts=counts)

    async def _add(self, batch: Sequence[Interaction], origin: str, *, counts: bool) -> int:
        erased = await self._erased({one.subject for one in batch})
        rows = [
            {
                "subject": one.subject,
                "item_id": one.item_id,
                "kind": one.kind.value,
                "value": one.value,
                "origin": origin,
                "counts": counts,
                "at": one.at,
            }
            for one in batch
            if one.subject not in erased
        ]
        return await insert_new(self._session, InteractionRow, InteractionRow.number, rows) if rows else 0

    async def _erased(self, subjects: set[str]) -> set[str]:
        if await self._session.scalar(select(ErasedIdRow.fingerprint).limit(1)) is None:
            return set()
        marks = {erased_mark(self._keyring, subject): subject for subject in subjects}
        known = await self._session.scalars(
            select(ErasedIdRow.fingerprint).where(ErasedIdRow.fingerprint.in_(sorted(marks)))
        )
        return {marks[one] for one in known}


def _check(one: Interaction) -> None:
    low, high = _ALLOWED.get(one.kind, (0.0, 0.0))
    if not _SUBJECT.fullmatch(one.subject):
        problem = "a subject that is no pseudonym; expected up to 64 letters, digits, _ and -"
    elif not _ITEM.fullmatch(one.item_id):
        problem = f"the item id {one.item_id[:80]!r}; expected up to 64 letters, digits and any of _ . : -"
    elif one.kind in _ALLOWED and not (one.value is not None and math.isfinite(one.value) and low <= one.value <= high):
        problem = f"the value {one.value} for a {one.kind.value}; expected {low:g} to {high:g}"
    elif one.kind not in _ALLOWED and one.value is not None:
        problem = f"the value {one.value} for a {one.kind.value}; expected none"
    elif one.at.tzinfo is None:
        problem = f"the time {one.at.isoformat()} without a time zone; expected e.g. 2026-03-01T12:00:00+00:00"
    else:
        return
    raise StoreError(f"an interaction has {problem}.", code="interaction_invalid")


def _columns(query: Select[tuple[InteractionRow]]) -> Select[Any]:
    # Columns, not rows that the session would keep: there may be millions.
    row = InteractionRow
    return query.with_only_columns(row.subject, row.item_id, row.kind, row.at, row.value)


def _from_row(row: Any) -> Interaction:
    at: datetime = row.at
    return Interaction(row.subject, row.item_id, InteractionKind(row.kind), at, row.value)
