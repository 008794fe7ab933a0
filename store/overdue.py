"""Rows that are past their time, found and deleted: one rule for each type of data of privacy/places.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, literal, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.erasure.subject import Subject, Subjects
from store.schema import (
    AccountRow,
    AssessmentRow,
    Base,
    ComplaintRow,
    ConversationRow,
    CustomerRow,
    DataRequestRow,
    ErasedIdRow,
    ErasureRow,
    EscalationRow,
    EventRow,
    FrameRow,
    LeaseRow,
    MessageRow,
    NotificationRow,
    OneTimeCodeRow,
    OrderRow,
    PersonKeyRow,
    PlanRow,
    ReceiptRow,
    RetentionRunRow,
    SessionRow,
    VerdictRow,
)
from vocabulary import EscalationState, MessageStatus, Role

LEASE: Final = timedelta(minutes=10)
"""A run is over long before; a process that was killed in one holds it no longer."""
REPORT_EVERY: Final = timedelta(hours=24)
"""A run in which nothing was due is written down this often."""
LOOSE_AFTER: Final = timedelta(hours=1)
_NAME: Final = "retention"
_OPEN_MESSAGE: Final = (MessageStatus.RECEIVED.value, MessageStatus.SENT.value)
_OPEN_HAND_OVER: Final = (EscalationState.REQUESTED.value, EscalationState.CLAIMED.value)
_CANCELLED: Final = "cancelled"

Found = Sequence[tuple[Subject, datetime]]
"""Whose data is due, with the time that its period counts from."""


@dataclass(frozen=True)
class _Rule:
    """Rows that go when `at` is before the limit. whose: the column that says which person they belong to."""

    row: type[Base]
    at: Any
    where: tuple[ColumnElement[bool], ...] = ()
    whose: Any = None

    def due(self, before: datetime, only: Subject | None) -> ColumnElement[bool] | None:
        """The condition; None if rows of this kind belong to nobody and one person is asked for."""
        conditions = [self.at < before, *self.where]
        if only is not None:
            if self.whose is None:
                return None
            conditions.append(self.whose.in_([*only.owners]))
        return _all_of(conditions)


def _all_of(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = joined & condition
    return joined


def _rules() -> dict[str, tuple[_Rule, ...]]:
    settled = NotificationRow.state != "waiting"
    return {
        "readings": (
            _Rule(VerdictRow, VerdictRow.at, whose=VerdictRow.conversation_id),
            _Rule(AssessmentRow, AssessmentRow.at, whose=AssessmentRow.conversation_id),
        ),
        "receipts": (_Rule(ReceiptRow, ReceiptRow.at, whose=ReceiptRow.conversation_id),),
        "events": (_Rule(EventRow, EventRow.at, whose=EventRow.conversation_id),),
        "sign_in": (
            _Rule(SessionRow, SessionRow.expires_at, whose=SessionRow.account_id),
            _Rule(OneTimeCodeRow, OneTimeCodeRow.expires_at, whose=OneTimeCodeRow.account_id),
        ),
        "notifications": (
            _Rule(NotificationRow, NotificationRow.created_at, (settled,), whose=NotificationRow.account_id),
        ),
        "requests": (
            _Rule(DataRequestRow, DataRequestRow.done_at, (DataRequestRow.done_at.is_not(None),), DataRequestRow.owner),
        ),
        "erasures": (
            _Rule(ErasureRow, ErasureRow.at, (ErasureRow.state == "done",)),
            _Rule(ErasedIdRow, ErasedIdRow.at),
        ),
        "reports": (_Rule(RetentionRunRow, RetentionRunRow.at),),
    }


class Overdue:
    """Repository of what is past its time, of reports, and of the right to run the purge."""

    def __init__(self, session: AsyncSession, subjects: Subjects) -> None:
        self._session = session
        self._subjects = subjects

    async def count(self, name: str, before: datetime, only: Subject | None) -> tuple[int, datetime | None]:
        """How many rows of a type are due, and since when the oldest is."""
        if name == "originals":
            query = select(func.count(), func.min(MessageRow.created_at)).where(_originals(before, only))
            row = (await self._session.execute(query)).one()
            return int(row[0]), row[1]
        total, oldest = 0, None
        for rule in _rules().get(name, ()):
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
            return await self._run(update(MessageRow).where(_originals(before, only)).values(originals=None))
        total = 0
        for rule in _rules().get(name, ()):
            due = rule.due(before, only)
            if due is not None:
                total += await self._run(delete(rule.row).where(due))
        return total

    async def conversations(self, before: datetime, limit: int, only: Subject | None) -> Found:
        """Conversations in which nothing happened since, and pseudonyms without any."""
        last = (
            select(MessageRow.conversation_id, func.max(MessageRow.created_at).label("last"))
            .group_by(MessageRow.conversation_id)
            .subquery()
        )
        at = func.coalesce(last.c.last, ConversationRow.created_at)
        waiting = select(EscalationRow.conversation_id).where(EscalationRow.state.in_(_OPEN_HAND_OVER))
        query = (
            select(ConversationRow.id, func.coalesce(last.c.last, ConversationRow.created_at).label("at"))
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
            PlanRow.renews_on < day, PlanRow.status == _CANCELLED, PlanRow.email_fingerprint != ""
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
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            known |= set(
                (await self._session.scalars(select(ConversationRow.id).where(ConversationRow.id.in_(part)))).all()
            )
        return known

    async def drop_loose_keys(self, now: datetime) -> int:
        """Delete keys whose owner is not stored any more; gives the number."""
        prefix, length = literal("o_"), 32
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
        loose = [PersonKeyRow.owner.not_in(query) for query in owners]
        return await self._run(delete(PersonKeyRow).where(PersonKeyRow.created_at < now - LOOSE_AFTER, *loose))

    async def take_lease(self, holder: str, now: datetime) -> bool:
        """Whether the caller may run the purge now; nobody else may until it gives the lease back or LEASE is over."""
        row = await self._session.get(LeaseRow, _NAME, with_for_update=True)
        # A time further away than any lease comes from a clock that was wrong.
        if row is not None and row.holder != holder and now < row.until <= now + LEASE:
            return False
        if row is None:
            self._session.add(LeaseRow(name=_NAME, holder=holder, until=now + LEASE))
        else:
            row.holder, row.until = holder, now + LEASE
        await self._session.flush()
        return True

    async def give_lease_back(self, holder: str) -> None:
        """The caller's run is over."""
        await self._session.execute(delete(LeaseRow).where(LeaseRow.name == _NAME, LeaseRow.holder == holder))

    async def keep_report(self, report: dict[str, Any], now: datetime) -> bool:
        """Store a run's report; one in which nothing was due only now and then. True if it was stored."""
        last = await self._session.scalar(select(func.max(RetentionRunRow.at)))
        if not report["count"] and last is not None and timedelta(0) <= now - last < REPORT_EVERY:
            return False
        self._session.add(RetentionRunRow(id=new_id("w"), report=report, at=now))
        await self._session.flush()
        return True

    async def reports(self, limit: int = 50) -> list[dict[str, Any]]:
        """The newest reports first."""
        rows = await self._session.scalars(select(RetentionRunRow).order_by(RetentionRunRow.at.desc()).limit(limit))
        return [row.report for row in rows]

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

    async def _run(self, statement: Any) -> int:
        result: CursorResult[Any] = await self._session.execute(statement)  # type: ignore[assignment]
        return int(result.rowcount)


def _originals(before: datetime, only: Subject | None) -> ColumnElement[bool]:
    answered = or_(MessageRow.status.is_(None), MessageRow.status.not_in(_OPEN_MESSAGE))
    conditions = [MessageRow.originals.is_not(None), MessageRow.created_at < before, answered]
    if only is not None:
        conditions.append(MessageRow.conversation_id.in_(only.conversations))
    return _all_of(conditions)


def _start_of(day: Any) -> datetime:
    return datetime.combine(day, clock_time.min, UTC)
