"""What people ask about their data, each with the day by which it must be answered."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError, new_id
from store.changed_rows import changed_rows
from store.errors import NotFound, StoreError
from store.schema import DataRequestRow
from store.vault import PersonSealer, Vault

ERASED: Final = "erased"
"""The owner of a request whose person has been erased."""
LONGEST_WORDS: Final = 4000

_PURPOSE: Final = "data-request"


class RequestKind(StrEnum):
    """What is asked. OBJECT: to stop a use of the data."""

    ACCESS = "access"
    ERASE = "erase"
    CORRECT = "correct"
    OBJECT = "object"


class RequestState(StrEnum):
    """RECEIVED waits for an answer."""

    RECEIVED = "received"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class DataRequest:
    """One request. owner: whose data, None once that person is erased. words: what the person wrote.

    by: who wrote the request down, an account's id or "self". answer: why it was refused, or what was done.
    """

    id: str
    kind: RequestKind
    state: RequestState
    owner: str | None
    words: str
    by: str
    answer: str
    received_at: datetime
    due_at: datetime
    done_at: datetime | None


class Requests:
    """Repository of requests."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def add(
        self,
        owner: str,
        kind: RequestKind,
        *,
        by: str,
        words: str = "",
        due_in: timedelta = timedelta(days=30),
        received_at: datetime | None = None,
    ) -> DataRequest:
        """Write a request down. owner: a customer's pseudonym or an account's id. by: an account's id, or "self".

        due_in: the legal time limit (GDPR, article 12: one month), counted from received_at; None means now.
        Raises: StoreError (code words_too_long).
        """
        if len(words) > LONGEST_WORDS:
            raise StoreError(
                f"the request has {len(words)} characters; expected at most {LONGEST_WORDS}.", code="words_too_long"
            )
        received_at = received_at or datetime.now(UTC)
        sealer = await self._vault.sealer(owner)
        row = DataRequestRow(
            id=new_id("q"),
            owner=owner,
            kind=kind.value,
            state=RequestState.RECEIVED.value,
            sealed=sealer.seal({"words": words, "by": by, "answer": ""}, _PURPOSE),
            received_at=received_at,
            due_at=received_at + due_in,
        )
        self._session.add(row)
        await self._session.flush()
        return _from_row(row, sealer)

    async def finish(self, request_id: str, state: RequestState, answer: str = "") -> DataRequest:
        """Answer a request. One that is answered keeps its first answer. Raises: NotFound."""
        row = await self._session.scalar(
            select(DataRequestRow).where(DataRequestRow.id == request_id).with_for_update()
        )
        if row is None:
            raise NotFound("request", request_id)
        if row.state == RequestState.RECEIVED:
            row.state, row.done_at = state.value, datetime.now(UTC)
            if row.owner != ERASED:
                sealer = await self._vault.sealer(row.owner)
                content = sealer.open(row.sealed, _PURPOSE)
                row.sealed = sealer.seal({**content, "answer": answer[:LONGEST_WORDS]}, _PURPOSE)
            await self._session.flush()
        return _from_row(row, await self._vault.opener([row.sealed]))

    async def get(self, request_id: str) -> DataRequest | None:
        """One request, or None."""
        row = await self._session.get(DataRequestRow, request_id)
        return None if row is None else _from_row(row, await self._vault.opener([row.sealed]))

    async def by_due_day(self, *, open_only: bool = False, limit: int = 500) -> list[DataRequest]:
        """Requests, those that wait first, by the day on which they are due."""
        query = select(DataRequestRow)
        if open_only:
            query = query.where(DataRequestRow.state == RequestState.RECEIVED.value)
        waits = DataRequestRow.state != RequestState.RECEIVED.value
        rows = (await self._session.scalars(query.order_by(waits, DataRequestRow.due_at).limit(limit))).all()
        return await self._opened(rows)

    async def of_owners(self, owners: Sequence[str]) -> list[DataRequest]:
        """What one person has asked, oldest first. owners: their account and pseudonyms."""
        rows = await self._session.scalars(
            select(DataRequestRow).where(DataRequestRow.owner.in_(owners)).order_by(DataRequestRow.received_at)
        )
        return await self._opened(rows.all())

    async def forget_owners(self, owners: Sequence[str]) -> int:
        """Keep only that there were requests, and when they were answered; gives the number."""
        now = datetime.now(UTC)
        await self._session.execute(
            update(DataRequestRow)
            .where(DataRequestRow.owner.in_(owners), DataRequestRow.state == RequestState.RECEIVED.value)
            .values(state=RequestState.DONE.value, done_at=now)
        )
        stripped = update(DataRequestRow).where(DataRequestRow.owner.in_(owners)).values(owner=ERASED, sealed="")
        return await changed_rows(self._session, stripped)

    async def _opened(self, rows: Sequence[DataRequestRow]) -> list[DataRequest]:
        opener = await self._vault.opener(row.sealed for row in rows)
        return [_from_row(row, opener) for row in rows]


def _from_row(row: DataRequestRow, sealer: PersonSealer) -> DataRequest:
    content = {"words": "", "by": "", "answer": ""}
    if row.sealed:
        # Without the person's key it stays that there was a request.
        with suppress(DecryptionError):
            content = sealer.open(row.sealed, _PURPOSE)
    return DataRequest(
        id=row.id,
        kind=RequestKind(row.kind),
        state=RequestState(row.state),
        owner=None if row.owner == ERASED else row.owner,
        words=content["words"],
        by=content["by"],
        answer=content["answer"],
        received_at=row.received_at,
        due_at=row.due_at,
        done_at=row.done_at,
    )
