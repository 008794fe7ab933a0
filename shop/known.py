"""A few orders that are the same in every demo shop, for the documentation, the tutorial and the tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from shop.people import Person
from store import Order, OrderLine, OrderStatus, Plan, PlanStatus, PlanTier, RefundStatus
from vocabulary import Item

MONTHLY_PRICES: Final = {
    PlanTier.BASIC: Decimal("2.90"),
    PlanTier.PLUS: Decimal("4.90"),
    PlanTier.PREMIUM: Decimal("7.90"),
}


@dataclass(frozen=True)
class KnownOrder:
    """An order whose dates are counted from the day of seeding.

    items: ids and quantities. placed, expected, delivered, cancelled: days from that day, negative in the past.
    shows: what the order is good for.
    """

    number: str
    person: Person
    status: OrderStatus
    items: tuple[tuple[str, int], ...]
    shows: str
    placed: int
    payment_method: str = "card"
    carrier: str | None = None
    tracking_code: str | None = None
    expected: int | None = None
    delivered: int | None = None
    cancelled: int | None = None
    refund: RefundStatus | None = None

    @property
    def email(self) -> str:
        return self.person.email

    @property
    def postcode(self) -> str:
        return self.person.postcode

    def order(self, today: date, catalogue: Mapping[str, Item]) -> Order:
        """The order as it stands on this day. catalogue: items by id, for titles and prices."""
        return Order(
            number=self.number,
            status=self.status,
            placed_on=today + timedelta(days=self.placed),
            customer_name=self.person.name,
            email=self.person.email,
            street=self.person.street,
            postcode=self.person.postcode,
            city=self.person.city,
            lines=tuple(line_of(catalogue[item_id], quantity) for item_id, quantity in self.items),
            payment_method=self.payment_method,
            carrier=self.carrier,
            tracking_code=self.tracking_code,
            expected_on=_day(today, self.expected),
            delivered_on=_day(today, self.delivered),
            cancelled_on=_day(today, self.cancelled),
            refund_status=self.refund,
        )


def line_of(item: Item, quantity: int = 1) -> OrderLine:
    """An order line at today's price."""
    return OrderLine(item_id=item.id, title=item.title, quantity=quantity, unit_price=item.price or Decimal(0))


def known_plans(today: date) -> list[Plan]:
    """The service plans of the known customers."""
    return [
        Plan(
            id=f"sp_{known.number}",
            email=known.email,
            title=title,
            tier=tier,
            status=PlanStatus.ACTIVE,
            price=MONTHLY_PRICES[tier],
            renews_on=today + timedelta(days=days),
        )
        for known, title, tier, days in (
            (KNOWN_ORDERS["417203"], "Care plan for the kitchen", PlanTier.PLUS, 19),
            (KNOWN_ORDERS["416120"], "Care plan for sound", PlanTier.PREMIUM, 8),
            (KNOWN_ORDERS["419004"], "Care plan for the laundry", PlanTier.BASIC, 27),
        )
    ]


def _day(today: date, offset: int | None) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


_ANNA: Final = Person("Anna Weber", "anna.weber@example.com", "Kastanienallee 12", "50667", "Köln")
_JONAS: Final = Person("Jonas Keller", "jonas.keller@example.org", "Uferweg 3", "10115", "Berlin")
_MARIA: Final = Person("Maria Rossi", "maria.rossi@example.net", "Rosenweg 41", "80331", "München")
_TOM: Final = Person("Tom Barker", "tom.barker@example.com", "Hafenstrasse 7", "20095", "Hamburg")
_LEA: Final = Person("Lea Fischer", "lea.fischer@example.com", "Nordring 88", "04109", "Leipzig")

KNOWN_ORDERS: Final[Mapping[str, KnownOrder]] = {
    known.number: known
    for known in (
        KnownOrder(
            "417203", _ANNA, OrderStatus.SHIPPED, (("kettle-bruna-blue", 1), ("toaster-bro-white", 1)),
            "on its way, in time", placed=-3, carrier="Paketo", tracking_code="PK417203880", expected=2,
        ),
        KnownOrder(
            "418555", _JONAS, OrderStatus.PLACED, (("cordless-stick-violet", 1),),
            "can be cancelled, and sent elsewhere", placed=0, payment_method="invoice", expected=5,
        ),
        KnownOrder(
            "418120", _ANNA, OrderStatus.PAID, (("desklamp-study-sage", 1), ("bulb-glow-e27", 2)),
            "paid, not packed: the address can be changed", placed=-1, payment_method="pay later", expected=4,
        ),
        KnownOrder(
            "418901", _MARIA, OrderStatus.PACKED, (("espresso-uno-red", 1), ("extra-milk-jug", 1)),
            "packed: too late for another address", placed=-2, expected=3,
        ),
        KnownOrder(
            "416120", _MARIA, OrderStatus.DELIVERED, (("overear-hush-black", 1), ("extra-headphone-case", 1)),
            "delivered some days ago: can be returned", placed=-11, carrier="Paketo", tracking_code="PK416120415",
            expected=-6, delivered=-6,
        ),
        KnownOrder(
            "414210", _JONAS, OrderStatus.DELIVERED, (("vacuum-allergy-white", 1),),
            "delivered long ago: too late for a return, still under warranty", placed=-75, carrier="Landpost",
            tracking_code="LP414210077", expected=-70, delivered=-69,
        ),
        KnownOrder(
            "415777", _TOM, OrderStatus.CANCELLED, (("tv-canvas-50-inch", 1),),
            "cancelled: a second cancellation is refused, the refund is pending", placed=-14, cancelled=-12,
            refund=RefundStatus.PENDING,
        ),
        KnownOrder(
            "419004", _LEA, OrderStatus.SHIPPED, (("washer-wave-8-kg", 1),),
            "four days late", placed=-12, carrier="Landpost", tracking_code="LP419004512", expected=-4,
        ),
    )
}  # fmt: skip
"""By order number."""
