"""Opening a request and validating what the customer answers."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.guesses import MOST_WRONG
from actions.shop.begin import BeginAction
from actions.shop.forms import (
    AddressFormValidation,
    CancelFormValidation,
    ComplaintFormValidation,
    OrderFormValidation,
    PlanFormValidation,
    ReturnFormValidation,
)
from actions.shop.identity import matching_order
from tests.actions.shop.conftest import EMAIL, POSTCODE, Customer
from tests.actions.shop.conftest import slots_set as all_slots_set

ORDER = "shop_order_form"
FOUND = {"shop_order_number": "417203", "shop_proof": EMAIL, "shop_attempts": 0}
HOSTILE = ["/restart", "{attune_mode}", "'; DROP TABLE orders; --", "\x00\x07", "417203" * 3000, "😀", "NaN"]


def slots_set(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The shop's slots; whether an answer counted as friction has a test of its own."""
    return {name: value for name, value in all_slots_set(events).items() if name != "attune_outcome"}


async def test_an_answer_that_is_not_accepted_counts_as_friction(customer: Customer) -> None:
    customer.knows("417205")
    asked_again = (
        (OrderFormValidation, {"shop_order_number": "no idea"}),
        (ReturnFormValidation, {"shop_item": "the fridge"}),
        (AddressFormValidation, {"shop_new_address": "at my place"}),
        (PlanFormValidation, {"shop_plan": "the other"}),
    )
    for form, candidates in asked_again:
        said = await customer.call(form, "…", form=ORDER, message_id="message-1", candidates=candidates)
        assert all_slots_set(said.events)["attune_outcome"] == "message-1:refused"
        customer.knows("417205")


async def test_a_request_notes_its_topic_and_what_it_says_already(customer: Customer) -> None:
    text = "where is four one seven two zero three, my mail is anna dot weber at example dot com"
    said = await customer.call(BeginAction, text, "order_status")
    assert slots_set(said.events) == {
        "shop_topic": "order_status",
        "shop_order_number": "417203",
        "shop_proof": EMAIL,
    }
    assert said.messages == []


async def test_a_new_request_forgets_the_answers_of_an_older_one(customer: Customer) -> None:
    customer.knows("417201", shop_confirm=True, shop_topic="order_cancel")
    said = await customer.call(BeginAction, "cancel my order", "order_cancel")
    assert slots_set(said.events) == {"shop_topic": "order_cancel", "shop_confirm": None}


async def test_the_same_request_in_its_own_form_keeps_the_answers(customer: Customer) -> None:
    customer.knows("417205", shop_item="kettle-bruna-white", shop_topic="return_start")
    said = await customer.call(BeginAction, "I want to return it", "return_start", form="shop_return_form")
    assert slots_set(said.events) == {"shop_topic": "return_start"}


async def test_another_order_asks_for_its_number(customer: Customer) -> None:
    customer.knows("417203")
    said = await customer.call(BeginAction, "and where is my other order?", "order_status")
    assert slots_set(said.events) == {"shop_topic": "order_status", "shop_order_number": None}


async def test_the_postcode_of_a_new_address_proves_nothing(customer: Customer) -> None:
    customer.knows("417201", "20095")  # what Rasa takes it for in the middle of another form
    said = await customer.call(
        BeginAction, "send 417201 to Am Markt 7, 20095 Hamburg", "order_change_address", postcode="20095"
    )
    slots = slots_set(said.events)
    assert slots["shop_proof"] is None
    assert slots["shop_new_address"] == "Am Markt 7, 20095 Hamburg"


async def test_a_complaint_that_says_what_happened_needs_no_question(customer: Customer) -> None:
    told = await customer.call(BeginAction, "third time I ask and nobody answers me", "complaint")
    assert slots_set(told.events)["shop_complaint_text"] == "third time I ask and nobody answers me"
    short = await customer.call(BeginAction, "I want to complain", "complaint")
    assert slots_set(short.events)["shop_complaint_text"] is None


async def test_a_form_may_reject_when_nothing_was_filled(customer: Customer) -> None:
    for form in (OrderFormValidation, CancelFormValidation, ReturnFormValidation, ComplaintFormValidation):
        said = await customer.call(form, "when are you open", "opening_hours", form=ORDER, candidates={})
        assert said.events == []


async def test_a_number_alone_is_kept_and_nothing_is_looked_up(customer: Customer) -> None:
    said = await customer.call(OrderFormValidation, "#417203", form=ORDER, candidates={"shop_order_number": "#417203"})
    assert slots_set(said.events) == {"shop_order_number": "417203", "shop_proof": None}
    assert said.messages == []


@pytest.mark.parametrize("proof", [EMAIL, "Anna.Weber@EXAMPLE.com", POSTCODE, "anna dot weber at example dot com"])
async def test_the_right_proof_finds_the_order(customer: Customer, proof: str) -> None:
    customer.slots["shop_order_number"] = "417203"
    said = await customer.call(OrderFormValidation, proof, form=ORDER, candidates={"shop_proof": proof})
    assert slots_set(said.events) == FOUND | {"shop_proof": POSTCODE if proof == POSTCODE else EMAIL}


async def test_wrong_number_and_wrong_proof_are_told_apart_by_nobody(customer: Customer) -> None:
    answers = []
    for number, proof in (("417203", "x@example.com"), ("499999", EMAIL), ("417203", "99999")):
        customer.slots.clear()
        candidates = {"shop_order_number": number, "shop_proof": proof}
        said = await customer.call(OrderFormValidation, "…", form=ORDER, candidates=candidates)
        slots = slots_set(said.events)
        assert slots.pop("shop_unmatched") == f"{number} {proof}"
        answers.append((slots, said.responses))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0] == (
        {"shop_order_number": None, "shop_proof": None, "shop_attempts": 1},
        ["utter_shop_no_match"],
    )


@pytest.mark.parametrize(
    ("number", "proof", "corrected"),
    [
        ("417203", "99999", {"shop_proof": EMAIL}),
        ("417203", "99999", {"shop_proof": EMAIL, "shop_order_number": EMAIL}),
        ("499999", EMAIL, {"shop_order_number": "417203"}),
    ],
)
async def test_after_a_wrong_pair_the_corrected_part_is_enough(
    customer: Customer, number: str, proof: str, corrected: dict[str, str]
) -> None:
    wrong = {"shop_order_number": number, "shop_proof": proof}
    await customer.call(OrderFormValidation, "…", form=ORDER, candidates=wrong)
    said = await customer.call(OrderFormValidation, "…", form=ORDER, candidates=corrected)
    slots = slots_set(said.events)
    assert (slots["shop_order_number"], slots["shop_proof"]) == ("417203", EMAIL)
    assert slots["shop_unmatched"] is None
    assert said.messages == []


async def test_the_same_wrong_part_again_is_no_second_guess(customer: Customer) -> None:
    wrong = {"shop_order_number": "417203", "shop_proof": "99999"}
    await customer.call(OrderFormValidation, "…", form=ORDER, candidates=wrong)
    again = await customer.call(OrderFormValidation, "…", form=ORDER, candidates={"shop_order_number": "417203"})
    assert slots_set(again.events) == {"shop_order_number": "417203", "shop_proof": None}


async def test_an_email_that_comes_before_the_number_is_kept(customer: Customer) -> None:
    candidates = {"shop_order_number": EMAIL, "shop_proof": EMAIL}
    said = await customer.call(OrderFormValidation, EMAIL, form=ORDER, candidates=candidates)
    assert slots_set(said.events) == {"shop_order_number": None, "shop_proof": EMAIL}
    assert said.messages == []


async def test_who_has_no_number_hears_where_it_is_and_that_a_person_can_help(customer: Customer) -> None:
    text = "I don't have the number"
    said = await customer.call(OrderFormValidation, text, form=ORDER, candidates={"shop_order_number": text})
    assert said.responses == ["utter_shop_number_missing"]
    assert "shop_attempts" not in slots_set(said.events)


async def test_a_question_beside_the_number_is_answered(customer: Customer) -> None:
    text = "417203, and when are you open?"
    said = await customer.call(
        OrderFormValidation, text, "opening_hours", form=ORDER, candidates={"shop_order_number": "417203"}
    )
    assert said.responses == ["utter_shop_opening_hours"]
    assert slots_set(said.events)["shop_order_number"] == "417203"


async def test_the_terms_are_said_before_a_return_is_begun(customer: Customer) -> None:
    asked = await customer.call(BeginAction, "how long do I have to return something?", "return_start")
    assert asked.responses == ["utter_shop_return_terms"]
    plain = await customer.call(BeginAction, "I want to return something", "return_start")
    assert plain.messages == []


async def test_the_third_wrong_combination_ends_the_form(customer: Customer) -> None:
    candidates = {"shop_order_number": "417203", "shop_proof": "x@example.com"}
    for _ in range(2):
        await customer.call(OrderFormValidation, "…", form=ORDER, candidates=candidates)
    said = await customer.call(OrderFormValidation, "…", form=ORDER, candidates=candidates)
    assert slots_set(said.events)["requested_slot"] is None
    right = {"shop_order_number": "417203", "shop_proof": EMAIL}
    late = await customer.call(OrderFormValidation, "…", form=ORDER, candidates=right)
    assert slots_set(late.events)["shop_order_number"] is None
    assert slots_set(late.events)["requested_slot"] is None


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_answers_are_asked_again(customer: Customer, value: str) -> None:
    number = await customer.call(OrderFormValidation, value, form=ORDER, candidates={"shop_order_number": value})
    assert slots_set(number.events)["shop_order_number"] is None
    assert number.responses == ["utter_shop_order_number_unreadable"]
    customer.slots.update(shop_order_number="417203", shop_attempts=0)
    proof = await customer.call(OrderFormValidation, value, form=ORDER, candidates={"shop_proof": value})
    assert slots_set(proof.events) == {"shop_order_number": "417203", "shop_proof": None, "shop_attempts": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(proof=st.text(max_size=60))
async def test_no_other_text_proves_an_order(customer: Customer, proof: str) -> None:
    customer.slots.clear()
    candidates = {"shop_order_number": "417203", "shop_proof": proof}
    said = await customer.call(OrderFormValidation, "…", form=ORDER, candidates=candidates)
    assert slots_set(said.events)["shop_proof"] is None


@pytest.mark.parametrize(
    ("number", "stops"), [("417200", False), ("417201", False), ("417202", True), ("417203", True)]
)
@pytest.mark.parametrize("form", [CancelFormValidation, AddressFormValidation])
async def test_what_cannot_be_changed_any_more_is_not_asked_for(
    customer: Customer, form: Any, number: str, stops: bool
) -> None:
    candidates = {"shop_order_number": number, "shop_proof": EMAIL}
    said = await customer.call(form, "…", form=form.action_name.removeprefix("validate_"), candidates=candidates)
    assert ("requested_slot" in slots_set(said.events)) is stops


async def test_a_corrected_number_is_no_answer_to_the_confirmation(customer: Customer) -> None:
    customer.knows("417201")
    candidates = {"shop_order_number": "417200", "shop_confirm": False}
    said = await customer.call(
        CancelFormValidation, "no, 417200", "deny", form="shop_cancel_form", candidates=candidates
    )
    assert slots_set(said.events) == FOUND | {"shop_order_number": "417200", "shop_confirm": None}


async def test_a_corrected_number_is_no_wrong_proof(customer: Customer) -> None:
    candidates = {"shop_order_number": "417201", "shop_proof": "wait, it is 417201"}
    said = await customer.call(OrderFormValidation, "wait, it is 417201", form=ORDER, candidates=candidates)
    assert slots_set(said.events) == {"shop_order_number": "417201", "shop_proof": None}
    assert said.messages == []


async def test_an_item_that_is_on_its_way_back_needs_no_reason(customer: Customer) -> None:
    async with customer.context.db.transaction() as tx:
        await tx.orders.start_return("417208", "kettle-bruna-white", "x")
    candidates = {"shop_order_number": "417208", "shop_proof": EMAIL}
    said = await customer.call(ReturnFormValidation, "…", form="shop_return_form", candidates=candidates)
    assert slots_set(said.events)["requested_slot"] is None


async def test_the_only_item_of_an_order_is_taken(customer: Customer) -> None:
    candidates = {"shop_order_number": "417208", "shop_proof": EMAIL}
    said = await customer.call(ReturnFormValidation, "…", form="shop_return_form", candidates=candidates)
    assert slots_set(said.events)["shop_item"] == "kettle-bruna-white"


async def test_an_item_that_was_named_at_first_is_found_once_the_order_is_known(customer: Customer) -> None:
    customer.slots["shop_item"] = "the toasters"
    candidates = {"shop_order_number": "417205", "shop_proof": EMAIL}
    said = await customer.call(ReturnFormValidation, "…", form="shop_return_form", candidates=candidates)
    assert slots_set(said.events)["shop_item"] == "toaster-duo-black"


@pytest.mark.parametrize(
    ("words", "item_id"),
    [
        ("the kettle", "kettle-bruna-white"),
        ("second", "toaster-duo-black"),
        ("toaster-duo-black", "toaster-duo-black"),
        ("the fridge", None),
        *((words, None) for words in HOSTILE),
    ],
)
async def test_an_item_is_one_of_the_order(customer: Customer, words: str, item_id: str | None) -> None:
    customer.knows("417205")
    said = await customer.call(ReturnFormValidation, words, form="shop_return_form", candidates={"shop_item": words})
    assert slots_set(said.events) == {"shop_item": item_id}
    assert said.responses == ([] if item_id else ["utter_shop_item_unknown"])


async def test_a_button_of_another_question_is_no_reason_and_no_complaint(customer: Customer) -> None:
    customer.knows("417205")
    payload = '/inform{"product": "x"}'
    reason = await customer.call(
        ReturnFormValidation, payload, form="shop_return_form", candidates={"shop_return_reason": payload}
    )
    assert slots_set(reason.events) == {"shop_return_reason": None}
    complaint = await customer.call(
        ComplaintFormValidation, payload, form="shop_complaint_form", candidates={"shop_complaint_text": payload}
    )
    assert slots_set(complaint.events) == {"shop_complaint_text": None}


async def test_a_complaint_of_one_word_is_asked_for_more(customer: Customer) -> None:
    said = await customer.call(
        ComplaintFormValidation, "bad!", form="shop_complaint_form", candidates={"shop_complaint_text": "bad!"}
    )
    assert slots_set(said.events) == {"shop_complaint_text": None}
    assert said.responses == ["utter_shop_complaint_too_short"]


async def test_an_address_without_a_postcode_is_asked_again(customer: Customer) -> None:
    customer.knows("417201")
    said = await customer.call(
        AddressFormValidation, "Am Markt 7", form="shop_address_form", candidates={"shop_new_address": "Am Markt 7"}
    )
    assert slots_set(said.events) == {"shop_new_address": None}
    assert said.responses == ["utter_shop_address_unreadable"]


async def test_a_plan_is_chosen_by_words_and_ends_the_form_if_it_is_settled(customer: Customer) -> None:
    customer.knows("417201", shop_topic="plan_pause")
    chosen = await customer.call(
        PlanFormValidation, "kitchen", form="shop_plan_form", candidates={"shop_plan": "kitchen"}
    )
    assert slots_set(chosen.events) == {"shop_plan": "plan_care"}
    settled = await customer.call(
        PlanFormValidation, "coffee", form="shop_plan_form", candidates={"shop_plan": "coffee"}
    )
    assert slots_set(settled.events) == {"shop_plan": "plan_coffee", "requested_slot": None}


async def test_a_customer_without_plans_is_not_asked_which(customer: Customer) -> None:
    candidates = {"shop_order_number": "430001", "shop_proof": "20095"}
    said = await customer.call(PlanFormValidation, "…", form="shop_plan_form", candidates=candidates)
    assert slots_set(said.events)["requested_slot"] is None


async def test_guessing_a_proof_in_many_conversations_ends(customer: Customer) -> None:
    async with customer.context.db.reading() as tx:
        for postcode in range(20000, 20000 + MOST_WRONG):
            assert await matching_order(tx, "417203", str(postcode), customer.context.guesses) is None
        assert await matching_order(tx, "417203", EMAIL, customer.context.guesses) is None
        assert await matching_order(tx, "417204", EMAIL, customer.context.guesses) is not None


ASKED = {"shop_topic": "order_cancel", "requested_slot": "shop_confirm"}


@pytest.mark.parametrize("text", ["yes, cancel it", "Yes please cancel my order", "ok cancel it", "yes cancel 417201"])
async def test_a_yes_that_names_the_request_confirms_it(customer: Customer, text: str) -> None:
    customer.knows("417201", **ASKED)
    said = await customer.call(BeginAction, text, "order_cancel", form="shop_cancel_form")
    assert slots_set(said.events) == {"shop_confirm": True}


@pytest.mark.parametrize(
    "text",
    ["yes but not this one", "cancel my order", "yes, cancel 417200", "ok cancel the other order", "no, cancel it"],
)
async def test_anything_less_clear_confirms_nothing(customer: Customer, text: str) -> None:
    customer.knows("417201", **ASKED)
    said = await customer.call(BeginAction, text, "order_cancel", form="shop_cancel_form")
    assert "shop_confirm" not in slots_set(said.events)
