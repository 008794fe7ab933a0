"""Whole turns with numbers that were heard: asked back, confirmed, denied, replaced, typed instead."""

from typing import Any

import pytest

from actions.shop.asking_back import AskHeardAction
from actions.shop.begin import BeginAction
from actions.shop.care import WarrantyAction
from actions.shop.forms import AddressFormValidation, CancelFormValidation, OrderFormValidation
from actions.shop.heard import confidence_at
from actions.shop.spoken import Place
from store import HeardWord
from tests.actions.shop.conftest import EMAIL, POSTCODE, Customer, Said, slots_set

FORM = "shop_order_form"
SURE, UNSURE = 0.97, 0.3


async def hears(customer: Customer, text: str, confidence: float | None, **of_word: float) -> str:
    """Store a spoken message; its id. of_word: other confidences, by a part of the word."""
    message_id = f"spoken-{customer.messages:04d}"
    words = [
        HeardWord(word, next((value for part, value in of_word.items() if part.strip("_") in word), confidence))
        for word in text.split()
    ]
    async with customer.context.db.transaction() as tx:
        await tx.inbox.receive(customer.conversation_id, message_id, text, heard=words, spoken=True)
    return message_id


async def says(
    customer: Customer,
    text: str,
    confidence: float | None = SURE,
    *,
    slot: str = "shop_order_number",
    intent: str = "inform",
    validation: Any = OrderFormValidation,
    **of_word: float,
) -> Said:
    """One spoken answer in a form, and what its validation makes of it."""
    message_id = await hears(customer, text, confidence, **of_word)
    return await customer.call(
        validation, text, intent, form=FORM, message_id=message_id, candidates={slot: "yes" if slot == "" else text}
    )


async def asked(customer: Customer, number: str = "417203") -> Said:
    """A customer whose number was heard unsurely and is asked back."""
    return await says(customer, f"It is {number}.", UNSURE)


async def answers(customer: Customer, text: str, intent: str = "inform", **candidates: str) -> Said:
    """One typed or tapped answer to "did you say …?"."""
    return await customer.call(
        OrderFormValidation, text, intent, form=FORM, candidates={"shop_heard": text} | candidates
    )


async def test_a_number_that_was_heard_well_is_taken(customer: Customer) -> None:
    said = await says(customer, "It is 417203.", SURE)
    slots = slots_set(said.events)
    assert (slots["shop_order_number"], slots["shop_proof"]) == ("417203", None)
    assert "requested_slot" not in slots and said.messages == []


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("It is 417203.", UNSURE),
        ("It is 417203.", None),
        ("It is 417203 5.", SURE),
        ("It is 417203, no sorry, 417204.", SURE),
        ("for 17203", UNSURE),
    ],
)
async def test_what_was_heard_unsurely_is_asked_back(customer: Customer, text: str, confidence: float | None) -> None:
    said = await says(customer, text, confidence)
    slots = slots_set(said.events)
    if text == "for 17203":
        # One digit is missing, and nobody guesses it.
        assert said.responses == ["utter_shop_heard_digits"]
        return
    assert slots["shop_order_number"] is None
    assert slots["requested_slot"] == "shop_heard"
    question = await customer.call(AskHeardAction, text, form=FORM)
    assert question.responses == ["utter_shop_did_you_say"]
    assert question.payloads == ["/affirm", "/deny"]
    expected = "4 1 7 2 0 4" if "417204" in text else "4 1 7 2 0 3"
    assert question.text() == f"Did you say {expected}?"


async def test_only_the_words_of_the_number_matter(customer: Customer) -> None:
    said = await says(customer, "Uh it is 417203 please.", UNSURE, _417203=SURE)
    assert slots_set(said.events)["shop_order_number"] == "417203"


async def test_a_typed_number_is_never_asked_back(customer: Customer) -> None:
    said = await customer.call(OrderFormValidation, "417203 5", form=FORM, candidates={"shop_order_number": "417203 5"})
    assert slots_set(said.events) == {"shop_order_number": "417203", "shop_proof": None}


async def test_yes_goes_on_with_the_number(customer: Customer) -> None:
    await asked(customer)
    for answer, intent in (
        ("yes", "affirm"),
        ("that's right", "inform"),
        ("417203", "inform"),
        ("Yes, 417203.", "affirm"),
    ):
        before = dict(customer.slots)
        slots = slots_set((await answers(customer, answer, intent)).events)
        assert (slots["shop_order_number"], slots["shop_doubt"], slots["shop_heard"]) == ("417203", None, "-")
        assert "requested_slot" not in slots
        customer.slots = before


async def test_the_button_says_yes(customer: Customer) -> None:
    await asked(customer)
    said = await customer.call(OrderFormValidation, "/affirm", "affirm", form=FORM, candidates={"shop_heard": "yes"})
    assert slots_set(said.events)["shop_order_number"] == "417203"


async def test_no_asks_digit_by_digit_and_then_for_typing_or_a_person(customer: Customer) -> None:
    await asked(customer)
    said = await answers(customer, "no", "deny")
    slots = slots_set(said.events)
    assert slots["shop_order_number"] is None and slots["shop_doubt"] is None
    assert "requested_slot" not in slots
    assert said.responses == ["utter_shop_heard_wrong_number"]
    await asked(customer, "417208")
    again = await answers(customer, "no that's wrong", "deny")
    assert again.responses == ["utter_shop_heard_type"]
    typed = await customer.call(OrderFormValidation, "417203", form=FORM, candidates={"shop_order_number": "417203"})
    assert slots_set(typed.events)["shop_order_number"] == "417203"


async def test_another_number_takes_its_place(customer: Customer) -> None:
    await asked(customer, "417208")
    typed = await answers(customer, "no, 417203", "deny", shop_order_number="417203")
    slots = slots_set(typed.events)
    assert (slots["shop_order_number"], slots["shop_doubt"]) == ("417203", None)
    assert typed.messages == []


async def test_another_number_that_was_spoken_is_judged_like_the_first(customer: Customer) -> None:
    await asked(customer, "417208")
    slots = slots_set((await says(customer, "No, it is 417203.", UNSURE, slot="shop_heard", intent="deny")).events)
    assert (slots["shop_order_number"], slots["shop_doubt"]) == (None, "number:417203")
    assert slots["requested_slot"] == "shop_heard"


async def test_the_same_number_again_confirms_it(customer: Customer) -> None:
    await asked(customer)
    slots = slots_set((await says(customer, "417203.", UNSURE, slot="shop_heard")).events)
    assert slots["shop_order_number"] == "417203"


async def test_an_unclear_answer_is_asked_again(customer: Customer) -> None:
    await asked(customer)
    said = await answers(customer, "hm what")
    assert said.responses == ["utter_shop_form_not_understood"]
    assert slots_set(said.events)["requested_slot"] == "shop_heard"
    assert customer.slots["shop_doubt"] == "number:417203"


async def test_the_question_comes_again_after_another_answer(customer: Customer) -> None:
    await asked(customer)
    back = await customer.call(OrderFormValidation, "when are you open", "opening_hours", form=FORM, candidates={})
    assert [event["value"] for event in back.events if event["event"] == "slot"] == ["shop_heard"]


async def test_a_proof_beside_an_unsure_number_is_kept(customer: Customer) -> None:
    text = f"417203. {POSTCODE}."
    message_id = await hears(customer, text, UNSURE)
    candidates = {"shop_order_number": "417203", "shop_proof": POSTCODE}
    said = await customer.call(OrderFormValidation, text, form=FORM, message_id=message_id, candidates=candidates)
    assert slots_set(said.events)["shop_doubt"] == f"number:417203 proof:{POSTCODE}"
    yes = await answers(customer, "yes", "affirm")
    slots = slots_set(yes.events)
    assert (slots["shop_order_number"], slots["shop_proof"], slots["shop_doubt"]) == ("417203", POSTCODE, None)


async def test_a_proof_that_fits_needs_no_question_and_one_that_does_not_is_asked_back(customer: Customer) -> None:
    customer.slots |= {"shop_order_number": "417203", "shop_believed": "417203"}
    fits = await says(customer, f"It is {EMAIL}.", UNSURE, slot="shop_proof")
    assert slots_set(fits.events)["shop_proof"] == EMAIL
    customer.slots = {"shop_order_number": "417203", "shop_believed": "417203"}
    wrong = await says(customer, "It is hannah.weber@example.com.", UNSURE, slot="shop_proof")
    assert wrong.messages == []
    assert slots_set(wrong.events)["shop_doubt"] == "proof:hannah.weber@example.com"
    question = await customer.call(AskHeardAction, "…", form=FORM)
    assert question.text() == "I heard hannah.weber@example.com. Is that right?"
    no = await answers(customer, "no", "deny")
    assert no.responses == ["utter_shop_heard_wrong_proof"]
    slots = slots_set(no.events)
    assert (slots["shop_order_number"], slots["shop_proof"]) == ("417203", None)


async def test_a_proof_that_fits_none_is_asked_back_even_if_it_was_heard_clearly(customer: Customer) -> None:
    customer.slots |= {"shop_order_number": "417203", "shop_believed": "417203"}
    said = await says(customer, "And a.weber@example.com.", SURE, slot="shop_proof")
    assert said.messages == []
    slots = slots_set(said.events)
    assert (slots["shop_order_number"], slots["shop_doubt"]) == ("417203", "proof:a.weber@example.com")
    assert "shop_attempts" not in slots


async def test_words_that_are_no_proof_are_misheard_and_use_up_no_attempt(customer: Customer) -> None:
    customer.slots |= {"shop_order_number": "417203", "shop_believed": "417203"}
    told = []
    for _ in range(3):
        said = await says(customer, "Annie.weber had a temple dot com.", SURE, slot="shop_proof")
        told += said.responses
        slots = slots_set(said.events)
        assert (slots["shop_order_number"], slots["shop_proof"]) == ("417203", None)
        assert "shop_attempts" not in slots
    assert told == ["utter_shop_heard_wrong_proof", "utter_shop_heard_type", "utter_shop_heard_type"]


async def test_a_proof_that_was_confirmed_and_does_not_fit_is_a_wrong_pair(customer: Customer) -> None:
    customer.slots |= {"shop_order_number": "417203", "shop_believed": "417203"}
    await says(customer, "It is hannah.weber@example.com.", UNSURE, slot="shop_proof")
    yes = await answers(customer, "yes", "affirm")
    assert yes.responses == ["utter_shop_no_match"]
    assert slots_set(yes.events)["shop_attempts"] == 1


async def test_a_number_without_confidence_is_proved_by_the_only_order_of_a_customer(customer: Customer) -> None:
    text = "430001. lukas.hartmann@example.org."
    message_id = await hears(customer, text, None)
    candidates = {"shop_order_number": "430001", "shop_proof": "lukas.hartmann@example.org"}
    said = await customer.call(OrderFormValidation, text, form=FORM, message_id=message_id, candidates=candidates)
    assert slots_set(said.events)["shop_order_number"] == "430001"
    # Anna has more orders: the number may be that of another one.
    text = f"417203. {EMAIL}."
    message_id = await hears(customer, text, None)
    candidates = {"shop_order_number": "417203", "shop_proof": EMAIL}
    said = await customer.call(OrderFormValidation, text, form=FORM, message_id=message_id, candidates=candidates)
    assert slots_set(said.events)["requested_slot"] == "shop_heard"


@pytest.mark.parametrize("heard", ["41720", "4172033", "317203"])
async def test_digits_that_are_no_number_are_said_back(customer: Customer, heard: str) -> None:
    said = await says(customer, f"{heard}.", SURE)
    assert said.responses == ["utter_shop_heard_digits"]
    assert f"I heard {' '.join(heard)}" in said.text()
    assert slots_set(said.events)["shop_order_number"] is None


async def test_five_digits_of_a_number_are_no_postcode(customer: Customer) -> None:
    message_id = await hears(customer, "41720.", SURE)
    said = await customer.call(
        OrderFormValidation,
        "41720.",
        form=FORM,
        message_id=message_id,
        candidates={"shop_order_number": "41720.", "shop_proof": "41720"},
    )
    assert slots_set(said.events)["shop_proof"] is None


async def test_a_number_at_the_first_message_is_asked_back_when_the_form_opens(customer: Customer) -> None:
    text = "Where is my order 417203?"
    message_id = await hears(customer, text, UNSURE)
    await customer.call(BeginAction, text, "order_status", message_id=message_id)
    said = await customer.call(
        OrderFormValidation, text, "order_status", form=FORM, message_id=message_id,
        candidates={"shop_order_number": "417203"},
    )  # fmt: skip
    assert slots_set(said.events)["requested_slot"] == "shop_heard"


async def test_a_request_that_is_said_again_in_its_form_is_asked_back_as_well(customer: Customer) -> None:
    text = "Where is my order 417203?"
    message_id = await hears(customer, text, UNSURE)
    begun = await customer.call(BeginAction, text, "order_status", form=FORM, message_id=message_id)
    slots = slots_set(begun.events)
    assert (slots["shop_order_number"], slots["shop_doubt"]) == (None, "number:417203")


async def test_doubts_of_a_form_that_was_left_are_forgotten(customer: Customer) -> None:
    await asked(customer)
    begun = await customer.call(BeginAction, "I want to cancel my order", "order_cancel")
    assert slots_set(begun.events)["shop_doubt"] is None


async def test_a_number_from_an_earlier_spoken_message_is_asked_back_when_it_is_first_used(customer: Customer) -> None:
    """It came beside a request that opens no form, so that nothing has looked at it."""
    from rasa_sdk.executor import CollectingDispatcher

    from tests.actions.trackers import TrackerBuilder

    text = "My payment of order 417203 failed."
    message_id = await hears(customer, text, SURE)
    builder = TrackerBuilder(customer.conversation_id, active_form=FORM)
    builder.user(text, "payment_problem", message_id=message_id).bot("…")
    builder.user("where is it", "order_status", message_id="typed-0001")
    builder.events.append({"event": "action", "name": FORM})
    builder.slot("shop_order_number", "417203")
    dispatcher = CollectingDispatcher()
    events = await OrderFormValidation(customer.context).run(dispatcher, builder.tracker(), {})
    assert slots_set(events)["requested_slot"] == "shop_heard"


@pytest.mark.parametrize("validation", [CancelFormValidation, AddressFormValidation])
async def test_every_form_about_an_order_asks_back(customer: Customer, validation: Any) -> None:
    said = await says(customer, "417201.", UNSURE, validation=validation)
    assert slots_set(said.events)["requested_slot"] == "shop_heard"


async def test_of_an_order_that_may_be_misheard_no_warranty_is_told(customer: Customer) -> None:
    customer.knows("417205")
    text = "Is order 417205 under warranty?"
    message_id = await hears(customer, text, UNSURE)
    said = await customer.call(WarrantyAction, text, "warranty_question", message_id=message_id)
    assert said.responses == ["utter_shop_warranty"]


async def test_a_corrected_message_counts_as_typed(customer: Customer) -> None:
    message_id = await hears(customer, "417208.", UNSURE)
    async with customer.context.db.transaction() as tx:
        await tx.inbox.correct(customer.conversation_id, message_id, "correction-1", "417203.")
    said = await customer.call(
        OrderFormValidation, "417203.", form=FORM, message_id=message_id, candidates={"shop_order_number": "417203."}
    )
    assert slots_set(said.events)["shop_order_number"] == "417203"


def test_confidence_is_that_of_the_words_at_the_place() -> None:
    words = [HeardWord("order", 0.2), HeardWord("417203,", 0.9), HeardWord("please", 0.1)]
    text = "order 417203, please"
    assert confidence_at(words, text, Place("417203", 6, 12, plain=True)) == (0.9, True)
    assert confidence_at(words, "another text 417203", Place("417203", 13, 19, plain=True)) == (None, False)
    beside = [HeardWord("double", 0.9), HeardWord("417203", 0.9)]
    assert confidence_at(beside, "double 417203", Place("417203", 7, 13, plain=True)) == (0.9, False)
