"""Hand-overs to people: requested → claimed → returned or closed, one open per conversation."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.conversations import change_owner, lock_conversation
from store.errors import AlreadyClaimed, EscalationStateError, NotFound
from store.schema import ConversationRow, EscalationRow
from store.vault import PersonSealer, Vault
from vocabulary import Escalation, EscalationState, Owner

_PURPOSE = "escalation"
_FORGOTTEN = "The assistant called a person. What was sensed has been deleted, as the customer asked."
_PRIORITY_OF_FORGOTTEN = 50
# What failures, the law and a danger count whatever is felt (journey.decide); any other number above may be a level.
_PRIORITIES_OF_FACTS = (60, 80, 100)
OPEN_STATES = (EscalationState.REQUESTED.value, EscalationState.CLAIMED.value)


async def forget_level(session: AsyncSession, sealer: PersonSealer, conversation_id: str, message_id: str) -> None:
    """Take what was sensed out of the reason of a message's hand-over, and out of the place of the conversation's
    hand-overs in the queue, which a later message may have raised; a danger or a request stays.

    A reason is a row of sentences, and those about the level name the frustration (journey.decide).
    """
    await session.execute(
        update(EscalationRow)
        .where(
            EscalationRow.conversation_id == conversation_id,
            EscalationRow.priority > _PRIORITY_OF_FORGOTTEN,
            EscalationRow.priority.not_in(_PRIORITIES_OF_FACTS),
        )
        .values(priority=_PRIORITY_OF_FORGOTTEN)
    )
    row = await session.scalar(
        select(EscalationRow).where(
            EscalationRow.conversation_id == conversation_id, EscalationRow.message_id == message_id
        )
    )
    if row is None:
        return
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", sealer.open(row.sealed, _PURPOSE))
    kept = [sentence for sentence in sentences if "frustration" not in sentence.lower()]
    if len(kept) < len(sentences):
        row.sealed = sealer.seal(" ".join(kept) or _FORGOTTEN, _PURPOSE)
        if not kept:
            row.priority = _PRIORITY_OF_FORGOTTEN
        await session.flush()


class Escalations:
    """Repository of hand-overs. Each step changes the conversation's owner in the same transaction."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def request(self, conversation_id: str, message_id: str, reason: str, priority: int) -> Escalation:
        """Ask for a person; gives the open hand-over if there is one. Raises: NotFound.

        priority: 0 to 100; values outside are clipped. A repeated request can only raise it.
        """
        await lock_conversation(self._session, conversation_id)
        priority = max(0, min(100, priority))
        row = await self._open_row(conversation_id)
        if row is None:
            # The same message asks once, even if an agent has answered it and given back since.
            row = await self._session.scalar(
                select(EscalationRow).where(
                    EscalationRow.conversation_id == conversation_id,
                    EscalationRow.message_id == message_id,
                )
            )
            if row is not None:
                return await self._from_row(row)
            sealer = await self._vault.sealer_of_conversation(conversation_id)
            row = EscalationRow(
                id=new_id("e"),
                conversation_id=conversation_id,
                message_id=message_id,
                sealed=sealer.seal(reason, _PURPOSE),
                priority=priority,
                state=EscalationState.REQUESTED,
                requested_at=datetime.now(UTC),
            )
            self._session.add(row)
            await self._session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id, ConversationRow.owner == Owner.BOT.value)
                .values(owner=Owner.WAITING.value, agent_id=None)
            )
        elif priority > row.priority:
            row.priority = priority
        await self._session.flush()
        return await self._from_row(row)

    async def open(self) -> list[Escalation]:
        """Waiting and claimed hand-overs: highest priority first, then the oldest."""
        rows = await self._session.scalars(
            select(EscalationRow)
            .where(EscalationRow.state.in_(OPEN_STATES))
            .order_by(EscalationRow.priority.desc(), EscalationRow.number)
        )
        return await self._from_rows(rows.all())

    async def get(self, escalation_id: str) -> Escalation | None:
        """One hand-over, or None."""
        row = await self._find(escalation_id)
        return None if row is None else await self._from_row(row)

    async def of_conversation(self, conversation_id: str) -> Escalation | None:
        """The open hand-over of a conversation, or None."""
        row = await self._open_row(conversation_id)
        return None if row is None else await self._from_row(row)

    async def claim(self, escalation_id: str, staff_id: str) -> Escalation:
        """Take over: owner → agent. Claiming one's own again changes nothing.

        Raises: NotFound, AlreadyClaimed, EscalationStateError (it has ended).
        """
        row = await self._locked(escalation_id)
        if row.state == EscalationState.CLAIMED:
            if row.claimed_by == staff_id:
                return await self._from_row(row)
            raise AlreadyClaimed(row.id, row.claimed_by)
        if row.state != EscalationState.REQUESTED:
            raise EscalationStateError(
                f"escalation {row.id} is {row.state}; expected requested.", code="escalation_ended"
            )
        row.state = EscalationState.CLAIMED
        row.claimed_by = staff_id
        row.claimed_at = datetime.now(UTC)
        await change_owner(self._session, row.conversation_id, Owner.AGENT, staff_id)
        await self._session.flush()
        return await self._from_row(row)

    async def release(self, staff_id: str) -> list[str]:
        """Put everything that a member of staff has taken back into the queue; gives the conversations."""
        rows = list(
            await self._session.scalars(
                select(EscalationRow)
                .where(EscalationRow.claimed_by == staff_id, EscalationRow.state == EscalationState.CLAIMED.value)
                .with_for_update()
            )
        )
        for row in rows:
            row.state, row.claimed_by, row.claimed_at = EscalationState.REQUESTED, None, None
            await change_owner(self._session, row.conversation_id, Owner.WAITING)
        await self._session.flush()
        return [row.conversation_id for row in rows]

    async def give_back(self, escalation_id: str, staff_id: str) -> Escalation:
        """Hand the conversation back: owner → bot. Raises: NotFound, EscalationStateError."""
        return await self._end(escalation_id, staff_id, EscalationState.RETURNED)

    async def close(self, escalation_id: str, staff_id: str) -> Escalation:
        """End a hand-over that is done; the bot answers what comes next. Raises: NotFound, EscalationStateError."""
        return await self._end(escalation_id, staff_id, EscalationState.CLOSED)

    async def _end(self, escalation_id: str, staff_id: str, state: EscalationState) -> Escalation:
        row = await self._locked(escalation_id)
        if row.state == state and row.claimed_by == staff_id:
            return await self._from_row(row)
        if row.state != EscalationState.CLAIMED or row.claimed_by != staff_id:
            raise EscalationStateError(
                f"escalation {row.id} is {row.state} by {row.claimed_by}; expected claimed by {staff_id}. "
                "Claim it first.",
                code="not_claimed",
            )
        row.state = state
        row.ended_at = datetime.now(UTC)
        await change_owner(self._session, row.conversation_id, Owner.BOT, handed_back_at=row.ended_at)
        await self._session.flush()
        return await self._from_row(row)

    async def _find(self, escalation_id: str) -> EscalationRow | None:
        row: EscalationRow | None = await self._session.scalar(
            select(EscalationRow).where(EscalationRow.id == escalation_id)
        )
        return row

    async def _locked(self, escalation_id: str) -> EscalationRow:
        row: EscalationRow | None = await self._session.scalar(
            select(EscalationRow).where(EscalationRow.id == escalation_id).with_for_update()
        )
        if row is None:
            raise NotFound("escalation", escalation_id)
        return row

    async def _open_row(self, conversation_id: str) -> EscalationRow | None:
        row: EscalationRow | None = await self._session.scalar(
            select(EscalationRow).where(
                EscalationRow.conversation_id == conversation_id, EscalationRow.state.in_(OPEN_STATES)
            )
        )
        return row

    async def _from_row(self, row: EscalationRow) -> Escalation:
        return (await self._from_rows([row]))[0]

    async def _from_rows(self, rows: Sequence[EscalationRow]) -> list[Escalation]:
        opener = await self._vault.opener(row.sealed for row in rows)
        return [
            Escalation(
                id=row.id,
                conversation_id=row.conversation_id,
                message_id=row.message_id,
                reason=opener.open(row.sealed, _PURPOSE),
                priority=row.priority,
                state=EscalationState(row.state),
                requested_at=row.requested_at,
                claimed_by=row.claimed_by,
            )
            for row in rows
        ]
