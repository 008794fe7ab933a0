"""What follows a purchase: returns, complaints, service plans."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.errors import OrderStateError
from store.money import from_cents, to_cents
from store.purchases import (
    Complaint,
    OrderStatus,
    Plan,
    PlanStatus,
    PlanTier,
    Return,
    ReturnStatus,
)
from store.schema import ComplaintRow, OrderLineRow, OrderRow, PlanRow, ReturnRow
from store.sealing import Sealer
from store.vault import PersonSealer, Vault

_RETURN = "return"
_COMPLAINT = "complaint"
_PLAN = "plan"

OWNER_PREFIX = "o_"
OWNER_CHARS = 32
"""How much of a fingerprint names the owner of a key."""


def shop_fingerprint(sealer: Sealer, email: str) -> str:
    """Finds what was bought under an e-mail address without storing it in the clear."""
    return sealer.fingerprint(email, "email")


def shop_owner(email_fingerprint: str) -> str:
    """The owner of the key that seals what was bought under an e-mail address; no pseudonym leads to it."""
    return f"{OWNER_PREFIX}{email_fingerprint[:OWNER_CHARS]}"


class AfterSales:
    """Repository of returns, complaints and service plans."""

    def __init__(self, session: AsyncSession, sealer: Sealer, vault: Vault) -> None:
        self._session = session
        self._sealer = sealer
        self._vault = vault

    async def start_return(self, number: str, item_id: str, reason: str, message_key: str | None = None) -> Return:
        """Begin to send an item of a delivered order back, once. Raises: OrderStateError.

        message_key: the same one again gives the return that it made.
        """
        order = await self._session.get(OrderRow, number, with_for_update=True)
        if order is None:
            raise OrderStateError(
                f"order {number} does not exist; expected the six digits of an order.", code="not_found"
            )
        for row in await self._return_rows(number):
            if row.item_id != item_id:
                continue
            if message_key is not None and row.message_key == message_key:
                return await self._return(row)
            raise OrderStateError(
                f"item {item_id} of order {number} is on its way back ({row.id}); expected another item.",
                code="already_returned",
            )
        if order.status != OrderStatus.DELIVERED:
            raise OrderStateError(f"order {number} is {order.status}; expected delivered.", code="not_delivered")
        bought = await self._session.scalar(
            select(OrderLineRow.item_id)
            .where(OrderLineRow.order_number == number, OrderLineRow.item_id == item_id)
            .limit(1)
        )
        if bought is None:
            raise OrderStateError(
                f"order {number} has no item {item_id!r}; expected one of its lines.", code="unknown_item"
            )
        row = ReturnRow(
            id=new_id("rt"),
            order_number=number,
            item_id=item_id,
            sealed=(await self._vault.sealer(shop_owner(order.email_fingerprint))).seal(reason, _RETURN),
            status=ReturnStatus.REQUESTED,
            message_key=message_key,
            created_at=datetime.now(UTC),
        )
        self._session.add(row)
        await self._session.flush()
        return await self._return(row)

    async def returns_of(self, number: str) -> list[Return]:
        """The returns of an order, oldest first."""
        return [await self._return(row) for row in await self._return_rows(number)]

    async def add_complaint(
        self,
        conversation_id: str,
        text: str,
        order_number: str | None = None,
        message_key: str | None = None,
    ) -> Complaint:
        """Store a complaint. message_key: the same one again gives the complaint that it made."""
        row: ComplaintRow | None = None
        if message_key is not None:
            row = await self._session.scalar(select(ComplaintRow).where(ComplaintRow.message_key == message_key))
        if row is None:
            sealer = await self._vault.sealer_of_conversation(conversation_id)
            row = ComplaintRow(
                id=new_id("k"),
                conversation_id=conversation_id,
                order_number=order_number,
                sealed=sealer.seal(text, _COMPLAINT),
                message_key=message_key,
                created_at=datetime.now(UTC),
            )
            self._session.add(row)
            await self._session.flush()
        return await self._complaint(row)

    async def complaints_of(self, conversation_id: str) -> list[Complaint]:
        """The complaints of a conversation, oldest first."""
        rows = await self._session.scalars(
            select(ComplaintRow)
            .where(ComplaintRow.conversation_id == conversation_id)
            .order_by(ComplaintRow.created_at)
        )
        return [await self._complaint(row) for row in rows.all()]

    async def add_plans(self, plans: Sequence[Plan]) -> None:
        """Store service plans."""
        for plan in plans:
            sealer = await self._sealer_of_email(plan.email)
            self._session.add(
                PlanRow(
                    id=plan.id,
                    email_fingerprint=self._fingerprint(plan.email),
                    sealed=sealer.seal(plan.email, _PLAN),
                    title=plan.title,
                    tier=plan.tier,
                    status=plan.status,
                    price_cents=to_cents(plan.price),
                    renews_on=plan.renews_on,
                )
            )
        await self._session.flush()

    async def plans_of(self, email: str) -> list[Plan]:
        """The service plans of a customer, by title. E-mail addresses are compared without case."""
        rows = await self._session.scalars(
            select(PlanRow)
            .where(PlanRow.email_fingerprint == self._fingerprint(email))
            .order_by(PlanRow.title, PlanRow.id)
        )
        return [await self._plan(row) for row in rows.all()]

    async def set_plan(self, plan_id: str, *, status: PlanStatus | None = None, tier: PlanTier | None = None) -> Plan:
        """Pause, resume, cancel or change a plan; setting what it is already changes nothing.

        Raises: OrderStateError (not_found; plan_cancelled: a cancelled plan stays cancelled).
        """
        row = await self._session.get(PlanRow, plan_id, with_for_update=True)
        if row is None:
            raise OrderStateError(f"plan {plan_id} does not exist.", code="not_found")
        changes = (status is not None and status != row.status) or (tier is not None and tier != row.tier)
        if row.status == PlanStatus.CANCELLED and changes:
            raise OrderStateError(f"plan {plan_id} is cancelled; expected active or paused.", code="plan_cancelled")
        if status is not None:
            row.status = status
        if tier is not None:
            row.tier = tier
        await self._session.flush()
        return await self._plan(row)

    async def _return_rows(self, number: str) -> Sequence[ReturnRow]:
        rows = await self._session.scalars(
            select(ReturnRow).where(ReturnRow.order_number == number).order_by(ReturnRow.created_at)
        )
        return rows.all()

    def _fingerprint(self, email: str) -> str:
        return shop_fingerprint(self._sealer, email)

    async def _sealer_of_email(self, email: str) -> PersonSealer:
        return await self._vault.sealer(shop_owner(self._fingerprint(email)))

    async def _return(self, row: ReturnRow) -> Return:
        reason = await self._vault.open(row.sealed, _RETURN)
        return Return(row.id, row.order_number, row.item_id, reason, ReturnStatus(row.status), row.created_at)

    async def _complaint(self, row: ComplaintRow) -> Complaint:
        text = await self._vault.open(row.sealed, _COMPLAINT)
        return Complaint(row.id, row.conversation_id, text, row.order_number, row.created_at)

    async def _plan(self, row: PlanRow) -> Plan:
        return Plan(
            id=row.id,
            email=await self._vault.open(row.sealed, _PLAN),
            title=row.title,
            tier=PlanTier(row.tier),
            status=PlanStatus(row.status),
            price=from_cents(row.price_cents),
            renews_on=row.renews_on,
        )
