"""What customers see and say about themselves: profile, conversations, suggestions, readings."""

import json
import sqlite3
from decimal import Decimal
from typing import Any

import pytest

from store import Reply
from tests.service.me import as_guest, signed_in
from tests.service.talk import Customer, Talk
from tests.service.test_verdicts import sense, verdicts
from vocabulary import Item, Perceived, Suggestion

KETTLE = Suggestion("kettle-1", "Kettle", Decimal("38.00"), "Kettles", 0.9, "Fits.")
LAMP = Suggestion("lamp-1", "Lamp", Decimal("20.00"), "Lamps", 0.8, "Fits.")


@pytest.fixture
async def shop(talk: Talk) -> None:
    items = [Item(one.item_id, one.title, "About it.", one.category, one.price, 5, {}) for one in (KETTLE, LAMP)]
    async with talk.services.db.transaction() as tx:
        await tx.catalogue.replace_all(items)


async def suggest(talk: Talk, customer: Customer, *suggestions: Suggestion) -> None:
    """An answer with suggestions."""
    message_id = await customer.write("a kettle, please")
    await customer.settled()
    async with talk.services.db.transaction() as tx:
        await tx.inbox.receive(customer.id, f"{message_id[:20]}-again", "and another one")
        await tx.inbox.mark_sent(customer.id, f"{message_id[:20]}-again")
        await tx.inbox.answer(customer.id, f"{message_id[:20]}-again", [Reply("Look:", suggestions=suggestions)])


async def test_a_profile_holds_what_was_entered_and_nothing_else(talk: Talk, shop: None) -> None:
    me = await signed_in(talk)
    empty = (await me.call("GET", "profile")).json()
    assert empty == {
        "interests": [],
        "liked": [],
        "disliked": [],
        "recommendations": True,
        "categories": ["Kettles", "Lamps"],
    }
    given = {"interests": [" tea ", "tea", "<b>x</b>"], "liked": ["Kettles"], "disliked": ["Lamps"]}
    stored = (await me.call("PUT", "profile", {**given, "recommendations": False})).json()
    assert stored["interests"] == ["tea", "<b>x</b>"] and stored["recommendations"] is False
    assert (await me.call("GET", "profile")).json() == stored
    with sqlite3.connect(talk.services.settings.home / "attune.db") as database:
        row = str(database.execute("SELECT * FROM profiles").fetchone())
    assert me.customer_id in row and "tea" not in row and "Kettles" not in row and "attune2:" in row


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"liked": ["Zeppelins"]}, "unknown_category"),
        ({"liked": ["Lamps"], "disliked": ["Lamps"]}, "liked_and_disliked"),
        ({"interests": ["x" * 41]}, None),
        ({"interests": [""]}, None),
        ({"interests": ["\u200b"]}, "text_empty"),
        ({"interests": ["a"] * 21}, None),
        ({"interests": "tea"}, None),
        ({"recommendations": "yes"}, None),
        ({"recommendations": None}, None),
        ({"mood": "angry"}, None),
    ],
)
async def test_a_profile_of_other_things_is_refused(
    talk: Talk, shop: None, given: dict[str, Any], code: str | None
) -> None:
    me = await signed_in(talk)
    response = await me.call("PUT", "profile", given)
    assert response.status_code == 422
    assert code is None or response.json()["error"]["code"] == code
    assert (await me.call("GET", "profile")).json()["interests"] == []


async def test_own_conversations_are_listed_and_shown_whole_and_nobody_else_s(talk: Talk) -> None:
    me, other = await signed_in(talk), await signed_in(talk, "bob@example.org")
    first, second = await me.talks(), await me.talks()
    await first.say("where is my order, please tell me " + "now " * 40)
    await second.say("hello there")
    theirs = await other.talks()
    listed = (await me.call("GET", "conversations")).json()["conversations"]
    assert [one["id"] for one in listed] == [second.id, first.id]
    assert listed[0]["preview"] == "hello there" and len(listed[1]["preview"]) == 80
    assert listed[0]["messages"] == 2 and listed[0]["owner"] == "bot"
    whole = (await me.call("GET", f"conversations/{first.id}")).json()
    assert [one["author"] for one in whole["messages"]] == ["customer", "bot"]
    for conversation_id in (theirs.id, "c_0000000000000000000000", "x' OR 1=1 --"):
        assert (await me.call("GET", f"conversations/{conversation_id}")).status_code == 404


async def test_a_long_conversation_is_shown_whole(talk: Talk) -> None:
    me = await signed_in(talk)
    chat = await me.talks()
    async with talk.services.db.transaction() as tx:
        for number in range(510):
            await tx.inbox.add_agent_message(chat.id, "s_1", f"message-{number:04d}", f"number {number}")
    whole = (await me.call("GET", f"conversations/{chat.id}")).json()["messages"]
    assert [one["text"] for one in whole] == [f"number {number}" for number in range(510)]


async def test_suggestions_are_listed_once_and_judged(talk: Talk, customer: Customer) -> None:
    await suggest(talk, customer, KETTLE, LAMP)
    await suggest(talk, customer, KETTLE)
    listed = (await as_guest(customer, "GET", "suggestions")).json()["suggestions"]
    assert [(one["item_id"], one["verdict"]) for one in listed] == [("kettle-1", None), ("lamp-1", None)]
    said = {"verdict": "not_for_me", "conversation": customer.id}
    assert (await as_guest(customer, "PUT", "suggestions/kettle-1", said)).json()["verdict"] == "not_for_me"
    async with talk.services.db.reading() as tx:
        conversation = await tx.conversations.get(customer.id)
        assert conversation is not None
        assert await tx.suggestion_feedback.unwanted(conversation.customer_id) == {"kettle-1"}
    assert (await as_guest(customer, "PUT", "suggestions/kettle-1", {"verdict": "none"})).json()["verdict"] is None
    listed = (await as_guest(customer, "GET", "suggestions")).json()["suggestions"]
    assert {one["verdict"] for one in listed} == {None}


async def test_only_what_was_suggested_to_me_can_be_judged(talk: Talk, customer: Customer) -> None:
    stranger = await talk.start()
    await suggest(talk, stranger, KETTLE)
    response = await as_guest(customer, "PUT", "suggestions/kettle-1", {"verdict": "helpful"})
    assert response.status_code == 404 and response.json()["error"]["code"] == "unknown_item"
    own = {"verdict": "helpful", "conversation": customer.id}
    assert (await as_guest(stranger, "PUT", "suggestions/kettle-1", own)).status_code == 404
    assert (await as_guest(stranger, "PUT", "suggestions/kettle-1", {"verdict": "buy"})).status_code == 422


async def test_a_reading_is_shown_and_contested(talk: Talk, customer: Customer) -> None:
    message_id = await sense(talk, customer)
    (point,) = (await as_guest(customer, "GET", "emotion")).json()["points"]
    assert (point["frustration"], point["name"], point["label"], point["verdict"]) == (
        72.0,
        "frustrated",
        "anger",
        None,
    )
    said = {"perceived": "less_upset", "label": "sadness"}
    contested = (await as_guest(customer, "PUT", f"emotion/{customer.id}/{message_id}", said)).json()
    assert (contested["verdict"], contested["verdict_label"]) == ("less_upset", "sadness")
    assert (await as_guest(customer, "GET", "emotion")).json()["points"] == [contested]
    (stored,) = await verdicts(talk, customer)
    assert (stored.perceived, stored.label) == (Perceived.LESS_UPSET, "sadness")
    await customer.consent("text", granted=False)
    assert (await as_guest(customer, "GET", "emotion")).json()["points"] == []


async def test_a_reading_of_another_person_cannot_be_contested(talk: Talk, customer: Customer) -> None:
    message_id = await sense(talk, customer)
    stranger = await talk.start()
    path = f"emotion/{customer.id}/{message_id}"
    assert (await as_guest(stranger, "PUT", path, {"perceived": "less_upset"})).status_code == 404
    assert (await as_guest(customer, "PUT", path, {"perceived": "calm"})).status_code == 422
    said = {"perceived": "as_shown", "label": "bored"}
    assert (await as_guest(customer, "PUT", path, said)).status_code == 422
    assert await verdicts(talk, customer) == []


async def test_nothing_of_a_person_s_data_is_in_an_error(talk: Talk, customer: Customer) -> None:
    await customer.say("my secret kettle")
    response = await as_guest(customer, "PUT", "profile", {"interests": ["secret " * 20]})
    assert response.status_code == 422 and "secret" not in json.dumps(response.json())
