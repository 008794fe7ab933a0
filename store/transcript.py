"""What has been said in a conversation, for reading, and for forgetting the personal data in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.errors import NotFound
from store.messages import Message, message_from_row
from store.schema import ConversationRow, MessageRow
from store.vault import Vault
from vocabulary import Author, MessageStatus

UNANSWERED: Final = (MessageStatus.RECEIVED.value, MessageStatus.SENT.value)


class Transcript:
    """The reading half of the inbox."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, conversation_id: str, message_id: str, *, redacted: bool = False) -> Message | None:
        """One message of any author, or None. redacted: as staff see it."""
        row = await self._find(conversation_id, message_id)
        return None if row is None else (await self._messages([row], redacted=redacted))[0]

    async def has_spoken(self, conversation_id: str) -> bool:
        """Whether any message of this conversation was spoken."""
        query = select(MessageRow.id).where(MessageRow.conversation_id == conversation_id, MessageRow.spoken).limit(1)
        return await self._session.scalar(query) is not None

    async def replies_to(self, conversation_id: str, message_id: str) -> list[Message]:
        """The assistant's replies to one message, in order."""
        rows = await self._session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.reply_to == message_id)
            .order_by(MessageRow.seq)
        )
        return await self._messages(rows.all())

    async def history(
        self, conversation_id: str, *, after_seq: int = 0, limit: int = 500, redacted: bool = False
    ) -> list[Message]:
        """Messages of all authors after a number, in order. redacted: as staff see them."""
        rows = await self._session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > after_seq)
            .order_by(MessageRow.seq)
            .limit(limit)
        )
        return await self._messages(rows.all(), redacted=redacted)

    async def whole(self, conversation_id: str) -> list[Message]:
        """Every message of all authors, in order."""
        rows = await self._session.scalars(
            select(MessageRow).where(MessageRow.conversation_id == conversation_id).order_by(MessageRow.seq)
        )
        return await self._messages(rows.all())

    async def pending_clips(self, customer_id: str) -> tuple[str, ...]:
        """The media ids of the recordings of a customer's messages that are not answered yet."""
        ids = await self._session.scalars(
            select(MessageRow.clip_id)
            .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
            .where(
                ConversationRow.customer_id == customer_id,
                MessageRow.clip_id.is_not(None),
                MessageRow.answered_at.is_(None),
            )
        )
        return tuple(clip_id for clip_id in ids if clip_id is not None)

    async def received_since(self, conversation_id: str, message_ids: Sequence[str], since: datetime) -> frozenset[str]:
        """Which of these messages are the customer's and came in at a time or later."""
        ids = await self._session.scalars(
            select(MessageRow.id).where(
                MessageRow.conversation_id == conversation_id,
                MessageRow.id.in_(message_ids),
                MessageRow.author == Author.CUSTOMER,
                MessageRow.created_at >= since,
            )
        )
        return frozenset(ids)

    async def _message(self, row: MessageRow) -> Message:
        return (await self._messages([row]))[0]

    async def _messages(self, rows: Sequence[MessageRow], *, redacted: bool = False) -> list[Message]:
        opener = await self._vault.opener(token for row in rows for token in (row.sealed, row.originals, row.heard))
        return [message_from_row(opener, row, redacted=redacted) for row in rows]

    async def _find(self, conversation_id: str, message_id: str) -> MessageRow | None:
        row: MessageRow | None = await self._session.scalar(
            select(MessageRow).where(MessageRow.conversation_id == conversation_id, MessageRow.id == message_id)
        )
        return row

    async def _row(self, conversation_id: str, message_id: str) -> MessageRow:
        row = await self._find(conversation_id, message_id)
        if row is None:
            raise NotFound("message", message_id)
        return row
