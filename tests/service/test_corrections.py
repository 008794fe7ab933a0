"""A spoken message that was heard wrongly is put right, once, and everybody sees both."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from service.desk.words import correction_words
from tests.service.talk import Customer, Talk, talking, until
from vocabulary import Author, MessageStatus


async def speak(customer: Customer, words: str) -> str:
    """A spoken message that is heard as these words; its id."""
    message_id = str(uuid4())
    response = await customer.post(
        f"audio?id={message_id}", content=f"say:{words}".encode(), headers={"Content-Type": "audio/webm"}
    )
    assert response.status_code == 202, response.text
    return message_id


async def correct(customer: Customer, message_id: str, text: str, correction_id: str | None = None) -> httpx.Response:
    return await customer.post(
        f"messages/{message_id}/correction", json={"id": correction_id or str(uuid4()), "text": text}
    )


def code(response: httpx.Response) -> tuple[int, str]:
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"code", "message", "retryable"}
    return response.status_code, error["code"]


async def test_what_has_left_is_corrected_by_a_message_of_its_own(talk: Talk, customer: Customer) -> None:
    spoken = await speak(customer, "where is my odor")
    await customer.settled()
    correction_id = str(uuid4())
    response = await correct(customer, spoken, "where is my order", correction_id)
    assert response.status_code == 202
    assert response.json() == {
        "id": correction_id,
        "seq": 3,
        "corrects": spoken,
        "text": "where is my order",
        "replaced": False,
        "repeated": False,
    }
    history = await customer.settled()
    assert [turn["text"] for turn in talk.rasa.turns] == ["where is my odor", "where is my order"]
    assert [(m.text, m.spoken, m.corrects, m.corrected_by) for m in history if m.author is Author.CUSTOMER] == [
        ("where is my odor", True, None, correction_id),
        ("where is my order", False, spoken, None),
    ]
    assert history[-1].reply_to == correction_id


async def test_what_waits_has_its_text_replaced_and_leaves_with_it(talk: Talk, customer: Customer) -> None:
    talk.rasa.state = "down"
    await customer.write("first")
    spoken = await speak(customer, "my odor please")
    correction_id = str(uuid4())
    body = (await correct(customer, spoken, "my order please", correction_id)).json()
    assert (body["replaced"], body["id"], body["text"]) == (True, spoken, "my order please")
    talk.rasa.state = "up"
    history = await customer.settled()
    assert [turn["text"] for turn in talk.rasa.turns] == ["first", "my order please"]
    stored = next(message for message in history if message.id == spoken)
    assert (stored.misheard, stored.corrected_by, stored.heard) == ("my odor please", correction_id, ())
    shown = (await customer.get("messages")).json()["messages"]
    shown = next(message for message in shown if message["id"] == spoken)
    assert (shown["text"], shown["misheard"], shown["spoken"]) == ("my order please", "my odor please", True)


async def test_correction_during_a_turn_is_a_message_after_it(talk: Talk, customer: Customer) -> None:
    talk.rasa.delay_s = 0.2
    spoken = await speak(customer, "my odor")
    await until(lambda: bool(talk.rasa.requests))
    assert (await correct(customer, spoken, "my order")).json()["replaced"] is False
    await customer.settled()
    assert [turn["text"] for turn in talk.rasa.turns] == ["my odor", "my order"]


async def test_same_correction_again_changes_nothing(talk: Talk, customer: Customer) -> None:
    spoken = await speak(customer, "my odor")
    await customer.settled()
    correction_id = str(uuid4())
    first = (await correct(customer, spoken, "my order", correction_id)).json()
    again = (await correct(customer, spoken, "something else", correction_id)).json()
    assert again == {**first, "repeated": True}
    await customer.settled()
    assert len(talk.rasa.turns) == 2


async def test_repeated_correction_of_a_replaced_text_changes_nothing(talk: Talk, customer: Customer) -> None:
    talk.rasa.state = "down"
    await customer.write("first")
    spoken = await speak(customer, "my odor")
    correction_id = str(uuid4())
    first = (await correct(customer, spoken, "my order", correction_id)).json()
    assert (await correct(customer, spoken, "my order", correction_id)).json() == {**first, "repeated": True}


async def test_what_cannot_be_corrected_is_refused_in_words(talk: Talk, customer: Customer) -> None:
    typed = await customer.write("hello")
    spoken = await speak(customer, "my odor")
    history = await customer.settled()
    reply = next(message for message in history if message.author is Author.BOT)
    stranger = await talk.start()
    assert code(await correct(customer, typed, "goodbye")) == (422, "not_spoken")
    assert code(await correct(customer, reply.id, "goodbye")) == (404, "unknown_message")
    assert code(await correct(customer, str(uuid4()), "goodbye")) == (404, "unknown_message")
    assert code(await correct(stranger, spoken, "goodbye")) == (404, "unknown_message")
    assert code(await correct(customer, spoken, "  ")) == (422, "text_empty")
    assert code(await correct(customer, spoken, "x" * 5000)) == (413, "text_too_long")
    assert code(await correct(customer, spoken, "my odor")) == (422, "correction_unchanged")
    assert code(await correct(customer, spoken, "my order", "short")) == (422, "invalid_field")
    assert code(await correct(customer, spoken, "my order", "not a good id")) == (422, "invalid_message_id")
    assert code(await correct(customer, spoken, "my order", typed)) == (409, "id_taken")
    address = f"/api/conversations/{customer.id}/messages/{spoken}/correction"
    body = {"id": str(uuid4()), "text": "my order"}
    assert code(await talk.client.post(address, json=body, headers=stranger.headers)) == (404, "unknown_conversation")
    assert len(await customer.settled()) == 4, "nothing was stored"
    assert (await correct(customer, spoken, "my order")).status_code == 202
    assert code(await correct(customer, spoken, "my other order")) == (409, "already_corrected")


async def test_correction_after_hand_over_goes_to_the_person(talk: Talk, customer: Customer) -> None:
    spoken = await speak(customer, "my odor")
    await customer.settled()
    await customer.hand_over()
    await correct(customer, spoken, "my order")
    history = await customer.settled()
    assert len(talk.rasa.turns) == 1, "the assistant is silent"
    assert (history[-1].text, history[-1].status) == ("my order", MessageStatus.ANSWERED)
    words = [correction_words(message, history) for message in history if message.author is Author.CUSTOMER]
    assert words == [
        "Spoken, and heard wrongly: the customer has corrected it in a later message.",
        "Corrects what was heard as “my odor”",
    ]


async def test_desk_shows_what_was_heard_where_the_text_was_replaced(talk: Talk, customer: Customer) -> None:
    talk.rasa.state = "down"
    typed = await customer.write("first")
    spoken = await speak(customer, "my odor")
    await correct(customer, spoken, "my order")
    stored = {message.id: message for message in await customer.history()}
    assert "Heard first: “my odor”" in correction_words(stored[spoken], [])
    assert correction_words(stored[typed], []) == ""


async def test_correction_survives_a_restart_and_is_answered_once(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        customer = await talk.start()
        spoken = await speak(customer, "my odor")
        await customer.settled()
        talk.rasa.state = "down"
        correction_id = str(uuid4())
        await correct(customer, spoken, "my order", correction_id)
    async with talking(tmp_path) as talk:
        again = Customer(talk, customer.id, customer.token)
        assert (await correct(again, spoken, "my order", correction_id)).json()["repeated"] is True
        await again.settled()
        assert [turn["text"] for turn in talk.rasa.turns] == ["my order"]
