"""A person's conversations in short, and how much they use the service. Nothing here says how anybody felt."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.schema import ConversationRow, EscalationRow, MessageRow, SuggestionFeedbackRow
from store.suggestion_feedback import Opinion
from vocabulary import Author, Owner


@dataclass(frozen=True)
class PastConversation:
    """One conversation in short. messages: of all authors. last_at: of the last message, or of the beginning."""

    id: str
    owner: Owner
    channel: str
    started_at: datetime
    last_at: datetime
    messages: int


@dataclass(frozen=True)
class Engagement:
    """How much a person uses the service. messages: their own. last_seen: of their last message; None without one.

    hand_overs: to a person. helpful, not_helpful, not_for_me: what they said about suggestions.
    """

    conversations: int
    messages: int
    hand_overs: int
    first_seen: datetime | None
    last_seen: datetime | None
    helpful: int
    not_helpful: int
    not_for_me: int


class PeopleHistory:
    """Reads over all conversations of a person."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def conversations(self, customer_id: str) -> list[PastConversation]:
        """Every conversation, the one with the newest message first."""
        last_at = func.max(MessageRow.created_at)
        rows = await self._session.execute(
            select(ConversationRow, func.count(MessageRow.seq), last_at)
            .outerjoin(MessageRow, MessageRow.conversation_id == ConversationRow.id)
            .where(ConversationRow.customer_id == customer_id)
            .group_by(ConversationRow.id)
        )
        found = [
            PastConversation(
                row.id, Owner(row.owner), row.channel, row.created_at, last or row.created_at, messages=count
            )
            for row, count, last in rows.all()
        ]
        return sorted(found, key=lambda one: one.last_at, reverse=True)

    async def engagement(self, customer_id: str) -> Engagement:
        """Counts and times; zeros for a pseudonym that has done nothing."""
        theirs = select(ConversationRow.id).where(ConversationRow.customer_id == customer_id)
        count, first = (
            await self._session.execute(
                select(func.count(), func.min(ConversationRow.created_at)).where(
                    ConversationRow.customer_id == customer_id
                )
            )
        ).one()
        messages, last = (
            await self._session.execute(
                select(func.count(), func.max(MessageRow.created_at)).where(
                    MessageRow.conversation_id.in_(theirs), MessageRow.author == Author.CUSTOMER.value
                )
            )
        ).one()
        hand_overs = await self._session.scalar(
            select(func.count()).select_from(EscalationRow).where(EscalationRow.conversation_id.in_(theirs))
        )
        said = await self._session.execute(
            select(SuggestionFeedbackRow.verdict, func.count())
            .where(SuggestionFeedbackRow.customer_id == customer_id)
            .group_by(SuggestionFeedbackRow.verdict)
        )
        opinions = {str(name): int(number) for name, number in said.all()}
        return Engagement(
            conversations=int(count),
            messages=int(messages),
            hand_overs=int(hand_overs or 0),
            first_seen=first,
            last_seen=last,
            helpful=opinions.get(Opinion.HELPFUL.value, 0),
            not_helpful=opinions.get(Opinion.NOT_HELPFUL.value, 0),
            not_for_me=opinions.get(Opinion.NOT_FOR_ME.value, 0),
        )
