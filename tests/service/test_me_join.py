"""A guest's conversation joins the account at sign-in, if wished: with everything, and under one will."""

import asyncio
from datetime import UTC, datetime

import httpx

from service.accounts.cookie import PLAIN_NAME
from store import Opinion, Profile
from tests.service.me import Me, as_guest, signed_in
from tests.service.talk import Customer, Talk
from tests.service.test_me_consents import allow
from tests.service.test_verdicts import judge, sense, verdicts
from vocabulary import Purpose, Signal


async def join(me: Me, guest: Customer, token: str | None = None) -> httpx.Response:
    given = {"conversation": guest.id, "token": guest.token if token is None else token}
    answer = await me.call("POST", "conversations/join", given)
    if answer.status_code == 200:
        guest.session = f"{PLAIN_NAME}={me.token}"
    return answer


async def pseudonym(guest: Customer) -> str:
    async with guest.talk.services.db.reading() as tx:
        conversation = await tx.conversations.get(guest.id)
    assert conversation is not None
    return conversation.customer_id


async def test_everything_of_the_guest_becomes_the_account_s(talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    message_id = await sense(talk, customer)
    await allow(customer, "text", "improve")
    await judge(talk, customer, message_id, "less_upset")
    guest_id = await pseudonym(customer)
    async with talk.services.db.transaction() as tx:
        await tx.profiles.put(guest_id, Profile(interests=("tea",), liked=("Kettles",), recommendations=False))
        await tx.suggestion_feedback.put(guest_id, "kettle-1", Opinion.NOT_FOR_ME, customer.id)
    answer = await join(me, customer)
    assert answer.status_code == 200 and answer.json() == {"conversation": customer.id}
    assert [one["id"] for one in (await me.call("GET", "conversations")).json()["conversations"]] == [customer.id]
    (point,) = (await me.call("GET", "emotion")).json()["points"]
    assert (point["message"], point["verdict"]) == (message_id, "less_upset")
    async with talk.services.db.reading() as tx:
        assert await tx.customers.get(guest_id) is None
        assert await tx.consents.granted(me.customer_id) == {Signal.TEXT}
        assert await tx.consents.granted(me.customer_id, Purpose.IMPROVE) == {Signal.TEXT}
        assert (await tx.profiles.get(me.customer_id)).interests == ("tea",)
        assert await tx.suggestion_feedback.unwanted(me.customer_id) == {"kettle-1"}
        assert [one.source for one in await tx.verdicts.recent()] == [me.customer_id]
    assert (await join(me, customer)).status_code == 200, "joining again changes nothing"


async def test_the_open_chat_goes_on_by_the_session_and_its_token_opens_nothing(talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    await join(me, customer)
    await customer.say("hello again")
    assert [message.text for message in await customer.history()][:1] == ["hello again"]
    customer.session = None
    for response in (
        await as_guest(customer, "GET", "conversations"),
        await customer.get(),
        await customer.get("messages"),
    ):
        assert response.status_code == 401 and response.json()["error"]["code"] == "sign_in"
    # A tab that still sends the token beside the cookie goes on.
    both = {**customer.headers, "Cookie": f"{PLAIN_NAME}={me.token}"}
    address = f"/api/conversations/{customer.id}"
    assert (await talk.client.get(address, headers=both)).status_code == 200
    async with talk.services.db.transaction() as tx:
        await tx.sessions.end_all(me.account_id)
    assert (await talk.client.get(address, headers=both)).status_code == 401


async def test_the_last_word_counts_and_what_it_does_not_allow_is_deleted(talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    message_id = await sense(talk, customer)
    await me.allow("text")
    await me.allow("text", granted=False)
    await join(me, customer)
    assert (await customer.get(f"turns/{message_id}")).json()["emotion"] is None
    async with talk.services.db.reading() as tx:
        assert await tx.consents.granted(me.customer_id) == frozenset()


async def test_a_later_no_of_the_guest_deletes_the_account_s_readings(talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    chat = await me.talks()
    message_id = await sense(talk, chat)
    await customer.consent("text")
    await customer.consent("text", granted=False)
    await join(me, customer)
    assert (await chat.get(f"turns/{message_id}")).json()["emotion"] is None


async def test_a_guest_under_age_makes_the_account_one(talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    await me.allow("text")
    async with talk.services.db.transaction() as tx:
        await tx.consents.set_minor(await pseudonym(customer), True)
    await join(me, customer)
    assert (await me.call("GET", "consents")).json()["minor"] is True
    async with talk.services.db.reading() as tx:
        assert await tx.consents.granted(me.customer_id) == frozenset()


async def test_a_conversation_is_joined_by_its_token_once_and_to_one_account(talk: Talk, customer: Customer) -> None:
    me, other = await signed_in(talk), await signed_in(talk, "bob@example.org")
    assert (await join(me, customer, token="wrong")).status_code == 404
    assert (await join(me, Customer(talk, "c_0000000000000000000000", "x"))).status_code == 404
    assert (await join(me, Customer(talk, "x' OR 1=1", customer.token))).status_code == 404
    answers = await asyncio.gather(join(me, customer), join(other, customer))
    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_guests_and_strangers_join_nothing(talk: Talk, customer: Customer) -> None:
    given = {"conversation": customer.id, "token": customer.token}
    assert (await talk.client.post("/api/me/conversations/join", json=given)).status_code == 401
    assert (await as_guest(customer, "POST", "conversations/join", given)).status_code in (401, 403)


async def test_the_newer_opinion_and_the_account_s_own_settings_count(talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    guest_id = await pseudonym(customer)
    async with talk.services.db.transaction() as tx:
        await tx.suggestion_feedback.put(guest_id, "kettle-1", Opinion.NOT_FOR_ME)
        await tx.suggestion_feedback.put(me.customer_id, "kettle-1", Opinion.HELPFUL)
        await tx.suggestion_feedback.put(me.customer_id, "lamp-1", Opinion.HELPFUL)
        await tx.suggestion_feedback.put(guest_id, "lamp-1", Opinion.NOT_FOR_ME)
        await tx.profiles.put(me.customer_id, Profile(liked=("Lamps",)))
        await tx.profiles.put(guest_id, Profile(("tea",), ("Kettles",), ("Lamps",), recommendations=False))
    await join(me, customer)
    async with talk.services.db.reading() as tx:
        said = {one.item_id: one.opinion for one in await tx.suggestion_feedback.of_customer(me.customer_id)}
        profile = await tx.profiles.get(me.customer_id)
    assert said == {"kettle-1": Opinion.HELPFUL, "lamp-1": Opinion.NOT_FOR_ME}
    assert profile == Profile(("tea",), ("Lamps", "Kettles"), (), recommendations=True)


async def test_engagement_counts_and_says_nothing_of_feelings(talk: Talk, customer: Customer) -> None:
    before = datetime.now(UTC)
    await customer.say("hello")
    await customer.say("hello again")
    await customer.hand_over()
    async with talk.services.db.transaction() as tx:
        await tx.suggestion_feedback.put(await pseudonym(customer), "kettle-1", Opinion.HELPFUL)
    async with talk.services.db.reading() as tx:
        found = await tx.people_history.engagement(await pseudonym(customer))
        nobody = await tx.people_history.engagement("p_nobody")
    assert (found.conversations, found.messages, found.hand_overs, found.helpful) == (1, 2, 1, 1)
    assert found.first_seen and found.last_seen and found.first_seen <= found.last_seen and found.last_seen >= before
    assert (nobody.conversations, nobody.messages, nobody.last_seen) == (0, 0, None)
    assert await verdicts(talk, customer) == []
