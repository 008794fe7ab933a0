"""Events: what happened, for the desk, analytics and tests. Never content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.schema import EventRow


@dataclass(frozen=True)
class Event:
    """number: grows with every event of the installation. type: dotted, e.g. "turn.answered"."""

    number: int
    type: str
    payload: Mapping[str, Any]
    conversation_id: str | None
    customer_id: str | None
    at: datetime


class Events:
    """Repository of events."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        type: str,  # noqa: A002 - the word of the trade
        payload: Mapping[str, Any],
        *,
        conversation_id: str | None = None,
        customer_id: str | None = None,
    ) -> None:
        """Store an event. payload: ids, names and numbers that JSON can hold; never what a person said."""
        self._session.add(
            EventRow(
                type=type,
                payload=dict(payload),
                conversation_id=conversation_id,
                customer_id=customer_id,
                at=datetime.now(UTC),
            )
        )
        await self._session.flush()

    async def recent(self, *, type: str | None = None, limit: int = 100) -> list[Event]:  # noqa: A002
        """The newest events first. type: only this type."""
        query = select(EventRow)
        if type is not None:
            query = query.where(EventRow.type == type)
        rows = await self._session.scalars(query.order_by(EventRow.number.desc()).limit(limit))
        return [Event(row.number, row.type, row.payload, row.conversation_id, row.customer_id, row.at) for row in rows]
