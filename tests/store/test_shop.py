"""Catalogue, orders and what follows them; events and receipts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from store import (
    AlreadyExists,
    Database,
    NotFound,
    Order,
    OrderLine,
    OrderStateError,
    OrderStatus,
    Plan,
    PlanStatus,
    PlanTier,
    RefundStatus,
    StoreError,
    StoreSettings,
)
from vocabulary import Item, Relation, RelationKind

KETTLE = Item("kettle", "Blue kettle", "Boils 100 % of it.", "kettles", Decimal("19.99"), 3, {"colour": "blue"})
LID = Item(
    "lid",
    "Lid",
    "For the blue kettle.",
    "spare parts",
    Decimal("4.50"),
    0,
    {},
    (Relation(RelationKind.SPARE_PART_OF, "kettle"),),
)
ORDER = Order(
    number="417203",
    status=OrderStatus.PAID,
    placed_on=date(2025, 11, 3),
    customer_name="Mara Lind",
    email="mara.lind@example.org",
    street="Hill Road 4",
    postcode="12345",
    city="Springfield",
    lines=(
        OrderLine("kettle", "Blue kettle", 2, Decimal("19.99")),
        OrderLine("lid", "Lid", 1, Decimal("4.50")),
    ),
    payment_method="card",
    expected_on=date(2025, 11, 7),
)


async def test_catalogue_comes_back_as_it_was_and_in_order(db: Database) -> None:
    async with db.transaction() as tx:
        assert await tx.catalogue.version() == 0
        await tx.catalogue.replace_all([KETTLE, LID])
    async with db.transaction() as tx:
        assert await tx.catalogue.items() == [KETTLE, LID]
        assert await tx.catalogue.get("lid") == LID
        assert await tx.catalogue.get("cup") is None
        assert await tx.catalogue.categories() == ["kettles", "spare parts"]
        assert await tx.catalogue.version() == 1
        await tx.catalogue.replace_all([replace(LID, relations=())])
        assert await tx.catalogue.items() == [replace(LID, relations=())]
        assert await tx.catalogue.version() == 2


async def test_only_plain_hosts_of_pictures_are_told_most_used_first(db: Database) -> None:
    images = {
        "a": "https://CDN.example/a.jpg",
        "b": "https://cdn.example/b.jpg",
        "c": "https://pictures.example:8443",
        "d": "http://plain.example/d.jpg",
        "e": "https://user@evil.example/e.jpg",
        "f": "https://evil.example;script-src */f.jpg",
        "g": "https:///g.jpg",
        "h": None,
    }
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([replace(KETTLE, id=name, image=image) for name, image in images.items()])
        assert await tx.catalogue.image_hosts() == ["cdn.example", "pictures.example:8443"]
        assert await tx.catalogue.image_hosts(most=1) == ["cdn.example"]


async def test_page_finds_every_word_in_any_case(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([KETTLE, LID])
        assert await tx.catalogue.page(text="KETTLE blue") == ([KETTLE, LID], 2)
        assert await tx.catalogue.page(text="kettle", offset=1) == ([LID], 2)
        assert await tx.catalogue.page(text="kettle", category="spare parts") == ([LID], 1)
        assert await tx.catalogue.page(limit=1) == ([KETTLE], 2)
        # Wildcards of the query language are plain characters.
        assert await tx.catalogue.page(text="100 %") == ([KETTLE], 1)
        assert await tx.catalogue.page(text="100_") == ([], 0)


async def test_stock_changes_the_version_so_that_others_notice(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([KETTLE])
        await tx.catalogue.set_stock("kettle", 0)
        assert await tx.catalogue.items() == [replace(KETTLE, stock=0)]
        assert await tx.catalogue.version() == 2
        with pytest.raises(StoreError):
            await tx.catalogue.set_stock("kettle", -1)
        with pytest.raises(NotFound):
            await tx.catalogue.set_stock("cup", 1)


async def test_bad_items_leave_the_catalogue_alone(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([KETTLE])
        with pytest.raises(StoreError, match="twice"):
            await tx.catalogue.replace_all([LID, LID])
        with pytest.raises(StoreError, match="price -1"):
            await tx.catalogue.replace_all([replace(LID, price=Decimal(-1))])
        assert await tx.catalogue.items() == [KETTLE]


async def test_order_comes_back_as_it_was(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        await tx.orders.add_many([ORDER])
    async with db.reading() as tx:
        assert await tx.orders.find("417203") == ORDER
        assert await tx.orders.find("417204") is None
        assert await tx.orders.find("; DROP TABLE orders") is None
        assert await tx.orders.count() == 1
        assert await tx.orders.of_email("Mara.Lind@example.org") == [ORDER]
    assert ORDER.total == Decimal("44.48")
    content = b"".join(path.read_bytes() for path in settings.home.glob("attune.db*"))
    assert b"Mara" not in content
    assert b"Hill Road" not in content


async def test_same_order_twice_is_a_conflict_and_changes_nothing(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.orders.add_many([ORDER])
    with pytest.raises(AlreadyExists):
        async with db.transaction() as tx:
            await tx.orders.add_many([replace(ORDER, number="417204"), ORDER])
    async with db.reading() as tx:
        assert await tx.orders.count() == 1


@pytest.mark.parametrize("number", ["", "41720", "4172030", "41720a", "４１７２０３"])
async def test_order_number_has_six_digits(db: Database, number: str) -> None:
    with pytest.raises(OrderStateError, match="six digits"):
        async with db.transaction() as tx:
            await tx.orders.add_many([replace(ORDER, number=number)])


async def test_order_is_cancelled_once_and_the_same_message_sees_it_cancelled(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.orders.add_many([ORDER])
        cancelled = await tx.orders.cancel("417203", "c_1:message-1")
        assert await tx.orders.cancel("417203", "c_1:message-1") == cancelled
        with pytest.raises(OrderStateError) as caught:
            await tx.orders.cancel("417203", "c_1:message-2")
    assert caught.value.code == "already_cancelled"
    assert (cancelled.status, cancelled.refund_status) == (OrderStatus.CANCELLED, RefundStatus.PENDING)
    assert cancelled.cancelled_on is not None
    assert cancelled.expected_on is None


@pytest.mark.parametrize(
    ("status", "cancels", "moves"),
    [
        (OrderStatus.PLACED, None, None),
        (OrderStatus.PAID, None, None),
        (OrderStatus.PACKED, None, "already_packed"),
        (OrderStatus.SHIPPED, "already_shipped", "already_shipped"),
        (OrderStatus.DELIVERED, "already_delivered", "already_delivered"),
        (OrderStatus.CANCELLED, "already_cancelled", "already_cancelled"),
    ],
)
async def test_order_allows_steps_by_its_status(
    db: Database, status: OrderStatus, cancels: str | None, moves: str | None
) -> None:
    async with db.transaction() as tx:
        await tx.orders.add_many([replace(ORDER, status=status)])
        if moves is None:
            moved = await tx.orders.change_address("417203", "Lake Road 9", "54321", "Shelbyville")
            assert (moved.street, moved.postcode, moved.city) == ("Lake Road 9", "54321", "Shelbyville")
            assert moved.customer_name == "Mara Lind"
        else:
            with pytest.raises(OrderStateError) as caught:
                await tx.orders.change_address("417203", "Lake Road 9", "54321", "Shelbyville")
            assert caught.value.code == moves
        if cancels is None:
            cancelled = await tx.orders.cancel("417203", "key")
            assert (cancelled.refund_status is None) == (status == OrderStatus.PLACED)
        else:
            with pytest.raises(OrderStateError) as caught:
                await tx.orders.cancel("417203", "key")
            assert caught.value.code == cancels


async def test_unknown_order_is_named(db: Database) -> None:
    async with db.transaction() as tx:
        for step in (
            tx.orders.cancel("499999", "key"),
            tx.orders.change_address("499999", "a", "b", "c"),
            tx.orders.start_return("499999", "kettle", "broken"),
        ):
            with pytest.raises(OrderStateError, match="499999") as caught:
                await step
            assert caught.value.code == "not_found"


async def test_item_of_a_delivered_order_is_returned_once(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.orders.add_many([replace(ORDER, status=OrderStatus.DELIVERED)])
        begun = await tx.orders.start_return("417203", "kettle", "It leaks.", "c_1:message-1")
        assert await tx.orders.start_return("417203", "kettle", "It leaks.", "c_1:message-1") == begun
        with pytest.raises(OrderStateError) as again:
            await tx.orders.start_return("417203", "kettle", "It leaks.", "c_1:message-2")
        with pytest.raises(OrderStateError) as unknown:
            await tx.orders.start_return("417203", "toaster", "It leaks.")
    async with db.reading() as tx:
        assert await tx.orders.returns_of("417203") == [begun]
    assert begun.reason == "It leaks."
    assert (again.value.code, unknown.value.code) == ("already_returned", "unknown_item")


async def test_order_that_is_not_there_yet_cannot_be_returned(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.orders.add_many([ORDER])
        with pytest.raises(OrderStateError) as caught:
            await tx.orders.start_return("417203", "kettle", "It leaks.")
    assert caught.value.code == "not_delivered"


async def test_complaint_is_stored_once_per_message(db: Database) -> None:
    async with db.transaction() as tx:
        first = await tx.orders.add_complaint("c_1", "It leaks!", "417203", "c_1:message-1")
        assert await tx.orders.add_complaint("c_1", "It leaks!", "417203", "c_1:message-1") == first
        assert await tx.orders.complaints_of("c_1") == [first]
    assert (first.text, first.order_number) == ("It leaks!", "417203")


async def test_plan_is_paused_downgraded_and_cancelled_for_good(db: Database) -> None:
    plan = Plan(
        "plan-1", "mara.lind@example.org", "Care", PlanTier.PLUS, PlanStatus.ACTIVE, Decimal("7.90"), date(2026, 1, 1)
    )
    async with db.transaction() as tx:
        await tx.orders.add_plans([plan])
        assert await tx.orders.plans_of(" MARA.lind@example.org") == [plan]
        assert await tx.orders.plans_of("other@example.org") == []
        assert (await tx.orders.set_plan("plan-1", status=PlanStatus.PAUSED)).status == PlanStatus.PAUSED
        assert (await tx.orders.set_plan("plan-1", tier=PlanTier.BASIC)).tier == PlanTier.BASIC
        cancelled = await tx.orders.set_plan("plan-1", status=PlanStatus.CANCELLED)
        assert await tx.orders.set_plan("plan-1", status=PlanStatus.CANCELLED) == cancelled
        with pytest.raises(OrderStateError) as caught:
            await tx.orders.set_plan("plan-1", status=PlanStatus.ACTIVE)
        with pytest.raises(OrderStateError, match="plan-2"):
            await tx.orders.set_plan("plan-2", status=PlanStatus.ACTIVE)
    assert caught.value.code == "plan_cancelled"


async def test_events_come_newest_first_and_by_type(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.events.add("storefront.view", {"item_id": "kettle"})
        await tx.events.add("turn.answered", {"ms": 120}, conversation_id="c_1", customer_id="p_1")
        recent = await tx.events.recent()
        views = await tx.events.recent(type="storefront.view", limit=5)
    assert [event.type for event in recent] == ["turn.answered", "storefront.view"]
    assert recent[0].payload == {"ms": 120}
    assert (recent[0].conversation_id, recent[0].customer_id) == ("c_1", "p_1")
    assert [event.payload for event in views] == [{"item_id": "kettle"}]


async def test_first_receipt_of_an_action_counts(db: Database) -> None:
    async with db.transaction() as tx:
        assert await tx.receipts.get("c_1", "message-1", "action_x") is None
        await tx.receipts.put("c_1", "message-1", "action_x", {"done": 1})
        await tx.receipts.put("c_1", "message-1", "action_x", {"done": 2})
        assert await tx.receipts.get("c_1", "message-1", "action_x") == {"done": 1}
        assert await tx.receipts.get("c_1", "message-1", "action_y") is None
