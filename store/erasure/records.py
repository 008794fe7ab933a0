"""One person's rows in the database, place by place: how many there are, and how they are forgotten."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.erasure.subject import Subject
from store.requests import Requests
from store.schema import (
    AccountRow,
    AssessmentRow,
    AuditRow,
    Base,
    CallRow,
    CallTurnRow,
    ComplaintRow,
    ConsentRow,
    ConversationRow,
    CustomerRow,
    DataRequestRow,
    EscalationRow,
    EventRow,
    FrameRow,
    HelpOfferRow,
    InteractionRow,
    MessageRow,
    NotificationRow,
    OneTimeCodeRow,
    OrderLineRow,
    OrderRow,
    PersonKeyRow,
    PlanRow,
    ProfileRow,
    PushSubscriptionRow,
    ReceiptRow,
    RecoveryCodeRow,
    ReturnRow,
    SessionRow,
    SlateRow,
    SocialLoginRow,
    SpeakerBaselineRow,
    StepBatchRow,
    SuggestionFeedbackRow,
    TelephoneCallRow,
    VerdictRow,
)
from store.sealing import Sealer
from store.vault import Vault

Condition = ColumnElement[bool]
NOBODY: Final = {"name": "", "email": "", "street": "", "postcode": "", "city": ""}
"""Who an order was for, once that is deleted."""


class Records:
    """The rows of one person, in one transaction. What is deleted here is also forgotten by its key."""

    def __init__(self, session: AsyncSession, sealer: Sealer, vault: Vault, requests: Requests) -> None:
        self._session = session
        self._sealer = sealer
        self._vault = vault
        self._requests = requests

    async def count(self, subject: Subject) -> dict[str, int]:
        """Rows by the name of their place (privacy/places.toml)."""
        counts: dict[str, int] = {}
        for place, tables in _deleted(subject).items():
            counts[place] = 0
            for row, condition in tables:
                counts[place] += await self._number(row, condition)
        counts["orders"] = len(subject.orders) + len(subject.plans)
        counts["requests"] = await self._number(DataRequestRow, DataRequestRow.owner.in_(subject.owners))
        counts["keys"] = await self._number(PersonKeyRow, PersonKeyRow.owner.in_(subject.owners))
        counts["audit"] = 0
        for key in subject.keys:
            counts["audit"] += await self._number(AuditRow, AuditRow.subject.startswith(f"attune2:{key}:"))
        return counts

    async def rows(self, place: str, subject: Subject) -> dict[str, Sequence[Base]]:
        """The person's rows of one place, by table; what stays after an erasure included."""
        found = {}
        for row, condition in rows_of(subject).get(place, ()):
            found[row.__tablename__] = (await self._session.scalars(select(row).where(condition))).all()
        return found

    async def forget(self, subject: Subject) -> dict[str, int]:
        """Delete every row, strip what stays of its personal part, and destroy the keys; gives the numbers."""
        counts = await self.count(subject)
        counts["orders"] = await self._strip_orders(subject)
        for tables in _deleted(subject).values():
            for row, condition in tables:
                await self._session.execute(delete(row).where(condition))
        await self._forget_staff(subject)
        await self._requests.forget_owners(subject.owners)
        for owner in subject.owners:
            await self._vault.destroy(owner)
        await self._session.flush()
        return counts

    async def close_doors(self, subject: Subject) -> None:
        """Nothing of the person is taken or shown any more: tokens open nothing, sessions end."""
        theirs = ConversationRow.customer_id.in_(subject.customers)
        await self._session.execute(update(ConversationRow).where(theirs).values(token_hash=None))
        await self._session.execute(delete(SessionRow).where(SessionRow.account_id == subject.account))
        await self._session.execute(
            update(AccountRow).where(AccountRow.id == subject.account).values(disabled_at=datetime.now(UTC))
        )

    async def _strip_orders(self, subject: Subject) -> int:
        number = 0
        for conversation in subject.conversations:
            # The keys of repeated steps name the conversation that asked for them, whoever's order it was.
            for column in (OrderRow.cancel_key, ReturnRow.message_key):
                mine = column.startswith(f"{conversation}:", autoescape=True)
                await self._session.execute(update(column.class_).where(mine).values({column.key: None}))
        whose = or_(OrderRow.number.in_(subject.orders), OrderRow.email_fingerprint.in_(subject.shop))
        for order in (await self._session.scalars(select(OrderRow).where(whose))).all():
            order.sealed, order.email_fingerprint = self._sealer.seal(NOBODY, "order"), ""
            order.tracking_code = order.cancel_key = None
            number += 1
        returned = (
            await self._session.scalars(select(ReturnRow).where(ReturnRow.order_number.in_(subject.orders)))
        ).all()
        for one in returned:
            one.sealed, one.message_key = self._sealer.seal("", "return"), None
        theirs = or_(PlanRow.id.in_(subject.plans), PlanRow.email_fingerprint.in_(subject.shop))
        for plan in (await self._session.scalars(select(PlanRow).where(theirs))).all():
            plan.sealed, plan.email_fingerprint = self._sealer.seal("", "plan"), ""
            number += 1
        await self._session.flush()
        return number

    async def _forget_staff(self, subject: Subject) -> None:
        """What a member of staff wrote stays the customers'; that it was this person goes."""
        if subject.account is None:
            return
        for column in (ConversationRow.agent_id, MessageRow.staff_id, EscalationRow.claimed_by):
            await self._session.execute(
                update(column.class_).where(column == subject.account).values({column.key: None})
            )
        # A name of its own for each row: the same message may hold the words of several erased people.
        judged = select(VerdictRow).where(VerdictRow.source == subject.account)
        for verdict in (await self._session.scalars(judged)).all():
            verdict.source = new_id("x")

    async def _number(self, row: type[Base], condition: Condition) -> int:
        return int(await self._session.scalar(select(func.count()).select_from(row).where(condition)) or 0)


def rows_of(subject: Subject) -> Mapping[str, tuple[tuple[type[Base], Condition], ...]]:
    """Every row that is the person's, by place; what stays after an erasure included."""
    bought = or_(OrderRow.number.in_(subject.orders), OrderRow.email_fingerprint.in_(subject.shop))
    return {
        **_deleted(subject),
        "orders": (
            (OrderRow, bought),
            (OrderLineRow, OrderLineRow.order_number.in_(subject.orders)),
            (ReturnRow, ReturnRow.order_number.in_(subject.orders)),
            (PlanRow, or_(PlanRow.id.in_(subject.plans), PlanRow.email_fingerprint.in_(subject.shop))),
        ),
        "requests": ((DataRequestRow, DataRequestRow.owner.in_(subject.owners)),),
    }


def _deleted(subject: Subject) -> Mapping[str, tuple[tuple[type[Base], Condition], ...]]:
    """The rows that go, by place, in an order that no foreign key minds."""
    customers, account = subject.customers, subject.account or ""
    theirs = or_(ConversationRow.customer_id.in_(customers), ConversationRow.id.in_(subject.conversations))
    talks = select(ConversationRow.id).where(theirs)

    def of_talk(row: Any) -> tuple[type[Base], Condition]:
        return row, or_(row.conversation_id.in_(talks), row.conversation_id.in_(subject.conversations))

    def of_customer(row: Any) -> tuple[type[Base], Condition]:
        return row, row.customer_id.in_(customers)

    def of_account(row: Any) -> tuple[type[Base], Condition]:
        return row, row.account_id == account

    ordered = ComplaintRow.order_number.in_(subject.orders)
    codes = or_(OneTimeCodeRow.account_id == account, OneTimeCodeRow.target_fingerprint.in_(subject.addresses))
    return {
        "readings": (of_talk(AssessmentRow), of_talk(VerdictRow)),
        "session_signals": (of_talk(SpeakerBaselineRow), of_talk(StepBatchRow), of_talk(HelpOfferRow)),
        "media": (of_talk(FrameRow),),
        "calls": (of_talk(CallTurnRow), of_talk(CallRow)),
        "telephone": (of_talk(TelephoneCallRow),),
        "hand_overs": (of_talk(EscalationRow),),
        "receipts": (of_talk(ReceiptRow),),
        "events": ((EventRow, or_(of_customer(EventRow)[1], of_talk(EventRow)[1])),),
        "complaints": ((ComplaintRow, or_(of_talk(ComplaintRow)[1], ordered)),),
        "interactions": ((InteractionRow, InteractionRow.subject.in_((*customers, *subject.imported))),),
        "slates": ((SlateRow, or_(of_customer(SlateRow)[1], of_talk(SlateRow)[1])),),
        "suggestion_feedback": (of_customer(SuggestionFeedbackRow),),
        "profiles": (of_customer(ProfileRow),),
        "consents": (of_customer(ConsentRow),),
        "conversations": (of_talk(MessageRow), (ConversationRow, theirs)),
        "customers": ((CustomerRow, CustomerRow.id.in_(customers)),),
        "sign_in": (of_account(SessionRow), (OneTimeCodeRow, codes)),
        "notifications": (of_account(PushSubscriptionRow), of_account(NotificationRow)),
        "accounts": (of_account(RecoveryCodeRow), of_account(SocialLoginRow), (AccountRow, AccountRow.id == account)),
    }
