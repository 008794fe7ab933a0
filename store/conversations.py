"""Conversations and who answers them."""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import hash_token, new_id, new_token
from store.errors import NotFound
from store.schema import ConversationRow, CustomerRow
from vocabulary import Owner


@dataclass(frozen=True)
class Conversation:
    """One conversation as it stands. agent_id: the staff id, while an agent answers."""

    id: str
    customer_id: str
    owner: Owner
    channel: str
    agent_id: str | None
    last_seq: int
    created_at: datetime
    handed_back_at: datetime | None


@dataclass(frozen=True)
class NewConversation:
    """A conversation just made. token: shown once; only its hash is stored."""

    id: str
    customer_id: str
    token: str


class Conversations:
    """Repository of conversations."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(self, channel: str = "web", customer_id: str | None = None) -> NewConversation:
        """Start a conversation; a customer without an id gets a fresh pseudonym."""
        now = datetime.now(UTC)
        token = new_token()
        customer_id = await ensure_customer(self._session, customer_id or new_id("p"), now)
        row = ConversationRow(
            id=new_id("c"),
            customer_id=customer_id,
            token_hash=hash_token(token),
            channel=channel,
            owner=Owner.BOT,
            last_seq=0,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return NewConversation(row.id, customer_id, token)

    async def ensure(self, conversation_id: str, channel: str = "rasa") -> Conversation:
        """The conversation with this id; it is made if missing (a foreign bot's sender id). It has no token."""
        found = await self.get(conversation_id)
        if found is not None:
            return found
        now = datetime.now(UTC)
        row = ConversationRow(
            id=conversation_id,
            customer_id=await ensure_customer(self._session, new_id("p"), now),
            channel=channel,
            owner=Owner.BOT,
            last_seq=0,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return _from_row(row)

    async def get(self, conversation_id: str) -> Conversation | None:
        """The conversation, or None."""
        row = await self._session.get(ConversationRow, conversation_id)
        return None if row is None else _from_row(row)

    async def locked(self, conversation_id: str) -> Conversation | None:
        """The conversation, or None; until this transaction ends no other one adds to it or withdraws a consent of its
        customer. Call it before anything else is read of the conversation."""
        with suppress(NotFound):
            await lock_conversation(self._session, conversation_id)
        return await self.get(conversation_id)

    async def authenticate(self, conversation_id: str, token: str) -> Conversation | None:
        """The conversation if the token belongs to it, else None."""
        row = await self._session.get(ConversationRow, conversation_id)
        given = hash_token(token)
        # An unknown conversation takes as long as a wrong token.
        stored = row.token_hash if row is not None and row.token_hash is not None else "0" * len(given)
        if not hmac.compare_digest(stored, given) or row is None:
            return None
        return _from_row(row)

    async def set_owner(self, conversation_id: str, owner: Owner, agent_id: str | None = None) -> None:
        """Change who answers. Raises: NotFound."""
        await change_owner(self._session, conversation_id, owner, agent_id)


async def ensure_customer(session: AsyncSession, customer_id: str, now: datetime) -> str:
    """Make the customer's row if it is missing; gives the id back."""
    if await session.get(CustomerRow, customer_id) is None:
        session.add(CustomerRow(id=customer_id, created_at=now))
        await session.flush()
    return customer_id


async def lock_conversation(session: AsyncSession, conversation_id: str) -> None:
    """Let one transaction at a time add to a conversation. Raises: NotFound.

    SQLite needs no row lock (its writers are alone) and SQLAlchemy leaves FOR UPDATE out there.
    """
    found = await session.scalar(
        select(ConversationRow.id).where(ConversationRow.id == conversation_id).with_for_update()
    )
    if found is None:
        raise NotFound("conversation", conversation_id)


async def lock_customer(session: AsyncSession, customer_id: str) -> None:
    """The same for all conversations of a customer."""
    await session.execute(
        select(ConversationRow.id)
        .where(ConversationRow.customer_id == customer_id)
        .order_by(ConversationRow.id)
        .with_for_update()
    )


async def change_owner(
    session: AsyncSession,
    conversation_id: str,
    owner: Owner,
    agent_id: str | None = None,
    *,
    handed_back_at: datetime | None = None,
) -> None:
    """Change who answers, inside a transaction of another repository. Raises: NotFound."""
    values: dict[str, object] = {"owner": owner.value, "agent_id": agent_id}
    if handed_back_at is not None:
        values["handed_back_at"] = handed_back_at
    changed = await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation_id)
        .values(values)
        .returning(ConversationRow.id)
    )
    if changed.scalar_one_or_none() is None:
        raise NotFound("conversation", conversation_id)


def _from_row(row: ConversationRow) -> Conversation:
    return Conversation(
        id=row.id,
        customer_id=row.customer_id,
        owner=Owner(row.owner),
        channel=row.channel,
        agent_id=row.agent_id,
        last_seq=row.last_seq,
        created_at=row.created_at,
        handed_back_at=row.handed_back_at,
    )
