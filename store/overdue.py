"""What is past its time, found and deleted: rows by their rules, and whole conversations, accounts and orders."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.after_sales import OWNER_CHARS, OWNER_PREFIX
from store.changed_rows import changed_rows
from store.erasure.subject import Subject, Subjects
from store.escalations import OPEN_STATES
from store.overdue_rules import originals_due, rules
from store.purchases import PlanStatus
from store.schema import (
    AccountRow,
    ComplaintRow,
    ConversationRow,
    CustomerRow,
    EscalationRow,
    FrameRow,
    MessageRow,
    NotificationRow,
    OneTimeCodeRow,
    OrderRow,
    PersonKeyRow,
    PlanRow,
    ReceiptRow,
)
from vocabulary import Role

LOOSE_AFTER: Final = timedelta(hours=1)
"""A key may be stored this long before what it seals is."""
_CHUNK: Final = 500

Found = Sequence[tuple[Subject, datetime]]
"""Whose data is due, with the time that its period counts from."""


class Overdue:
    """Repository of what is past its time."""

    def __init__(self, session: AsyncSession, subjects: Subjects) -> None:
        self._session = session
        self._subjects = subjects

    async def count(self, name: str, before: datetime, only: Subject | None) -> tuple[int, datetime | None]:
        """How many rows of a type are due, and since when the oldest is."""
        if name == "originals":
            query = select(func.count(), func.min(MessageRow.created_at)).where(originals_due(before, only))
            row = (await self._session.execute(query)).one()
            return int(row[0]), row[1]
        total, oldest = 0, None
        for rule in rules().get(name, ()):
            due = rule.due(before, only)
            if due is None:
                continue
            row = (await self._session.execute(select(func.count(), func.min(rule.at)).where(due))).one()
            total += int(row[0])
            oldest = min((at for at in (oldest, row[1]) if at is not None), default=None)
        return total, oldest

    async def delete(self, name: str, before: datetime, only: Subject | None) -> int:
        """Delete them; gives the number."""
        if name == "originals":
            final = update(MessageRow).where(originals_due(before, only)).values(originals=None)
            return await changed_rows(self._session, final)
        total = 0
        for rule in rules().get(name, ()):
            due = rule.due(before, only)
            if due is not None:
                total += await changed_rows(self._session, delete(rule.row).where(due))
        return total

    async def conversations(self, before: datetime, limit: int, only: Subject | None) -> Found:
        """Conversations in which nothing happened since, and pseudonyms without any."""
        last = (
            select(MessageRow.conversation_id, func.max(MessageRow.created_at).label("last"))
            .group_by(MessageRow.conversation_id)
            .subquery()
        )
        at = func.coalesce(last.c.last, ConversationRow.created_at)
        waiting = select(EscalationRow.conversation_id).where(EscalationRow.state.in_(OPEN_STATES))
        query = (
            select(ConversationRow.id, at.label("at"))
            .outerjoin(last, last.c.conversation_id == ConversationRow.id)
            .where(at < before, ConversationRow.id.not_in(waiting))
            .limit(limit)
        )
        if only is not None:
            query = query.where(ConversationRow.id.in_(only.conversations))
        found = [(await self._of_conversation(row[0]), row[1]) for row in (await self._session.execute(query)).all()]
        if found:
            return found
        alone = (
            select(CustomerRow.id, CustomerRow.created_at)
            .where(
                CustomerRow.created_at < before,
                CustomerRow.sealed_account.is_(None),
                CustomerRow.id.not_in(select(ConversationRow.customer_id)),
            )
            .limit(limit)
        )
        if only is not None:
            alone = alone.where(CustomerRow.id.in_(only.customers))
        return [(Subject(customers=(row[0],)), row[1]) for row in (await self._session.execute(alone)).all()]

    async def unverified(self, before: datetime, limit: int, only: Subject | None) -> Found:
        """Customers' accounts whose address or number was never confirmed."""
        never = (AccountRow.email_verified_at.is_(None), AccountRow.phone_verified_at.is_(None))
        return await self._accounts(AccountRow.created_at, before, limit, only, *never)

    async def accounts(self, before: datetime, limit: int, only: Subject | None) -> Found:
        """Customers' accounts that nobody signs in to any more."""
        return await self._accounts(func.coalesce(AccountRow.signed_in_at, AccountRow.created_at), before, limit, only)

    async def orders(self, before: datetime, limit: int, only: Subject | None) -> Found:
        """Orders, and cancelled service plans, that still say whose they are."""
        day = before.date()
        orders = select(OrderRow.number, OrderRow.placed_on).where(
            OrderRow.placed_on < day, OrderRow.email_fingerprint != ""
        )
        plans = select(PlanRow.id, PlanRow.renews_on).where(
            PlanRow.renews_on < day, PlanRow.status == PlanStatus.CANCELLED.value, PlanRow.email_fingerprint != ""
        )
        if only is not None:
            orders = orders.where(OrderRow.number.in_(only.orders))
            plans = plans.where(PlanRow.id.in_(only.plans))
        found = [
            (Subject(orders=(row[0],)), _start_of(row[1]))
            for row in (await self._session.execute(orders.limit(limit))).all()
        ]
        return found or [
            (Subject(plans=(row[0],)), _start_of(row[1]))
            for row in (await self._session.execute(plans.limit(limit))).all()
        ]

    async def known_conversations(self, ids: Sequence[str]) -> set[str]:
        """Which of these are stored."""
        known: set[str] = set()
        for start in range(0, len(ids), _CHUNK):
            stored = select(ConversationRow.id).where(ConversationRow.id.in_(ids[start : start + _CHUNK]))
            known |= set((await self._session.scalars(stored)).all())
        return known

    async def drop_loose_keys(self, now: datetime) -> int:
        """Delete keys whose owner is not stored any more; gives the number."""
        prefix, length = literal(OWNER_PREFIX), OWNER_CHARS
        owners: tuple[Any, ...] = (
            select(AccountRow.id),
            select(CustomerRow.id),
            select(ConversationRow.id),
            select(ReceiptRow.conversation_id),
            select(ComplaintRow.conversation_id),
            select(OneTimeCodeRow.id),
            select(NotificationRow.id),
            select(prefix + func.substr(OrderRow.email_fingerprint, 1, length)),
            select(prefix + func.substr(PlanRow.email_fingerprint, 1, length)),
        )
        nobodys = [PersonKeyRow.owner.not_in(query) for query in owners]
        loose = delete(PersonKeyRow).where(PersonKeyRow.created_at < now - LOOSE_AFTER, *nobodys)
        return await changed_rows(self._session, loose)

    async def _accounts(
        self, at: Any, before: datetime, limit: int, only: Subject | None, *where: ColumnElement[bool]
    ) -> Found:
        query = select(AccountRow.id, at.label("at")).where(AccountRow.role == Role.CUSTOMER.value, at < before, *where)
        if only is not None:
            query = query.where(AccountRow.id == only.account)
        found = []
        for account_id, since in (await self._session.execute(query.limit(limit))).all():
            subject = await self._subjects.find(account_id)
            if subject is not None:
                # What was bought has a time of its own.
                without = {**subject.to_dict(), "orders": (), "plans": (), "shop": ()}
                found.append((Subject.from_dict(without), since))
        return found

    async def _of_conversation(self, conversation_id: str) -> Subject:
        clips = await self._session.scalars(
            select(MessageRow.clip_id).where(
                MessageRow.conversation_id == conversation_id, MessageRow.clip_id.is_not(None)
            )
        )
        frames = await self._session.scalars(
            select(FrameRow.media_id).where(FrameRow.conversation_id == conversation_id)
        )
        media = (*(clip for clip in clips if clip), *frames)
        return Subject(conversations=(conversation_id,), media=media)


def _start_of(day: Any) -> datetime:
    return datetime.combine(day, clock_time.min, UTC)
