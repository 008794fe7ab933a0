"""Ways by which a misheard order number could be acted on without a question: each is closed."""

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.shop.care import WarrantyAction
from actions.shop.complaints import ComplaintAction
from actions.shop.forms import OrderFormValidation
from actions.shop.heard import Said
from actions.turn import Turn
from tests.actions.shop.conftest import Customer, slots_set
from tests.actions.shop.test_asking_back import FORM, SURE, UNSURE, hears
from tests.actions.trackers import TrackerBuilder

HESITATION = "well you know " * 50
"""700 characters, half a minute of talk: what stands behind it is not read for numbers."""
ELSEWHERE = "My payment of order 417205 failed."


async def answered(customer: Customer, action: Any, builder: TrackerBuilder) -> tuple[dict[str, Any], list[str]]:
    """The slots that an action sets, and its responses."""
    dispatcher = CollectingDispatcher()
    events = await action(customer.context).run(dispatcher, builder.tracker(), {})
    return slots_set(events), [str(message.get("response")) for message in dispatcher.messages]


def form_opens(customer: Customer, builder: TrackerBuilder, number: str) -> TrackerBuilder:
    builder.user("where is it", "order_status", message_id="typed-0001")
    builder.events.append({"event": "action", "name": FORM})
    return builder.slot("shop_order_number", number)


async def test_a_number_at_the_end_of_a_long_spoken_message_is_asked_back(customer: Customer) -> None:
    text = f"{HESITATION} my order is 417203."
    message_id = await hears(customer, text, UNSURE)
    said = await customer.call(
        OrderFormValidation, text, "order_status", form=FORM, message_id=message_id,
        candidates={"shop_order_number": "417203"}, order_number="417203",
    )  # fmt: skip
    slots = slots_set(said.events)
    assert (slots["requested_slot"], slots["shop_doubt"]) == ("shop_heard", "number:417203")


async def test_a_number_at_the_end_of_an_earlier_long_message_is_asked_back(customer: Customer) -> None:
    text = f"{HESITATION} my order is 417203."
    message_id = await hears(customer, text, UNSURE)
    builder = TrackerBuilder(customer.conversation_id, active_form=FORM)
    builder.user(text, "payment_problem", message_id=message_id).bot("…")
    slots, _ = await answered(customer, OrderFormValidation, form_opens(customer, builder, "417203"))
    assert slots["requested_slot"] == "shop_heard"


async def test_a_number_that_a_later_correction_leaves_out_is_asked_back(customer: Customer) -> None:
    message_id = await hears(customer, ELSEWHERE, UNSURE)
    async with customer.context.db.transaction() as tx:
        await tx.inbox.mark_sent(customer.conversation_id, message_id)
        await tx.inbox.correct(customer.conversation_id, message_id, "correction-1", "My payment failed.")
    builder = TrackerBuilder(customer.conversation_id, active_form=FORM)
    builder.user(ELSEWHERE, "payment_problem", message_id=message_id).bot("…")
    builder.user("My payment failed.", "payment_problem", message_id="correction-1").bot("…")
    slots, _ = await answered(customer, OrderFormValidation, form_opens(customer, builder, "417205"))
    assert slots["requested_slot"] == "shop_heard"


async def test_a_number_that_was_corrected_before_it_left_is_believed(customer: Customer) -> None:
    message_id = await hears(customer, "My payment of order 417208 failed.", UNSURE)
    async with customer.context.db.transaction() as tx:
        await tx.inbox.correct(customer.conversation_id, message_id, "correction-1", ELSEWHERE)
    builder = TrackerBuilder(customer.conversation_id, active_form=FORM)
    builder.user(ELSEWHERE, "payment_problem", message_id=message_id).bot("…")
    slots, _ = await answered(customer, OrderFormValidation, form_opens(customer, builder, "417205"))
    assert (slots["shop_order_number"], "requested_slot" in slots) == ("417205", False)


async def test_of_a_number_that_nobody_confirmed_no_warranty_is_told_later(customer: Customer) -> None:
    customer.knows("417205")
    message_id = await hears(customer, ELSEWHERE, UNSURE)
    builder = TrackerBuilder(customer.conversation_id, slots=dict(customer.slots))
    builder.user(ELSEWHERE, "payment_problem", message_id=message_id).bot("…")
    builder.user("how long is the warranty", "warranty_question", message_id="typed-0001")
    assert (await answered(customer, WarrantyAction, builder))[1] == ["utter_shop_warranty"]


@pytest.mark.parametrize(("confidence", "number"), [(UNSURE, None), (None, None), (SURE, "417205")])
async def test_a_complaint_names_no_order_that_may_be_misheard(
    customer: Customer, confidence: float | None, number: str | None
) -> None:
    text = "Order 417205 was late and nobody cared."
    customer.knows("417205")
    customer.slots["shop_complaint_text"] = text
    message_id = await hears(customer, text, confidence)
    await customer.call(ComplaintAction, text, "complaint", message_id=message_id)
    async with customer.context.db.reading() as tx:
        complaints = await tx.orders.complaints_of(customer.conversation_id)
    assert [(one.text, one.order_number) for one in complaints] == [(text, number)]


async def test_typed_and_confirmed_numbers_are_believed(customer: Customer) -> None:
    async def believes(builder: TrackerBuilder) -> bool:
        async with customer.context.db.reading() as tx:
            return await Said.believes_number(tx, Turn.from_tracker(builder.state()))

    message_id = await hears(customer, ELSEWHERE, UNSURE)
    slots: dict[str, Any] = {"shop_order_number": "417205"}
    heard = TrackerBuilder(customer.conversation_id, slots=slots).user(ELSEWHERE, "x", message_id=message_id)
    assert not await believes(heard)
    assert await believes(
        TrackerBuilder(customer.conversation_id, slots={**slots, "shop_believed": "417205"}).user(
            ELSEWHERE, "x", message_id=message_id
        )
    )
    heard.bot("…").user("417205", "inform", message_id="typed-0001")
    assert await believes(heard)
    heard.bot("…").user("and the warranty?", "warranty_question", message_id="typed-0002")
    assert await believes(heard)
