"""A shop with a few orders, and a customer who talks to its actions one at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import ActionContext, AttuneAction
from store import Order, OrderLine, OrderStatus, Plan, PlanStatus, PlanTier, RefundStatus
from tests.actions.conftest import World
from tests.actions.shop.replies import render
from tests.actions.trackers import TrackerBuilder
from vocabulary import Item, Relation, RelationKind

TODAY = date(2026, 3, 20)
EMAIL = "anna.weber@example.com"
POSTCODE = "10115"
KETTLE = OrderLine("kettle-bruna-white", "Norrvale Bruna kettle, white", 1, Decimal("33.95"))
TOASTER = OrderLine("toaster-duo-black", "Hollbeck Duo toaster, black", 2, Decimal("29.00"))


def an_order(number: str, status: OrderStatus, **changes: Any) -> Order:
    """An order of Anna Weber with a kettle and two toasters."""
    order = Order(
        number=number,
        status=status,
        placed_on=TODAY - timedelta(days=9),
        customer_name="Anna Weber",
        email=EMAIL,
        street="Lindenweg 4",
        postcode=POSTCODE,
        city="Berlin",
        lines=(KETTLE, TOASTER),
        payment_method="card",
        expected_on=TODAY + timedelta(days=2),
    )
    return replace(order, **changes)


ORDERS = (
    an_order("417200", OrderStatus.PLACED),
    an_order("417201", OrderStatus.PAID),
    an_order("417202", OrderStatus.PACKED),
    an_order("417203", OrderStatus.SHIPPED, carrier="Postwind", tracking_code="PW123"),
    an_order(
        "417204",
        OrderStatus.SHIPPED,
        carrier="Postwind",
        tracking_code="PW124",
        expected_on=TODAY - timedelta(days=3),
    ),
    an_order("417205", OrderStatus.DELIVERED, delivered_on=TODAY - timedelta(days=30)),
    an_order("417206", OrderStatus.DELIVERED, delivered_on=TODAY - timedelta(days=31)),
    an_order(
        "417207", OrderStatus.CANCELLED, cancelled_on=TODAY - timedelta(days=1), refund_status=RefundStatus.PENDING
    ),
    an_order("417208", OrderStatus.DELIVERED, delivered_on=TODAY - timedelta(days=5), lines=(KETTLE,)),
    an_order("417209", OrderStatus.PAID, expected_on=TODAY - timedelta(days=1)),
    an_order("430001", OrderStatus.PAID, email="lukas.hartmann@example.org", postcode="20095"),
)
PLANS = (
    Plan("plan_care", EMAIL, "Care plan kitchen", PlanTier.PLUS, PlanStatus.ACTIVE, Decimal("4.90")),
    Plan("plan_coffee", EMAIL, "Care plan coffee", PlanTier.BASIC, PlanStatus.PAUSED, Decimal("2.90")),
)


def an_item(item_id: str, title: str, category: str, price: str, stock: int = 5, **changes: Any) -> Item:
    """An item of the catalogue."""
    return Item(
        item_id, title, changes.pop("description", f"About {title}."), category, Decimal(price), stock, **changes
    )


BRUNA = {"type": "kettle", "model": "Norrvale Bruna", "noise": "quiet", "power": "2200 W"}
ITEMS = (
    an_item(
        "kettle-bruna-white",
        "Norrvale Bruna kettle, white",
        "Kettles",
        "33.95",
        attributes={
            "type": "kettle",
            "model": "Norrvale Bruna",
            "colour": "white",
            "noise": "quiet",
            "power": "2200 W",
        },
    ),
    an_item(
        "kettle-bruna-black",
        "Norrvale Bruna kettle, black",
        "Kettles",
        "35.95",
        stock=0,
        attributes={
            "type": "kettle",
            "model": "Norrvale Bruna",
            "colour": "black",
            "noise": "quiet",
            "power": "2200 W",
        },
    ),
    an_item(
        "kettle-pour-steel",
        "Kestrova Pour kettle, steel",
        "Kettles",
        "62.00",
        stock=2,
        attributes={"type": "kettle", "model": "Kestrova Pour", "colour": "steel", "power": "1200 W"},
    ),
    an_item(
        "toaster-duo-black",
        "Hollbeck Duo toaster, black",
        "Kitchen helpers",
        "29.00",
        stock=0,
        attributes={"type": "toaster", "model": "Hollbeck Duo", "colour": "black"},
    ),
    an_item(
        "part-base-bruna",
        "Kettle base for Norrvale Bruna",
        "Spare parts",
        "15.99",
        attributes={"type": "kettle base", "model": "kettle base Norrvale Bruna"},
        relations=(Relation(RelationKind.SPARE_PART_OF, "kettle-bruna-white"),),
    ),
    an_item(
        "tv-canvas-43",
        "Lumbray Canvas television, 43 inch",
        "Televisions",
        "362.99",
        attributes={"type": "television", "model": "Lumbray Canvas", "screen size": "43 inch", "energy class": "F"},
    ),
)


@dataclass
class Said:
    """What one action answered."""

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]]

    @property
    def responses(self) -> list[str]:
        return [str(message.get("response")) for message in self.messages]

    def text(self, mode: str = "neutral") -> str:
        return " ".join(render(message, mode) for message in self.messages)

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for message in self.messages for button in message["buttons"]]


@dataclass
class Customer:
    """Talks to single actions; keeps the slots that they set, as Rasa would."""

    context: ActionContext
    conversation_id: str
    slots: dict[str, Any] = field(default_factory=dict)
    messages: int = 0

    async def call(
        self,
        action: Callable[[ActionContext], AttuneAction],
        text: str = "hello",
        intent: str = "inform",
        *,
        form: str | None = None,
        message_id: str | None = None,
        candidates: dict[str, Any] | None = None,
        **entities: str,
    ) -> Said:
        """One call of an action. candidates: the slots that a form has just extracted, for its validation."""
        self.messages += 1
        builder = TrackerBuilder(self.conversation_id, slots=dict(self.slots), active_form=form)
        builder.user(text, intent, message_id=message_id or f"message-{self.messages:04d}", entities=entities)
        if candidates is not None:
            builder.events.append({"event": "action", "name": form})
            for name, value in candidates.items():
                builder.slot(name, value)
        dispatcher = CollectingDispatcher()
        events = await action(self.context).run(dispatcher, builder.tracker(), {})
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        said = Said(events, dispatcher.messages)
        for mode in ("neutral", "slow", "no_sell"):
            said.text(mode)
        return said

    def knows(self, number: str, proof: str = EMAIL, **slots: Any) -> "Customer":
        """The same customer after the look-up."""
        self.slots.update({"shop_order_number": number, "shop_proof": proof, **slots})
        return self


async def a_customer(world: World) -> Customer:
    """The customer of a shop with these orders."""
    context = replace(world.context, today=lambda: TODAY)
    async with context.db.transaction() as tx:
        await tx.orders.add_many(ORDERS)
        await tx.orders.add_plans(PLANS)
        await tx.catalogue.replace_all(ITEMS)
    return Customer(context, world.conversation.id)


@pytest.fixture
async def customer(world: World) -> Customer:
    return await a_customer(world)


def slots_set(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The slots that events set, without the receipt."""
    return {e["name"]: e["value"] for e in events if e["event"] == "slot" and e["name"] != "attune_receipt"}
