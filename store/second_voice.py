"""That another voice was heard in a recording: where it is kept, and how a withdrawal takes it away."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.receipts import open_receipt, seal_receipt
from store.schema import ConversationRow, EventRow, ReceiptRow
from store.vault import PersonSealer

_KEY: Final = "second_voice"
_ACTION: Final = "spoken"
_EVENT: Final = "turn.received"


async def forget_second_voice(session: AsyncSession, sealer: PersonSealer, customer_id: str) -> None:
    """Take it out of the receipts and events of all conversations of a customer."""
    receipts = await session.scalars(
        select(ReceiptRow)
        .join(ConversationRow, ConversationRow.id == ReceiptRow.conversation_id)
        .where(ConversationRow.customer_id == customer_id, ReceiptRow.action == _ACTION)
    )
    for receipt in receipts:
        result: dict[str, Any] = open_receipt(sealer, receipt)
        if result.get(_KEY) is not None:
            receipt.sealed = seal_receipt(sealer, {**result, _KEY: None})
    events = await session.scalars(select(EventRow).where(EventRow.customer_id == customer_id, EventRow.type == _EVENT))
    for event in events:
        if _KEY in event.payload:
            event.payload = {name: value for name, value in event.payload.items() if name != _KEY}
    await session.flush()
