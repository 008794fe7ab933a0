"""Answers about orders, and what changes them, with their effects in the database."""

import pytest

from actions.shop.care import RepairAction, WarrantyAction
from actions.shop.complaints import ComplaintAction
from actions.shop.order_answer import OrderAnswerAction
from actions.shop.order_changes import AskCancelAction, CancelAction, ChangeAddressAction
from actions.shop.plans import AskPlanAction, AskPlanConfirmAction, PlanAction
from actions.shop.returns import AskItemAction, ReturnAction
from actions.shop.told import InformAction
from store import Complaint, Order, OrderStatus, Plan, PlanStatus, PlanTier, Return
from tests.actions.shop.conftest import EMAIL, Customer, slots_set


async def the_order(customer: Customer, number: str) -> Order:
    async with customer.context.db.reading() as tx:
        order = await tx.orders.find(number)
    assert order is not None
    return order


async def the_returns(customer: Customer, number: str) -> list[Return]:
    async with customer.context.db.reading() as tx:
        return await tx.orders.returns_of(number)


async def the_complaints(customer: Customer) -> list[Complaint]:
    async with customer.context.db.reading() as tx:
        return await tx.orders.complaints_of(customer.conversation_id)


async def the_plans(customer: Customer) -> dict[str, Plan]:
    async with customer.context.db.reading() as tx:
        return {plan.id: plan for plan in await tx.orders.plans_of(EMAIL)}


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("417200", "utter_shop_status_placed"),
        ("417201", "utter_shop_status_paid"),
        ("417202", "utter_shop_status_packed"),
        ("417203", "utter_shop_status_shipped"),
        ("417204", "utter_shop_status_late"),
        ("417205", "utter_shop_status_delivered"),
        ("417207", "utter_shop_status_cancelled"),
        ("417209", "utter_shop_status_overdue"),
    ],
)
async def test_each_status_has_its_words(customer: Customer, number: str, response: str) -> None:
    said = await customer.knows(number, shop_topic="order_status").call(OrderAnswerAction, EMAIL)
    assert said.responses == [response]
    assert number in said.text()


async def test_a_late_order_names_carrier_code_and_days_and_offers_an_enquiry(customer: Customer) -> None:
    said = await customer.knows("417204", shop_topic="order_status").call(
        OrderAnswerAction, EMAIL, message_id="message-late"
    )
    assert "Postwind" in said.text()
    assert "PW124" in said.text()
    assert "Tuesday, 17 March 2026, 3 days ago" in said.text()
    assert said.events == [
        {
            "event": "slot",
            "timestamp": None,
            "name": "attune_about_items",
            "value": "kettle-bruna-white toaster-duo-black",
        },
        {"event": "slot", "timestamp": None, "name": "attune_pending_intent", "value": "delivery_problem"},
        {
            "event": "slot",
            "timestamp": None,
            "name": "attune_receipt",
            "value": "message-late:action_shop_order_answer",
        },
    ]


@pytest.mark.parametrize(
    ("topic", "number", "response"),
    [
        ("delivery_problem", "417203", "utter_shop_delivery_on_time"),
        ("delivery_problem", "417204", "utter_shop_delivery_traced"),
        ("delivery_problem", "417205", "utter_shop_delivery_traced"),
        ("delivery_problem", "417201", "utter_shop_delivery_pending"),
        ("delivery_problem", "417209", "utter_shop_delivery_noted"),
        ("delivery_problem", "417207", "utter_shop_status_cancelled"),
        ("item_damaged", "417205", "utter_shop_damaged_returnable"),
        ("item_damaged", "417206", "utter_shop_damaged_warranty"),
        ("item_damaged", "417203", "utter_shop_damaged_not_delivered"),
        ("refund_status", "417207", "utter_shop_refund_pending"),
        ("refund_status", "417205", "utter_shop_refund_none"),
        ("invoice_request", "417205", "utter_shop_invoice"),
        ("double_charge", "417201", "utter_shop_double_charge"),
        ("double_charge", "417200", "utter_shop_double_charge_unpaid"),
    ],
)
async def test_each_topic_has_its_answer(customer: Customer, topic: str, number: str, response: str) -> None:
    said = await customer.knows(number, shop_topic=topic).call(OrderAnswerAction, EMAIL)
    assert said.responses == [response]


async def test_an_enquiry_is_kept_once_per_message(customer: Customer) -> None:
    customer.knows("417204", shop_topic="delivery_problem")
    first = await customer.call(OrderAnswerAction, EMAIL, message_id="message-same")
    again = await customer.call(OrderAnswerAction, EMAIL, message_id="message-same")
    assert first.text() == again.text()
    assert [kept.order_number for kept in await the_complaints(customer)] == ["417204"]


async def test_without_proof_nothing_is_said_about_an_order(customer: Customer) -> None:
    for slots in ({}, {"shop_order_number": "417203"}, {"shop_order_number": "417203", "shop_proof": "x@example.com"}):
        customer.slots.clear()
        customer.slots.update(slots)
        said = await customer.call(OrderAnswerAction, "…")
        assert said.responses[0] in ("utter_shop_lookup_failed", "utter_shop_no_match")
        assert "Weber" not in said.text()


async def test_a_guess_in_the_middle_of_a_form_counts_as_an_attempt(customer: Customer) -> None:
    for attempt in (1, 2, 3):
        customer.knows("417203", "x@example.com")
        said = await customer.call(OrderAnswerAction, "…")
        assert slots_set(said.events)["shop_attempts"] == attempt
    customer.knows("417203")
    assert (await customer.call(OrderAnswerAction, "…")).responses == ["utter_shop_lookup_failed"]


@pytest.mark.parametrize(
    ("number", "response"), [("417200", "utter_shop_cancelled_unpaid"), ("417201", "utter_shop_cancelled")]
)
async def test_a_confirmed_cancellation_cancels_the_order(customer: Customer, number: str, response: str) -> None:
    said = await customer.knows(number, shop_confirm=True).call(CancelAction, "yes", "affirm")
    assert said.responses == [response]
    assert (await the_order(customer, number)).status is OrderStatus.CANCELLED
    assert slots_set(said.events)["attune_outcome"].endswith(":resolved")


async def test_the_same_yes_twice_cancels_once_and_says_the_same(customer: Customer) -> None:
    customer.knows("417201", shop_confirm=True)
    first = await customer.call(CancelAction, "yes", "affirm", message_id="message-yes")
    again = await customer.call(CancelAction, "yes", "affirm", message_id="message-yes")
    assert first.messages == again.messages


async def test_a_second_cancellation_is_refused_politely(customer: Customer) -> None:
    customer.knows("417201", shop_confirm=True)
    await customer.call(CancelAction, "yes", "affirm")
    said = await customer.call(CancelAction, "cancel 417201", "order_cancel")
    assert said.responses == ["utter_shop_cancel_already"]
    assert slots_set(said.events)["attune_outcome"].endswith(":refused")


@pytest.mark.parametrize("confirm", [False, None, "true"])
async def test_without_a_yes_nothing_is_cancelled(customer: Customer, confirm: object) -> None:
    said = await customer.knows("417201", shop_confirm=confirm).call(CancelAction, "no", "deny")
    assert said.responses == ["utter_shop_cancel_kept"]
    assert (await the_order(customer, "417201")).status is OrderStatus.PAID


@pytest.mark.parametrize(
    ("number", "response", "offers"),
    [
        ("417202", "utter_shop_cancel_packed", None),
        ("417203", "utter_shop_cancel_shipped", None),
        ("417205", "utter_shop_cancel_delivered", "return_start"),
    ],
)
async def test_too_late_to_cancel_offers_what_is_possible(
    customer: Customer, number: str, response: str, offers: str | None
) -> None:
    said = await customer.knows(number, shop_confirm=True).call(CancelAction, "yes", "affirm")
    assert said.responses == [response]
    assert customer.slots.get("attune_pending_intent") == offers
    assert (await the_order(customer, number)).status is not OrderStatus.CANCELLED


async def test_the_question_before_a_cancellation_names_the_order(customer: Customer) -> None:
    said = await customer.knows("417201").call(AskCancelAction, EMAIL)
    assert "417201" in said.text()
    assert "91.95 euros" in said.text()


async def test_a_new_address_is_written_and_its_postcode_proves_from_then_on(customer: Customer) -> None:
    customer.knows("417201", "10115", shop_new_address="Am Markt 7, 55116 Mainz")
    said = await customer.call(ChangeAddressAction, "Am Markt 7, 55116 Mainz")
    assert said.responses == ["utter_shop_address_changed"]
    order = await the_order(customer, "417201")
    assert (order.street, order.postcode, order.city) == ("Am Markt 7", "55116", "Mainz")
    assert (await customer.call(OrderAnswerAction, "…")).responses == ["utter_shop_status_paid"]


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("417202", "utter_shop_address_packed"),
        ("417203", "utter_shop_address_too_late"),
        ("417205", "utter_shop_address_delivered"),
        ("417207", "utter_shop_address_cancelled"),
    ],
)
async def test_too_late_for_another_address(customer: Customer, number: str, response: str) -> None:
    customer.knows(number, shop_new_address="Am Markt 7, 55116 Mainz")
    said = await customer.call(ChangeAddressAction, "…")
    assert said.responses == [response]
    assert (await the_order(customer, number)).city == "Berlin"


async def test_a_return_exists_afterwards(customer: Customer) -> None:
    customer.knows("417205", shop_item="toaster-duo-black", shop_return_reason="too loud")
    said = await customer.call(ReturnAction, "too loud", message_id="message-return")
    again = await customer.call(ReturnAction, "too loud", message_id="message-return")
    assert said.responses == ["utter_shop_return_created"]
    assert said.messages == again.messages
    (registered,) = await the_returns(customer, "417205")
    assert (registered.item_id, registered.reason) == ("toaster-duo-black", "too loud")


async def test_the_same_item_goes_back_once(customer: Customer) -> None:
    for expected in ("utter_shop_return_created", "utter_shop_return_already"):
        customer.knows("417205", shop_item="kettle-bruna-white", shop_return_reason="x")
        assert (await customer.call(ReturnAction, "x")).responses == [expected]
    assert len(await the_returns(customer, "417205")) == 1
    waiting = await customer.knows("417205", shop_topic="refund_status").call(OrderAnswerAction, "…")
    assert waiting.responses == ["utter_shop_refund_waiting_return"]


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("417203", "utter_shop_return_not_delivered"),
        ("417206", "utter_shop_return_too_late"),
        ("417207", "utter_shop_return_cancelled_order"),
    ],
)
async def test_what_cannot_go_back_is_explained(customer: Customer, number: str, response: str) -> None:
    said = await customer.knows(number, shop_item="kettle-bruna-white").call(ReturnAction, "x")
    assert said.responses == [response]
    assert await the_returns(customer, number) == []


async def test_the_items_of_an_order_are_offered_as_buttons(customer: Customer) -> None:
    said = await customer.knows("417205").call(AskItemAction, EMAIL)
    assert said.payloads == [
        '/inform{"shop_choice": "kettle-bruna-white"}',
        '/inform{"shop_choice": "toaster-duo-black"}',
    ]


async def test_a_complaint_is_kept_word_for_word_with_the_proved_order(customer: Customer) -> None:
    customer.knows("417204", shop_complaint_text="Nobody called me back.")
    said = await customer.call(ComplaintAction, "Nobody called me back.", message_id="message-complaint")
    await customer.call(ComplaintAction, "Nobody called me back.", message_id="message-complaint")
    (kept,) = await the_complaints(customer)
    assert (kept.text, kept.order_number) == ("Nobody called me back.", "417204")
    assert said.responses == ["utter_shop_complaint_stored"]
    assert customer.slots["attune_pending_intent"] == "attune_talk_to_person"


async def test_a_complaint_needs_no_order(customer: Customer) -> None:
    customer.slots["shop_complaint_text"] = "{text} ' -- \x00 😀"
    await customer.call(ComplaintAction, "…")
    (kept,) = await the_complaints(customer)
    assert (kept.text, kept.order_number) == ("{text} ' -- \x00 😀", None)


@pytest.mark.parametrize(
    ("topic", "plan_id", "response"),
    [
        ("plan_cancel", "plan_care", "utter_shop_plan_cancelled"),
        ("plan_pause", "plan_care", "utter_shop_plan_paused"),
        ("plan_downgrade", "plan_care", "utter_shop_plan_downgraded"),
        ("plan_pause", "plan_coffee", "utter_shop_plan_already_paused"),
        ("plan_downgrade", "plan_coffee", "utter_shop_plan_lowest"),
        ("plan_cancel", "plan_foreign", "utter_shop_plan_none"),
    ],
)
async def test_a_plan_is_changed_as_wanted(customer: Customer, topic: str, plan_id: str, response: str) -> None:
    customer.knows("417201", shop_topic=topic, shop_plan=plan_id, shop_confirm=True)
    assert (await customer.call(PlanAction, "yes", "affirm")).responses == [response]


async def test_the_change_of_a_plan_is_in_the_database(customer: Customer) -> None:
    for topic in ("plan_downgrade", "plan_pause", "plan_cancel"):
        customer.knows("417201", shop_topic=topic, shop_plan="plan_care", shop_confirm=True)
        await customer.call(PlanAction, "yes", "affirm")
    plan = (await the_plans(customer))["plan_care"]
    assert (plan.tier, plan.status) == (PlanTier.BASIC, PlanStatus.CANCELLED)


async def test_without_a_yes_a_plan_stays(customer: Customer) -> None:
    customer.knows("417201", shop_topic="plan_cancel", shop_plan="plan_care", shop_confirm=False)
    assert (await customer.call(PlanAction, "no", "deny")).responses == ["utter_shop_plan_kept"]
    assert (await the_plans(customer))["plan_care"].status is PlanStatus.ACTIVE


async def test_plans_are_offered_and_confirmed_by_name(customer: Customer) -> None:
    customer.knows("417201", shop_topic="plan_downgrade", shop_plan="plan_care")
    assert len((await customer.call(AskPlanAction, EMAIL)).payloads) == 2
    asked = await customer.call(AskPlanConfirmAction, EMAIL)
    assert asked.text() == "Shall I change Care plan kitchen (plus) to basic?"


async def test_another_customers_plans_are_never_shown(customer: Customer) -> None:
    customer.knows("430001", "20095", shop_topic="plan_cancel", shop_plan="plan_care", shop_confirm=True)
    assert (await customer.call(AskPlanAction, "…")).responses == ["utter_shop_plan_none"]
    assert (await customer.call(PlanAction, "yes", "affirm")).responses == ["utter_shop_plan_none"]
    assert (await the_plans(customer))["plan_care"].status is PlanStatus.ACTIVE


async def test_the_warranty_has_a_date_when_the_order_is_proved(customer: Customer) -> None:
    assert (await customer.call(WarrantyAction, "…", "warranty_question")).responses == ["utter_shop_warranty"]
    said = await customer.knows("417206").call(WarrantyAction, "…", "warranty_question")
    assert said.responses == ["utter_shop_warranty_order"]
    assert "17 February 2028" in said.text()


async def test_a_repair_names_the_spare_part_that_fits(customer: Customer) -> None:
    said = await customer.call(RepairAction, "my Bruna is broken", "repair_request", product="Norrvale Bruna kettle")
    assert said.responses == ["utter_shop_repair_parts"]
    assert "15.99 euros" in said.text()
    assert "15.99" not in said.text("no_sell")
    assert (await customer.call(RepairAction, "my robot broke", "repair_request")).responses == ["utter_shop_repair"]
    assert customer.slots["attune_pending_intent"] == "attune_talk_to_person"


async def test_a_number_out_of_the_blue_opens_the_look_up(customer: Customer) -> None:
    said = await customer.call(InformAction, "417203", order_number="417203")
    assert said.events[:-1] == [
        {"event": "slot", "timestamp": None, "name": "shop_topic", "value": "order_status"},
        {"event": "slot", "timestamp": None, "name": "shop_order_number", "value": "417203"},
        {"event": "followup", "timestamp": None, "name": "shop_order_form"},
    ]
    both = await customer.call(InformAction, "417203, 10115")
    assert slots_set(both.events)["shop_proof"] == "10115"
    kept = await customer.call(InformAction, "and 417204?", shop_topic="x")
    assert slots_set(kept.events)["shop_topic"] == "order_status"


async def test_a_second_address_changes_the_first(customer: Customer) -> None:
    customer.knows("417201", shop_topic="order_change_address")
    said = await customer.call(InformAction, "no, to Gartenweg 3 in 79098 Freiburg", postcode="79098")
    assert slots_set(said.events)["shop_new_address"] == "Gartenweg 3, 79098 Freiburg"
    assert said.events[-2] == {"event": "followup", "timestamp": None, "name": "shop_address_form"}


async def test_send_it_to_is_another_address_and_no_proof(customer: Customer) -> None:
    said = await customer.call(InformAction, "please send 417201 to Am Markt 7, 55116 Mainz", postcode="55116")
    assert slots_set(said.events) == {
        "shop_topic": "order_change_address",
        "shop_new_address": "Am Markt 7, 55116 Mainz",
        "shop_order_number": "417201",
    }


async def test_words_that_fit_no_question_are_asked_again(customer: Customer) -> None:
    assert (await customer.call(InformAction, "10115", postcode="10115")).responses == ["utter_shop_inform_unclear"]
    assert (await customer.call(InformAction, "asdf qwer")).responses == ["utter_attune_rephrase"]
    in_form = await customer.call(InformAction, "417203", form="shop_return_form")
    assert in_form.responses == ["utter_shop_form_not_understood"]
