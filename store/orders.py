"""Orders, and the steps that they allow."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from store.after_sales import AfterSales, shop_owner
from store.errors import OrderStateError
from store.money import from_cents, to_cents
from store.purchases import Order, OrderLine, OrderStatus, RefundStatus
from store.schema import OrderLineRow, OrderRow
from store.vault import PersonSealer

_PURPOSE = "order"
_CHANGEABLE = (OrderStatus.PLACED, OrderStatus.PAID)
_CANCELLABLE = (*_CHANGEABLE, OrderStatus.PACKED)


class Orders(AfterSales):
    """Repository of orders; returns, complaints and service plans come from AfterSales."""

    async def add_many(self, orders: Sequence[Order]) -> None:
        """Store orders. Raises: OrderStateError (code number_invalid)."""
        for order in orders:
            if not (len(order.number) == 6 and order.number.isascii() and order.number.isdigit()):
                raise OrderStateError(f"order number {order.number!r}; expected six digits.", code="number_invalid")
            self._session.add(self._to_row(order, await self._sealer_of_email(order.email)))
        await self._session.flush()
        for order in orders:
            self._session.add_all(
                OrderLineRow(
                    order_number=order.number,
                    position=position,
                    item_id=line.item_id,
                    title=line.title,
                    quantity=line.quantity,
                    unit_price_cents=to_cents(line.unit_price),
                )
                for position, line in enumerate(order.lines)
            )
        await self._session.flush()

    async def count(self) -> int:
        """How many orders there are."""
        return await self._session.scalar(select(func.count()).select_from(OrderRow)) or 0

    async def find(self, number: str) -> Order | None:
        """One order by its six digits, or None."""
        row = await self._session.get(OrderRow, number)
        return None if row is None else await self._open(row)

    async def of_email(self, email: str) -> list[Order]:
        """The orders of a customer, newest first. E-mail addresses are compared without case."""
        rows = await self._session.scalars(
            select(OrderRow)
            .where(OrderRow.email_fingerprint == self._fingerprint(email))
            .order_by(OrderRow.placed_on.desc(), OrderRow.number.desc())
        )
        return [await self._open(row) for row in rows.all()]

    async def cancel(self, number: str, message_key: str) -> Order:
        """Cancel an order that has not left. The same message_key again gives the cancelled order.

        What was paid becomes a pending refund. Raises: OrderStateError.
        """
        row = await self._locked(number)
        if row.status == OrderStatus.CANCELLED and row.cancel_key == message_key:
            return await self._open(row)
        _check_status(row, _CANCELLABLE)
        if row.status != OrderStatus.PLACED:
            row.refund_status = RefundStatus.PENDING
        row.status = OrderStatus.CANCELLED
        row.cancel_key = message_key
        row.cancelled_on = datetime.now(UTC).date()
        row.expected_on = None
        await self._session.flush()
        return await self._open(row)

    async def change_address(self, number: str, street: str, postcode: str, city: str) -> Order:
        """Send an order elsewhere, as long as it is not packed. Raises: OrderStateError."""
        row = await self._locked(number)
        _check_status(row, _CHANGEABLE)
        private = await self._vault.open(row.sealed, _PURPOSE)
        sealer = await self._vault.sealer(shop_owner(row.email_fingerprint))
        row.sealed = sealer.seal({**private, "street": street, "postcode": postcode, "city": city}, _PURPOSE)
        await self._session.flush()
        return await self._open(row)

    async def _locked(self, number: str) -> OrderRow:
        row = await self._session.get(OrderRow, number, with_for_update=True)
        if row is None:
            raise OrderStateError(
                f"order {number} does not exist; expected the six digits of an order.", code="not_found"
            )
        return row

    async def _open(self, row: OrderRow) -> Order:
        lines = await self._session.scalars(
            select(OrderLineRow).where(OrderLineRow.order_number == row.number).order_by(OrderLineRow.position)
        )
        private: dict[str, Any] = await self._vault.open(row.sealed, _PURPOSE)
        return Order(
            number=row.number,
            status=OrderStatus(row.status),
            placed_on=row.placed_on,
            customer_name=private["name"],
            email=private["email"],
            street=private["street"],
            postcode=private["postcode"],
            city=private["city"],
            lines=tuple(
                OrderLine(line.item_id, line.title, line.quantity, from_cents(line.unit_price_cents)) for line in lines
            ),
            payment_method=row.payment_method,
            carrier=row.carrier,
            tracking_code=row.tracking_code,
            expected_on=row.expected_on,
            delivered_on=row.delivered_on,
            cancelled_on=row.cancelled_on,
            refund_status=None if row.refund_status is None else RefundStatus(row.refund_status),
        )

    def _to_row(self, order: Order, sealer: PersonSealer) -> OrderRow:
        private = {
            "name": order.customer_name,
            "email": order.email,
            "street": order.street,
            "postcode": order.postcode,
            "city": order.city,
        }
        return OrderRow(
            number=order.number,
            status=order.status,
            placed_on=order.placed_on,
            sealed=sealer.seal(private, _PURPOSE),
            email_fingerprint=self._fingerprint(order.email),
            payment_method=order.payment_method,
            carrier=order.carrier,
            tracking_code=order.tracking_code,
            expected_on=order.expected_on,
            delivered_on=order.delivered_on,
            cancelled_on=order.cancelled_on,
            refund_status=order.refund_status,
        )


def _check_status(row: OrderRow, allowed: Sequence[OrderStatus]) -> None:
    if row.status not in allowed:
        raise OrderStateError(
            f"order {row.number} is {row.status}; expected {', '.join(allowed)}.",
            code=f"already_{row.status}",
        )
