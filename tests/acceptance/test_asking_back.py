"""A number that was heard unsurely, through the real dialogue: asked back, confirmed, denied, typed instead."""

import asyncio

import pytest

from benchmarks import Customer, Stack
from store import HeardWord

pytestmark = pytest.mark.processes

EMAIL = "anna.weber@example.com"


def hears(stack: Stack, customer: Customer, message_id: str, text: str, confidence: float | None) -> None:
    """Put a spoken message into the inbox; the next one that is sent has it answered first."""

    async def store() -> None:
        db = stack.database()
        try:
            heard = [HeardWord(word, confidence) for word in text.split()]
            async with db.transaction() as tx:
                await tx.inbox.receive(customer.id, message_id, text, heard=heard, spoken=True)
        finally:
            await db.close()

    asyncio.run(store())


def replies(result: dict) -> str:
    return " ".join(reply["text"] or "" for reply in result["replies"])


def test_yes_goes_on_with_the_number_that_was_heard(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client)
        hears(stack, customer, "spoken-0001", "Where is my order 417203?", 0.3)
        yes = customer.say("yes")
        bot = [message for message in customer.history() if message["author"] == "bot"]
        assert "4 1 7 2 0 3" in bot[0]["text"]
        assert [button["title"] for button in bot[0]["buttons"]] == ["Yes", "No"]
        assert "postcode" in replies(yes)
        assert "417203" in replies(customer.say(EMAIL))


def test_no_asks_anew_and_a_typed_number_is_taken(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client)
        customer.say("where is my order?")
        hears(stack, customer, "spoken-0001", "It is 417208.", None)
        no = customer.say("no")
        assert "misheard" in replies(no)
        assert "postcode" in replies(customer.say("417203"))
        assert "417203" in replies(customer.say(EMAIL))


def test_another_number_or_another_question_at_the_question_breaks_no_form(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client)
        hears(stack, customer, "spoken-0001", "Where is my order 417208?", 0.3)
        hours = customer.say("when are you open?")
        assert "4 1 7 2 0 8" in replies(hours)
        assert "postcode" in replies(customer.say("no, it is 417203"))
        assert "417203" in replies(customer.say(EMAIL))


def test_a_number_that_was_heard_well_is_not_asked_back(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client)
        hears(stack, customer, "spoken-0001", "Where is my order 417203?", 0.99)
        assert "417203" in replies(customer.say(EMAIL))
