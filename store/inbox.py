"""The inbox: customer messages kept until they are answered, once, in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import Redacted, Redactor, new_id
from store.conversations import lock_conversation
from store.errors import AlreadyExists, NotFound
from store.messages import HeardWord, Message, Reply, seal_content, seal_heard
from store.schema import ConversationRow, MessageRow
from store.transcript import UNANSWERED, Transcript
from store.vault import Vault
from vocabulary import Author, MessageStatus

# Redacted in about a millisecond; a whole message of 4,000 digits takes 0.4 s.
_QUICK_CHARS = 400


@dataclass(frozen=True)
class Received:
    """created: False when the message id was stored before; message is then the stored one."""

    message: Message
    created: bool


class Inbox(Transcript):
    """Repository of messages. A message id counts once per conversation, whatever arrives with it."""

    def __init__(self, session: AsyncSession, vault: Vault, redactor: Redactor) -> None:
        super().__init__(session, vault)
        self._redactor = redactor

    async def receive(
        self,
        conversation_id: str,
        message_id: str,
        text: str,
        *,
        payload: str | None = None,
        clip_id: str | None = None,
        heard: Sequence[HeardWord] = (),
        spoken: bool = False,
    ) -> Received:
        """Store a customer's message. payload: what a pressed button means. heard: a spoken message's words.

        Raises: NotFound.
        """
        redacted = await self._redacted(text)
        await lock_conversation(self._session, conversation_id)
        sealer = await self._vault.sealer_of_conversation(conversation_id)
        content = seal_content(sealer, redacted, payload=payload)
        row = MessageRow(
            id=message_id,
            author=Author.CUSTOMER,
            status=MessageStatus.RECEIVED,
            sealed=content.sealed,
            originals=content.originals,
            clip_id=clip_id,
            heard=seal_heard(sealer, heard),
            spoken=spoken,
        )
        return await self._add_once(conversation_id, row)

    async def correct(self, conversation_id: str, message_id: str, correction_id: str, text: str) -> Received:
        """Put a spoken message right. One that has not left for the assistant gets the text itself; else a new
        message with this id is stored, and the two name each other.

        The first correction counts: a later one gives what is stored, and created is False. message: the one that
        holds the text. Raises: NotFound; AlreadyExists if the id belongs to another message.
        """
        redacted = await self._redacted(text)
        await lock_conversation(self._session, conversation_id)
        row = await self._row(conversation_id, message_id)
        # Read before the lock, perhaps, and corrected by another process meanwhile.
        await self._session.refresh(row)
        if row.corrected_by is not None:
            holder = await self._find(conversation_id, row.corrected_by) or row
            return Received(await self._message(holder), created=False)
        if await self._find(conversation_id, correction_id) is not None:
            raise AlreadyExists(
                f"message id {correction_id!r} belongs to another message; expected a fresh id, such as a UUID."
            )
        row.corrected_by = correction_id
        sealer = await self._vault.sealer_of_conversation(conversation_id)
        if row.status == MessageStatus.RECEIVED:
            before = await self._message(row)
            content = seal_content(sealer, redacted, misheard=await self._redacted(before.text))
            row.sealed, row.originals = content.sealed, content.originals
            # The confidences are those of words that stand there no more.
            row.heard = None
            await self._session.flush()
            return Received(await self._message(row), created=True)
        content = seal_content(sealer, redacted)
        correction = MessageRow(
            id=correction_id,
            author=Author.CUSTOMER,
            status=MessageStatus.RECEIVED,
            sealed=content.sealed,
            originals=content.originals,
            spoken=False,
            corrects=message_id,
        )
        return await self._add_once(conversation_id, correction)

    async def add_agent_message(self, conversation_id: str, staff_id: str, message_id: str, text: str) -> Message:
        """Store what an agent wrote; a repeated id gives the stored message. Raises: NotFound."""
        redacted = await self._redacted(text)
        await lock_conversation(self._session, conversation_id)
        content = seal_content(await self._vault.sealer_of_conversation(conversation_id), redacted)
        row = MessageRow(
            id=message_id,
            author=Author.AGENT,
            staff_id=staff_id,
            sealed=content.sealed,
            originals=content.originals,
        )
        return (await self._add_once(conversation_id, row)).message

    async def next_unanswered(self, conversation_id: str) -> Message | None:
        """The oldest customer message without an answer."""
        row = await self._session.scalar(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.status.in_(UNANSWERED))
            .order_by(MessageRow.seq)
            .limit(1)
        )
        return None if row is None else await self._message(row)

    async def conversations_with_work(self) -> list[str]:
        """Conversations with an unanswered customer message, whoever owns them."""
        rows = await self._session.scalars(
            select(MessageRow.conversation_id).where(MessageRow.status.in_(UNANSWERED)).distinct()
        )
        return list(rows)

    async def mark_sent(self, conversation_id: str, message_id: str) -> None:
        """The message was given to the assistant; an answered one stays answered. Raises: NotFound."""
        row = await self._row(conversation_id, message_id)
        if row.status == MessageStatus.RECEIVED:
            row.status = MessageStatus.SENT
            await self._session.flush()

    async def count_attempt(self, conversation_id: str, message_id: str) -> int:
        """Count one more attempt to have the message answered; gives the count. Raises: NotFound."""
        count = await self._session.scalar(
            update(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.id == message_id)
            .values(attempts=MessageRow.attempts + 1)
            .returning(MessageRow.attempts)
        )
        if count is None:
            raise NotFound("message", message_id)
        return count

    async def answer(self, conversation_id: str, message_id: str, replies: Sequence[Reply] = ()) -> list[Message]:
        """Store the replies and mark the message answered, together. An answered one keeps its first replies.

        The confidences of a spoken message served its answer only: they are erased.

        replies: empty when a person answers instead. Raises: NotFound.
        """
        redacted = [await self._redacted(reply.text) for reply in replies]
        await lock_conversation(self._session, conversation_id)
        question = await self._row(conversation_id, message_id)
        if question.status == MessageStatus.ANSWERED:
            return await self.replies_to(conversation_id, message_id)
        now = datetime.now(UTC)
        sealer = await self._vault.sealer_of_conversation(conversation_id)
        answers = []
        for reply, text in zip(replies, redacted, strict=True):
            content = seal_content(sealer, text, reply)
            row = MessageRow(
                conversation_id=conversation_id,
                seq=await self._next_seq(conversation_id),
                id=new_id("m"),
                author=Author.BOT,
                reply_to=message_id,
                sealed=content.sealed,
                originals=content.originals,
                attempts=0,
                created_at=now,
            )
            self._session.add(row)
            answers.append(row)
        question.status = MessageStatus.ANSWERED
        question.answered_at = now
        question.heard = None
        await self._session.flush()
        return await self._messages(answers)

    async def _add_once(self, conversation_id: str, row: MessageRow) -> Received:
        """The conversation is locked by the caller."""
        stored = await self._find(conversation_id, row.id)
        if stored is not None:
            if stored.author != row.author:
                raise AlreadyExists(
                    f"message id {row.id!r} belongs to another author of this conversation; "
                    "expected a fresh id, such as a UUID."
                )
            return Received(await self._message(stored), created=False)
        row.conversation_id = conversation_id
        row.seq = await self._next_seq(conversation_id)
        row.attempts = 0
        row.created_at = datetime.now(UTC)
        self._session.add(row)
        await self._session.flush()
        return Received(await self._message(row), created=True)

    async def _redacted(self, text: str) -> Redacted:
        # Before the first statement: a text made to be slow holds up neither the database nor this event loop.
        if len(text) <= _QUICK_CHARS:
            return self._redactor.redact(text)
        return await asyncio.to_thread(self._redactor.redact, text)

    async def _next_seq(self, conversation_id: str) -> int:
        seq = await self._session.scalar(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(last_seq=ConversationRow.last_seq + 1)
            .returning(ConversationRow.last_seq)
        )
        if seq is None:
            raise NotFound("conversation", conversation_id)
        return seq
