"""Calls and the stages of their turns: who is on a call now, and how long which step took. Never content."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.changed_rows import changed_rows
from store.conversations import lock_conversation
from store.schema import CallRow, CallTurnRow

STAGES: Final = ("turn_end", "transcript", "accepted", "assessed", "answered", "spoken", "first_audio")
"""The stages of a spoken turn, in the order in which they usually happen."""


@dataclass(frozen=True)
class StoredCall:
    """One call. because: why it ended; None while it goes on. late: frames of 20 ms that left late, of `frames`."""

    id: str
    conversation_id: str
    transport: str
    camera: bool
    began_at: datetime
    ended_at: datetime | None = None
    because: str | None = None
    frames: int = 0
    late: int = 0


@dataclass(frozen=True)
class CallTurn:
    """When what happened in a spoken turn, in seconds after the customer's last sound; None: did not happen.

    turn_end: it was clear that they had finished. transcript: the words were there. accepted: they were stored.
    assessed: the reading was stored. answered: the answer's text was there. spoken: its first sentence was made.
    first_audio: it began to sound. interrupted: the customer had broken off an answer to say this.
    """

    message_id: str
    turn_end: float | None = None
    transcript: float | None = None
    accepted: float | None = None
    assessed: float | None = None
    answered: float | None = None
    spoken: float | None = None
    first_audio: float | None = None
    interrupted: bool = False

    def stages(self) -> dict[str, float]:
        """The stages that happened, by name, in order of STAGES."""
        found = {name: getattr(self, name) for name in STAGES}
        return {name: value for name, value in found.items() if value is not None}


class Calls:
    """Repository of calls."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, call_id: str, conversation_id: str, transport: str, *, camera: bool) -> StoredCall:
        """Note a call that begins now. call_id: a fresh one. Raises: NotFound for an unknown conversation."""
        await lock_conversation(self._session, conversation_id)
        row = CallRow(
            id=call_id,
            conversation_id=conversation_id,
            transport=transport,
            camera=camera,
            began_at=datetime.now(UTC),
            frames=0,
            late=0,
        )
        self._session.add(row)
        await self._session.flush()
        return _call(row)

    async def end(self, call_id: str, because: str, *, frames: int = 0, late: int = 0) -> bool:
        """Note that a call has ended; False if it had before, or is not stored any more."""
        ended = (
            update(CallRow)
            .where(CallRow.id == call_id, CallRow.ended_at.is_(None))
            .values(ended_at=datetime.now(UTC), because=because, frames=frames, late=late)
        )
        return bool(await changed_rows(self._session, ended))

    async def end_all(self, because: str) -> int:
        """Note that every call has ended: the process that held them is gone. Gives their number."""
        ended = update(CallRow).where(CallRow.ended_at.is_(None)).values(ended_at=datetime.now(UTC), because=because)
        return await changed_rows(self._session, ended)

    async def of_conversation(self, conversation_id: str) -> list[StoredCall]:
        """Every call of a conversation, oldest first."""
        rows = await self._session.scalars(
            select(CallRow).where(CallRow.conversation_id == conversation_id).order_by(CallRow.began_at, CallRow.id)
        )
        return [_call(row) for row in rows]

    async def live(self, conversation_ids: Collection[str]) -> dict[str, StoredCall]:
        """The calls that go on now, by conversation."""
        rows = await self._session.scalars(
            select(CallRow).where(CallRow.conversation_id.in_(conversation_ids), CallRow.ended_at.is_(None))
        )
        return {row.conversation_id: _call(row) for row in rows}

    async def put_turn(self, conversation_id: str, call_id: str, turn: CallTurn) -> None:
        """Keep the stages of a turn; a second word about it takes the place of the first. Raises: NotFound."""
        await lock_conversation(self._session, conversation_id)
        await self._session.execute(
            delete(CallTurnRow).where(
                CallTurnRow.conversation_id == conversation_id, CallTurnRow.message_id == turn.message_id
            )
        )
        self._session.add(
            CallTurnRow(
                conversation_id=conversation_id,
                message_id=turn.message_id,
                call_id=call_id,
                interrupted=turn.interrupted,
                at=datetime.now(UTC),
                **{name: getattr(turn, name) for name in STAGES},
            )
        )
        await self._session.flush()

    async def turns(self, conversation_id: str) -> dict[str, CallTurn]:
        """The stages of a conversation's spoken turns, by message id."""
        rows = await self._session.scalars(select(CallTurnRow).where(CallTurnRow.conversation_id == conversation_id))
        return {row.message_id: _turn(row) for row in rows}


def _call(row: CallRow) -> StoredCall:
    return StoredCall(
        id=row.id,
        conversation_id=row.conversation_id,
        transport=row.transport,
        camera=row.camera,
        began_at=row.began_at,
        ended_at=row.ended_at,
        because=row.because,
        frames=row.frames,
        late=row.late,
    )


def _turn(row: CallTurnRow) -> CallTurn:
    stages = {name: getattr(row, name) for name in STAGES}
    return CallTurn(row.message_id, interrupted=row.interrupted, **stages)
