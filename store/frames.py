"""Which pictures belong to which message, until its turn is over. The pictures themselves are in the media store."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.changed_rows import changed_rows
from store.conversations import lock_conversation
from store.schema import ConversationRow, FrameRow

LIFETIME: Final = timedelta(hours=1)
"""A row goes then at the latest, long after its picture: the message that it waited for never came."""


class Frames:
    """Repository of pending pictures: ids of the media store, by message."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, conversation_id: str, message_id: str, media_id: str) -> int:
        """Note one more picture of a message; gives how many it has now. Raises: NotFound."""
        await lock_conversation(self._session, conversation_id)
        self._session.add(
            FrameRow(media_id=media_id, conversation_id=conversation_id, message_id=message_id, at=datetime.now(UTC))
        )
        await self._session.flush()
        return len(await self.of_message(conversation_id, message_id))

    async def of_message(self, conversation_id: str, message_id: str) -> tuple[str, ...]:
        """The media ids of a message's pictures, in the order in which they came."""
        ids = await self._session.scalars(
            select(FrameRow.media_id)
            .where(FrameRow.conversation_id == conversation_id, FrameRow.message_id == message_id)
            .order_by(FrameRow.at, FrameRow.media_id)
        )
        return tuple(ids)

    async def of_customer(self, customer_id: str) -> tuple[str, ...]:
        """The media ids of every pending picture of a customer."""
        ids = await self._session.scalars(
            select(FrameRow.media_id).where(FrameRow.conversation_id.in_(_theirs(customer_id)))
        )
        return tuple(ids)

    async def beyond(self, conversation_id: str, most: int) -> tuple[str, ...]:
        """The media ids of a conversation's pending pictures, without the newest `most`."""
        ids = await self._session.scalars(
            select(FrameRow.media_id)
            .where(FrameRow.conversation_id == conversation_id)
            .order_by(FrameRow.at.desc(), FrameRow.media_id)
            .offset(most)
        )
        return tuple(ids)

    async def forget(self, media_ids: Sequence[str]) -> int:
        """Delete these rows; gives their number. The pictures are the caller's to delete."""
        return await changed_rows(self._session, delete(FrameRow).where(FrameRow.media_id.in_(media_ids)))

    async def forget_customer(self, customer_id: str) -> int:
        """Delete the rows of all conversations of a customer; gives their number."""
        return await changed_rows(
            self._session, delete(FrameRow).where(FrameRow.conversation_id.in_(_theirs(customer_id)))
        )

    async def purge_expired(self) -> int:
        """Delete rows whose message never came; gives their number."""
        return await changed_rows(self._session, delete(FrameRow).where(FrameRow.at < datetime.now(UTC) - LIFETIME))


def _theirs(customer_id: str) -> Any:
    return select(ConversationRow.id).where(ConversationRow.customer_id == customer_id)
