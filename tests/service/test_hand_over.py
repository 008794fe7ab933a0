"""Who answers: messages go to the assistant or to a person, never to both."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.desk import DeskWork
from service.desk.gate import Gate
from service.exchange import PASSED_ON
from service.rasa import RasaClient
from tests.service.fake_rasa import FakeRasa, text_reply
from tests.service.talk import Customer, Talk, talking, until
from vocabulary import Author, Owner


def desk_of(talk: Talk) -> DeskWork:
    services = talk.services
    return DeskWork(services.db, Gate(admin_second_factor=False), services.hub, services.notifier, max_chars=4000)


async def signed_in(talk: Talk, staff_id: str) -> str:
    async with talk.services.db.transaction() as tx:
        return await tx.sessions.open(staff_id)


async def test_while_waiting_messages_are_kept_for_the_person_and_not_sent(talk: Talk, customer: Customer) -> None:
    await customer.hand_over()
    turn = await customer.say("is anybody there?")
    assert turn["answered"] and turn["replies"] == [] and turn["handoff"] is True
    assert talk.rasa.requests == []


async def test_the_owner_is_read_again_before_each_attempt(talk: Talk, customer: Customer) -> None:
    talk.rasa.state = "down"
    await customer.write("first")
    await until(lambda: bool(talk.rasa.requests))
    await customer.hand_over()
    talk.rasa.state = "up"
    history = await customer.settled()
    assert [message.author for message in history] == [Author.CUSTOMER]
    assert talk.rasa.turns == []


async def test_a_hand_over_whose_turn_is_lost_is_still_told(talk: Talk, customer: Customer) -> None:
    async def call_a_person_and_die(turn: dict[str, Any]) -> None:
        async with talk.services.db.transaction() as tx:
            await tx.escalations.request(customer.id, turn["message_id"], "because", 50)
        raise httpx.ReadError("gone")

    talk.rasa.during_turn = call_a_person_and_die
    with talk.services.hub.subscribe(customer.id) as events:
        await customer.write("this is ridiculous")
        while (frame := await asyncio.wait_for(events.next(), 2)) is not None and frame["type"] != "owner":
            pass
    assert frame == {"type": "owner", "owner": "waiting", "agent": None}
    history = await customer.settled()
    assert [message.text for message in history] == ["this is ridiculous", PASSED_ON]
    assert len(talk.rasa.requests) == 1


async def test_an_escalation_during_a_turn_is_announced_with_its_reply(talk: Talk, customer: Customer) -> None:
    talk.rasa.during_turn = lambda turn: customer.hand_over()
    talk.rasa.answer = lambda turn: [text_reply("I am passing you on.")]
    with talk.services.hub.subscribe(customer.id) as events:
        turn = await customer.say("this is ridiculous")
        frames = []
        while not frames or frames[-1]["type"] != "owner":
            frame = await asyncio.wait_for(events.next(), 2)
            assert frame is not None
            frames.append(frame)
    assert turn["replies"][0]["text"] == "I am passing you on." and turn["handoff"] is True
    assert frames[-1] == {"type": "owner", "owner": "waiting", "agent": None}


async def test_an_agent_answers_and_hands_back_and_the_assistant_answers_again(talk: Talk, customer: Customer) -> None:
    token = await signed_in(talk, await talk.staff(name="Kim Lee"))
    desk = desk_of(talk)
    escalation_id = await customer.hand_over()
    await desk.claim(token, escalation_id)
    assert (await customer.get()).json()["owner"] == "agent"
    assert (await customer.get()).json()["agent"] == "Kim Lee"
    await desk.reply(token, customer.id, str(uuid4()), "Good morning, I am looking at it.")
    await customer.say("thank you")
    await desk.hand_back(token, escalation_id)
    assert await customer.owner() is Owner.BOT
    assert (await customer.say("and now?"))["replies"][0]["text"] == "You said: and now?"
    assert talk.rasa.resumed == [customer.id]
    assert [turn["text"] for turn in talk.rasa.turns] == ["and now?"]
    await customer.say("more")
    assert talk.rasa.resumed == [customer.id], "the assistant is told once"


async def test_a_hand_back_while_the_assistant_is_down_is_told_before_the_next_message(tmp_path: Path) -> None:
    rasa = FakeRasa()
    async with talking(tmp_path, rasa=rasa) as before:
        customer = await before.start()
        token = await signed_in(before, await before.staff())
        escalation_id = await customer.hand_over()
        await desk_of(before).claim(token, escalation_id)
        rasa.state = "down"
        rasa.paused.add(customer.id)
        await desk_of(before).hand_back(token, escalation_id)
        await customer.write("hello again")
        await asyncio.sleep(0.05)
    rasa.state = "up"
    async with talking(tmp_path, rasa=rasa) as after:
        history = await Customer(after, customer.id, customer.token).settled()
    assert history[-1].text == "You said: hello again"
    assert rasa.resumed == [customer.id]


async def test_an_assistant_that_was_left_paused_is_resumed(talk: Talk, customer: Customer) -> None:
    talk.rasa.paused.add(customer.id)
    assert (await customer.say("hello"))["replies"][0]["text"] == "You said: hello"
    assert talk.rasa.resumed == [customer.id]


async def test_the_client_refuses_to_send_what_is_not_a_customers(talk: Talk, customer: Customer) -> None:
    token = await signed_in(talk, await talk.staff())
    await desk_of(talk).claim(token, await customer.hand_over())
    message = await desk_of(talk).reply(token, customer.id, str(uuid4()), "I am a person.")
    client: RasaClient = talk.services.rasa
    with pytest.raises(ValueError, match="only a customer's"):
        await client.send(message, clip_id=None)
    assert talk.rasa.requests == []


STEPS = st.lists(
    st.sampled_from(["customer", "agent", "hand over", "claim", "hand back", "close", "outage", "recovery", "restart"]),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_no_agent_text_ever_reaches_the_assistant(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    home, rasa = tmp_path_factory.mktemp("home"), FakeRasa()
    said, started = [], None
    while True:
        async with talking(home, rasa=rasa, retry_first_s=0.001, retry_longest_s=0.002) as talk:
            if started is None:
                customer = await talk.start()
                token = await signed_in(talk, await talk.staff())
                started = customer
            customer = Customer(talk, started.id, started.token)
            while steps:
                step = steps.pop(0)
                if step == "restart":
                    break
                said += await _take(step, talk, customer, token, len(said))
            else:
                rasa.state = "up"
                await customer.settled()
                break
    sent = [request["text"] for request in rasa.requests]
    assert not [text for text in sent if text.startswith("agent")]
    answered_by_bot = [turn["text"] for turn in rasa.turns]
    assert len(answered_by_bot) == len(set(answered_by_bot)), "nothing is answered twice"
    customers = [text for text in said if text.startswith("customer")]
    assert [text for text in customers if text in answered_by_bot] == answered_by_bot, "and the order is kept"


async def _take(step: str, talk: Talk, customer: Customer, token: str, number: int) -> list[str]:
    """One step; steps that are not possible now are refused by the desk. What was said, if anything."""
    desk, rasa = desk_of(talk), talk.rasa
    async with talk.services.db.reading() as tx:
        escalation = await tx.escalations.of_conversation(customer.id)
        conversation = await tx.conversations.get(customer.id)
    assert conversation is not None
    if step == "customer":
        await customer.write(f"customer {number}")
        return [f"customer {number}"]
    if step == "agent" and conversation.owner is Owner.AGENT:
        await desk.reply(token, customer.id, str(uuid4()), f"agent {number}")
        return [f"agent {number}"]
    if step == "hand over":
        async with talk.services.db.transaction() as tx:
            await tx.escalations.request(customer.id, str(uuid4()), "asked", 50)
    elif step == "claim" and escalation:
        await desk.claim(token, escalation.id)
    elif step in ("hand back", "close") and escalation and escalation.claimed_by:
        await (desk.hand_back if step == "hand back" else desk.close)(token, escalation.id)
    elif step in ("outage", "recovery"):
        rasa.state = "down" if step == "outage" else "up"
    return []
