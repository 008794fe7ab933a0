"""What the shop's terms say about an order on a given day. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from store import Order, OrderStatus

RETURN_DAYS: Final = 30
WARRANTY_YEARS: Final = 2


class ReturnRefusal(StrEnum):
    """Why nothing of an order can go back."""

    NOT_DELIVERED = "not_delivered"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"


def return_until(order: Order) -> date | None:
    """The last day for a return; None before the delivery."""
    return order.delivered_on + timedelta(days=RETURN_DAYS) if order.delivered_on else None


def return_refusal(order: Order, today: date) -> ReturnRefusal | None:
    """None while items may go back: delivered, and within 30 days."""
    if order.status is OrderStatus.CANCELLED:
        return ReturnRefusal.CANCELLED
    until = return_until(order)
    if order.status is not OrderStatus.DELIVERED or until is None:
        return ReturnRefusal.NOT_DELIVERED
    return ReturnRefusal.TOO_LATE if today > until else None


def warranty_until(order: Order) -> date | None:
    """The last day of the warranty: two years after delivery; None before it."""
    day = order.delivered_on
    if day is None:
        return None
    try:
        return day.replace(year=day.year + WARRANTY_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year + WARRANTY_YEARS, day=28)


def days_late(order: Order, today: date) -> int:
    """How many days an order that is still awaited is overdue; 0 if it is not."""
    if order.expected_on is None or order.status in (OrderStatus.DELIVERED, OrderStatus.CANCELLED):
        return 0
    return max(0, (today - order.expected_on).days)
