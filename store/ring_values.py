"""What of the database the key ring itself seals: the persons' keys, and values that belong to nobody any more."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Column, String, Text, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError, KeyRing
from store.schema import Base, OrderRow, PersonKeyRow, PlanRow, ReturnRow

_BATCH: Final = 200
_SHORTEST: Final = 100
# What an erasure leaves of a purchase is sealed by the ring: table and purpose. Sealed by persons everywhere else.
_NOBODYS: Final[tuple[tuple[Any, str], ...]] = ((OrderRow, "order"), (ReturnRow, "return"), (PlanRow, "plan"))

RESEALED: Final = frozenset({"person_keys.wrapped", *(f"{table.__tablename__}.sealed" for table, _ in _NOBODYS)})
"""The columns that are sealed anew: what still names an older key in them afterwards is damaged."""


class RingValues:
    """Repository of what names a key of the ring."""

    def __init__(self, session: AsyncSession, keyring: KeyRing) -> None:
        self._session = session
        self._keyring = keyring

    async def count(self, key_id: str) -> dict[str, int]:
        """How many values each column has that a key of the ring sealed, by table.column; empty ones are left out."""
        counts = {}
        mark = KeyRing.mark(key_id)
        for name, column in _text_columns():
            named = func.substr(column, 1, len(mark)) == mark
            count = await self._session.scalar(select(func.count()).select_from(column.table).where(named))
            if count:
                counts[name] = int(count)
        return counts

    async def reseal_keys(self, after: str = "") -> tuple[str | None, int]:
        """Seal some persons' keys of older ring keys by the current one, in the order of their ids, from one id on.

        Gives the last id, None when there are no more, and the number. Keys that do not open stay as they are.
        """
        mark = KeyRing.mark(self._keyring.current)
        older = func.substr(PersonKeyRow.wrapped, 1, len(mark)) != mark
        query = select(PersonKeyRow).where(PersonKeyRow.id > after, older).order_by(PersonKeyRow.id).limit(_BATCH)
        rows = (await self._session.scalars(query)).all()
        count = 0
        for row in rows:
            resealed = self._resealed(row.wrapped, f"data-key:{row.id}")
            if resealed is not None:
                row.wrapped, count = resealed, count + 1
        await self._session.flush()
        return (rows[-1].id if rows else None), count

    async def reseal_nobodys(self) -> int:
        """The same for the values that belong to nobody; gives their number."""
        count = 0
        for table, purpose in _NOBODYS:
            column = table.__table__.c.sealed
            (primary,) = table.__table__.primary_key
            prefix, mark = f"{KeyRing.PREFIX}:", KeyRing.mark(self._keyring.current)
            older = (func.substr(column, 1, len(prefix)) == prefix) & (func.substr(column, 1, len(mark)) != mark)
            for key, sealed in (await self._session.execute(select(primary, column).where(older))).all():
                resealed = self._resealed(sealed, purpose)
                if resealed is not None:
                    await self._session.execute(update(table).where(primary == key).values(sealed=resealed))
                    count += 1
        return count

    def _resealed(self, sealed: str, purpose: str) -> str | None:
        try:
            return self._keyring.resealed(sealed, purpose=purpose)
        except DecryptionError:
            return None


def _text_columns() -> Iterator[tuple[str, Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            kind = column.type
            # Ids are shorter than any sealed value.
            if isinstance(kind, Text) or (isinstance(kind, String) and (kind.length or _SHORTEST) >= _SHORTEST):
                yield f"{table.name}.{column.name}", column
