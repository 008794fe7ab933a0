"""What customers have bought and asked of the shop, as other rooms see it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands, in this order; cancelled ends it before it ships."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class RefundStatus(StrEnum):
    """Money on its way back."""

    PENDING = "pending"
    PAID = "paid"


class ReturnStatus(StrEnum):
    """Where a return stands."""

    REQUESTED = "requested"
    RECEIVED = "received"
    REFUNDED = "refunded"


class PlanStatus(StrEnum):
    """Where a service plan stands; cancelled is final."""

    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class PlanTier(StrEnum):
    """How much a service plan covers, from least to most."""

    BASIC = "basic"
    PLUS = "plus"
    PREMIUM = "premium"


@dataclass(frozen=True)
class OrderLine:
    """One kind of item in an order. title and unit_price: as they were when it was bought."""

    item_id: str
    title: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True)
class Order:
    """One order. number: six digits."""

    number: str
    status: OrderStatus
    placed_on: date
    customer_name: str
    email: str
    street: str
    postcode: str
    city: str
    lines: tuple[OrderLine, ...]
    payment_method: str
    carrier: str | None = None
    tracking_code: str | None = None
    expected_on: date | None = None
    delivered_on: date | None = None
    cancelled_on: date | None = None
    refund_status: RefundStatus | None = None

    @property
    def total(self) -> Decimal:
        """The sum of all lines."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True)
class Return:
    """One item on its way back."""

    id: str
    order_number: str
    item_id: str
    reason: str
    status: ReturnStatus
    created_at: datetime


@dataclass(frozen=True)
class Complaint:
    """What a customer wants looked into."""

    id: str
    conversation_id: str
    text: str
    order_number: str | None
    created_at: datetime


@dataclass(frozen=True)
class Plan:
    """One service plan. price: per month."""

    id: str
    email: str
    title: str
    tier: PlanTier
    status: PlanStatus
    price: Decimal
    renews_on: date | None = None
