"""Orders of invented customers, with dates counted from the day of seeding, so that the demo starts fresh."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from shop.catalogue import SEED, SPARE_PARTS
from shop.known import KNOWN_ORDERS, MONTHLY_PRICES, known_plans, line_of
from shop.people import Person, invent_people
from shop.plans import CATEGORY as PLAN_CATEGORY
from store import Order, OrderLine, OrderStatus, Plan, PlanStatus, PlanTier, RefundStatus
from vocabulary import Item

CUSTOMERS: Final = 80
ORDERS: Final = 240
PLANS: Final = 36

_STATUS_SHARES: Final = {
    OrderStatus.PLACED: 9,
    OrderStatus.PAID: 9,
    OrderStatus.PACKED: 8,
    OrderStatus.SHIPPED: 22,
    OrderStatus.DELIVERED: 42,
    OrderStatus.CANCELLED: 10,
}
_AGES: Final = {
    OrderStatus.PLACED: (0, 1),
    OrderStatus.PAID: (0, 2),
    OrderStatus.PACKED: (1, 3),
    OrderStatus.SHIPPED: (2, 8),
    OrderStatus.DELIVERED: (6, 300),
    OrderStatus.CANCELLED: (1, 40),
}
_CHEAP: Final = Decimal(40)
_LATE_SHARE: Final = 0.25
_CARRIERS: Final = {"Paketo": "PK", "Landpost": "LP", "Nordkurier 24": "NK"}
_PAYMENT_METHODS: Final = ("card", "invoice", "bank transfer", "instalments", "pay later")
_PLAN_TITLES: Final = (
    "Care plan for the kitchen",
    "Care plan for the laundry",
    "Care plan for sound",
    "Care plan for screens",
    "Care plan for the whole home",
)


def generate_orders(items: Sequence[Item], today: date, seed: int = SEED) -> list[Order]:
    """The known orders and many more, by number. The same arguments give the same orders."""
    draw = random.Random(f"{seed}:orders")
    people = invent_people(CUSTOMERS, draw)
    by_id = {item.id: item for item in items}
    orders = [known.order(today, by_id) for known in KNOWN_ORDERS.values()]
    free = [number for number in range(410_000, 420_000) if str(number) not in KNOWN_ORDERS]
    # Everybody has ordered at least once.
    buyers = people + [draw.choice(people) for _ in range(ORDERS - len(people))]
    statuses = draw.choices(list(_STATUS_SHARES), list(_STATUS_SHARES.values()), k=ORDERS)
    drawn = [
        _order(buyer, status, _basket(items, draw), today, draw) for buyer, status in zip(buyers, statuses, strict=True)
    ]
    # Later orders have higher numbers.
    drawn.sort(key=lambda order: order.placed_on)
    numbers = sorted(draw.sample(free, ORDERS))
    orders.extend(_numbered(order, number) for order, number in zip(drawn, numbers, strict=True))
    return sorted(orders, key=lambda order: order.number)


def generate_plans(items: Sequence[Item], today: date, seed: int = SEED) -> list[Plan]:
    """The service plans that customers have, known ones first."""
    draw = random.Random(f"{seed}:orders")
    people = invent_people(CUSTOMERS, draw)
    draw = random.Random(f"{seed}:plans")
    plans = known_plans(today)
    for number, person in enumerate(draw.sample(people, PLANS), start=1):
        tier = draw.choice(list(PlanTier))
        status = draw.choices(list(PlanStatus), (8, 1, 1))[0]
        plans.append(
            Plan(
                id=f"sp_{number:06d}",
                email=person.email,
                title=draw.choice(_PLAN_TITLES),
                tier=tier,
                status=status,
                price=MONTHLY_PRICES[tier],
                renews_on=today + timedelta(days=draw.randint(1, 30)) if status is PlanStatus.ACTIVE else None,
            )
        )
    return plans


def _order(buyer: Person, status: OrderStatus, lines: tuple[OrderLine, ...], today: date, draw: random.Random) -> Order:
    placed_on = today - timedelta(days=_age(status, draw))
    promised = placed_on + timedelta(days=draw.randint(3, 6))
    late_by = draw.randint(2, 9) if draw.random() < _LATE_SHARE else 0
    expected_on: date | None = promised
    delivered_on = cancelled_on = None
    refund = None
    payment_method = draw.choice(_PAYMENT_METHODS)
    if status is OrderStatus.SHIPPED:
        # Late ones were promised for a day that has passed; the others are still to come.
        expected_on = today - timedelta(days=late_by) if late_by else today + timedelta(days=draw.randint(0, 4))
        placed_on = min(placed_on, expected_on - timedelta(days=3))
    elif status is OrderStatus.DELIVERED:
        delivered_on = min(today, promised + timedelta(days=late_by))
    elif status is OrderStatus.CANCELLED:
        expected_on = None
        cancelled_on = min(today, placed_on + timedelta(days=draw.randint(0, 2)))
        if payment_method != "invoice":
            refund = RefundStatus.PAID if (today - cancelled_on).days > 10 else RefundStatus.PENDING
    else:
        expected_on = today + timedelta(days=draw.randint(2, 6))
    sent = status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
    carrier = draw.choice(list(_CARRIERS)) if sent else None
    return Order(
        number="",
        status=status,
        placed_on=placed_on,
        customer_name=buyer.name,
        email=buyer.email,
        street=buyer.street,
        postcode=buyer.postcode,
        city=buyer.city,
        lines=lines,
        payment_method=payment_method,
        carrier=carrier,
        tracking_code=f"{_CARRIERS[carrier]}{draw.randint(10**8, 10**9 - 1)}" if carrier else None,
        expected_on=expected_on,
        delivered_on=delivered_on,
        cancelled_on=cancelled_on,
        refund_status=refund,
    )


def _age(status: OrderStatus, draw: random.Random) -> int:
    """Days since the order was placed, as long as such orders usually take."""
    youngest, oldest = _AGES[status]
    return draw.randint(youngest, oldest)


def _basket(items: Sequence[Item], draw: random.Random) -> tuple[OrderLine, ...]:
    goods = [item for item in items if item.category not in (PLAN_CATEGORY, SPARE_PARTS)]
    first = draw.choice(goods)
    basket = {first.id: first}
    if draw.random() < 0.35:
        fitting = [item for item in items if any(relation.target_id == first.id for relation in item.relations)]
        further = draw.choice([item for item in fitting if item.category != PLAN_CATEGORY] or goods)
        basket.setdefault(further.id, further)
    if draw.random() < 0.2:
        further = draw.choice(goods)
        basket.setdefault(further.id, further)
    return tuple(line_of(item, 2 if item.dearness < _CHEAP and draw.random() < 0.2 else 1) for item in basket.values())


def _numbered(order: Order, number: int) -> Order:
    return replace(order, number=str(number))
