"""What customers say about items that were suggested to them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.conversations import ensure_customer
from store.schema import SuggestionFeedbackRow


class Opinion(StrEnum):
    """NOT_FOR_ME: never suggest it to me again."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    NOT_FOR_ME = "not_for_me"


@dataclass(frozen=True)
class Feedback:
    """One customer's last word about one item. conversation_id: where it was said; None outside of any."""

    item_id: str
    opinion: Opinion
    conversation_id: str | None
    at: datetime


class SuggestionFeedback:
    """Repository of feedback: one word for each customer and item; a new one takes the place of the old."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(
        self, customer_id: str, item_id: str, opinion: Opinion, conversation_id: str | None = None
    ) -> Feedback:
        """Keep what the customer says now."""
        now = datetime.now(UTC)
        await ensure_customer(self._session, customer_id, now)
        await self.take_back(customer_id, item_id)
        row = SuggestionFeedbackRow(
            customer_id=customer_id,
            item_id=item_id,
            conversation_id=conversation_id,
            verdict=opinion.value,
            at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return _from_row(row)

    async def take_back(self, customer_id: str, item_id: str) -> None:
        """Forget what the customer said about an item; nothing said is no error."""
        await self._session.execute(
            delete(SuggestionFeedbackRow).where(
                SuggestionFeedbackRow.customer_id == customer_id, SuggestionFeedbackRow.item_id == item_id
            )
        )

    async def of_customer(self, customer_id: str) -> list[Feedback]:
        """Everything the customer has said, oldest first."""
        rows = await self._session.scalars(
            select(SuggestionFeedbackRow)
            .where(SuggestionFeedbackRow.customer_id == customer_id)
            .order_by(SuggestionFeedbackRow.at, SuggestionFeedbackRow.item_id)
        )
        return [_from_row(row) for row in rows]

    async def unwanted(self, customer_id: str) -> frozenset[str]:
        """Ids of the items that are never to be suggested to this customer again."""
        ids = await self._session.scalars(
            select(SuggestionFeedbackRow.item_id).where(
                SuggestionFeedbackRow.customer_id == customer_id,
                SuggestionFeedbackRow.verdict == Opinion.NOT_FOR_ME.value,
            )
        )
        return frozenset(ids)

    async def join(self, guest_id: str, customer_id: str) -> None:
        """Give a guest's feedback to a customer; the newer word about an item counts."""
        own = {one.item_id: one for one in await self.of_customer(customer_id)}
        rows = await self._session.scalars(
            select(SuggestionFeedbackRow).where(SuggestionFeedbackRow.customer_id == guest_id)
        )
        for row in rows.all():
            said = _from_row(row)
            await self._session.delete(row)
            await self._session.flush()
            if said.item_id in own and own[said.item_id].at >= said.at:
                continue
            await self.take_back(customer_id, said.item_id)
            self._session.add(
                SuggestionFeedbackRow(
                    customer_id=customer_id,
                    item_id=said.item_id,
                    conversation_id=said.conversation_id,
                    verdict=said.opinion.value,
                    at=said.at,
                )
            )
        await self._session.flush()


def _from_row(row: SuggestionFeedbackRow) -> Feedback:
    return Feedback(row.item_id, Opinion(row.verdict), row.conversation_id, row.at)
