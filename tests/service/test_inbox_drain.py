"""Every stored message is answered once, in order, whatever goes down meanwhile."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from service.exchange import APOLOGY, NO_ANSWER, PERSON_COMES
from tests.service.fake_rasa import FakeRasa, text_reply
from tests.service.talk import Customer, Talk, talking, until
from vocabulary import Author, MessageStatus, Owner


async def test_a_message_is_answered(customer: Customer) -> None:
    turn = await customer.say("Where is my order?")
    assert turn["answered"]
    assert [reply["text"] for reply in turn["replies"]] == ["You said: Where is my order?"]
    assert turn["transcript"] is None, "it was typed"
    assert turn["emotion"] is None and turn["frustration"] is None
    assert turn["mode"] == "neutral" and turn["handoff"] is False and turn["status"] == "answered"


async def test_a_burst_of_24_is_answered_in_order_and_one_at_a_time(talk: Talk, customer: Customer) -> None:
    talk.rasa.delay_s = 0.005
    texts = [f"message {number}" for number in range(24)]
    for text in texts:
        await customer.write(text)
    history = await customer.settled()
    assert [turn["text"] for turn in talk.rasa.turns] == texts
    assert [m.text for m in history if m.author is Author.BOT] == [f"You said: {text}" for text in texts]
    assert talk.rasa.most_running[customer.id] == 1
    assert [message.seq for message in history] == list(range(1, 49))


async def test_24_at_the_same_moment_are_all_answered_once(talk: Talk, customer: Customer) -> None:
    await asyncio.gather(*(customer.write(f"message {number}") for number in range(24)))
    history = await customer.settled()
    stored = [message.text for message in history if message.author is Author.CUSTOMER]
    assert sorted(stored) == sorted(f"message {number}" for number in range(24))
    assert [turn["text"] for turn in talk.rasa.turns] == stored


async def test_conversations_do_not_wait_for_each_other(talk: Talk) -> None:
    talk.rasa.delay_s = 0.05
    customers = [await talk.start() for _ in range(10)]
    await asyncio.gather(*(one.say("hello") for one in customers))
    assert talk.rasa.most_at_once > 1
    assert set(talk.rasa.most_running.values()) == {1}


async def test_the_same_id_twice_is_one_message_with_the_same_answer(talk: Talk, customer: Customer) -> None:
    body = {"id": str(uuid4()), "text": "once"}
    first = (await customer.post("messages?wait=5", json=body)).json()
    second = (await customer.post("messages?wait=5", json=body)).json()
    assert first == second
    assert len(talk.rasa.turns) == 1
    assert len(await customer.history()) == 2


async def test_the_same_id_at_the_same_moment_is_one_message(talk: Talk, customer: Customer) -> None:
    body = {"id": str(uuid4()), "text": "once"}
    answers = await asyncio.gather(*(customer.post("messages", json=body) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [202] * 8
    assert sorted(answer.json()["repeated"] for answer in answers) == [False] + [True] * 7
    assert {answer.json()["seq"] for answer in answers} == {1}
    await customer.settled()
    assert len(talk.rasa.turns) == 1


async def test_while_the_assistant_is_down_the_message_is_kept_and_answered_later(
    talk: Talk, customer: Customer
) -> None:
    talk.rasa.state = "down"
    first, second = await customer.write("first"), await customer.write("second")
    notice = await customer.noticed()
    assert [m.status for m in await customer.history()] == [MessageStatus.SENT, MessageStatus.RECEIVED]
    assert notice.code == "assistant_unreachable" and notice.message_id == first
    talk.rasa.state = "up"
    history = await customer.settled()
    assert [m.text for m in history if m.author is Author.BOT] == ["You said: first", "You said: second"]
    assert [m.reply_to for m in history if m.author is Author.BOT] == [first, second]
    assert talk.services.notices.current(customer.id) is None


async def test_incomplete_busy_and_broken_turns_are_tried_again(talk: Talk, customer: Customer) -> None:
    for state in ("incomplete", "busy", "broken", "unauthorised"):
        talk.rasa.state = state
        asked = len(talk.rasa.requests)
        await customer.write(f"while {state}")
        await until(lambda asked=asked: len(talk.rasa.requests) > asked)
        talk.rasa.state = "up"
        await customer.settled()
    replies = [m.text for m in await customer.history() if m.author is Author.BOT]
    assert replies == [f"You said: while {state}" for state in ("incomplete", "busy", "broken", "unauthorised")]


async def test_a_waiting_caller_is_told_of_the_outage_soon(talk: Talk, customer: Customer) -> None:
    talk.rasa.state = "down"
    started = asyncio.get_running_loop().time()
    turn = await customer.say("hello", wait=30)
    assert asyncio.get_running_loop().time() - started < 2
    assert turn["answered"] is False and turn["notice"]["code"] == "assistant_unreachable"
    assert "kept" in turn["notice"]["text"]


async def test_a_hanging_assistant_is_noticed_before_it_times_out(talk: Talk, customer: Customer) -> None:
    talk.rasa.state = "hanging"
    await customer.write("hello")
    assert (await customer.noticed()).code == "assistant_slow"


async def test_a_refused_message_gets_an_apology_and_does_not_block_the_next(talk: Talk, customer: Customer) -> None:
    talk.rasa.state = "refusing"
    turn = await customer.say("unreadable")
    assert [reply["text"] for reply in turn["replies"]] == [APOLOGY]
    talk.rasa.state = "up"
    assert (await customer.say("readable"))["replies"][0]["text"] == "You said: readable"
    async with talk.services.db.reading() as tx:
        (event,) = await tx.events.recent(type="turn.failed")
    assert event.payload["code"] == "invalid_message"


async def test_a_message_that_never_completes_is_given_up_only_if_all_parts_are_up(
    talk: Talk, customer: Customer
) -> None:
    talk.rasa.state = "incomplete"
    talk.actions.up = False
    await customer.write("poison")
    await asyncio.sleep(0.4)
    assert len(talk.rasa.requests) > 4
    assert (await customer.history())[0].status is MessageStatus.SENT
    talk.actions.up = True
    assert (await customer.settled())[-1].text == APOLOGY


async def test_a_turn_without_replies_is_not_silence(talk: Talk, customer: Customer) -> None:
    talk.rasa.answer = lambda turn: []
    assert (await customer.say("hello"))["replies"][0]["text"] == NO_ANSWER


async def test_a_restart_takes_up_what_was_unanswered(tmp_path: Path) -> None:
    rasa = FakeRasa()
    rasa.state = "down"
    async with talking(tmp_path, rasa=rasa) as before:
        customer = await before.start()
        ids = [await customer.write(f"message {number}") for number in range(5)]
        await asyncio.sleep(0.05)
    rasa.state = "up"
    async with talking(tmp_path, rasa=rasa) as after:
        history = await Customer(after, customer.id, customer.token).settled()
    assert [m.reply_to for m in history if m.author is Author.BOT] == ids
    assert [turn["message_id"] for turn in rasa.turns] == ids


async def test_a_process_that_dies_mid_turn_answers_once_after_its_restart(tmp_path: Path) -> None:
    rasa = FakeRasa()
    rasa.delay_s = 0.2
    async with talking(tmp_path, rasa=rasa) as before:
        customer = await before.start()
        await customer.write("hello")
        await until(lambda: bool(rasa.requests))
        assert (await customer.history())[0].status is MessageStatus.SENT
    async with talking(tmp_path, rasa=rasa) as after:
        history = await Customer(after, customer.id, customer.token).settled()
    assert [message.text for message in history] == ["hello", "You said: hello"]


async def test_asking_for_a_person_works_while_the_assistant_is_down(
    talk: Talk, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.turns._PATIENCE_S", 0.5)
    talk.rasa.state = "down"
    await customer.write("my toaster burns")
    # The outage is known and told already when the customer asks.
    await asyncio.sleep(0.7)
    response = await customer.post("person?wait=3", json={"id": str(uuid4())})
    assert response.json()["handoff"] is True
    history = await customer.settled()
    assert PERSON_COMES in [message.text for message in history]
    assert await customer.owner() is Owner.WAITING
    async with talk.services.db.reading() as tx:
        (escalation,) = await tx.escalations.open()
    assert escalation.conversation_id == customer.id


async def test_asking_for_a_person_reaches_the_assistant_as_an_intent(talk: Talk, customer: Customer) -> None:
    await customer.post("person?wait=5", json={"id": str(uuid4())})
    assert talk.rasa.turns[0]["payload"] == "/attune_talk_to_person"
    assert talk.rasa.turns[0]["text"] is None


async def test_a_button_is_sent_by_its_stored_payload(talk: Talk, customer: Customer) -> None:
    talk.rasa.answer = lambda turn: [text_reply("Which?", buttons=[{"title": "Yes", "payload": "/affirm"}])]
    turn = await customer.say("hm")
    assert turn["replies"][0]["buttons"] == [{"title": "Yes"}]
    choice = {"id": str(uuid4()), "reply_id": turn["replies"][0]["id"], "index": 0}
    answer = (await customer.post("buttons?wait=5", json=choice)).json()
    assert answer["transcript"] is None
    assert [message.text for message in await customer.history()][2] == "Yes"
    assert talk.rasa.turns[1]["payload"] == "/affirm" and talk.rasa.turns[1]["text"] is None
    gone = await customer.post("buttons", json={**choice, "id": str(uuid4()), "index": 7})
    assert gone.status_code == 404 and gone.json()["error"]["code"] == "unknown_button"


async def test_suggestions_join_the_text_before_them(talk: Talk, customer: Customer) -> None:
    card = {"id": "i1", "title": "Kettle", "price": 29.9, "category": "kettles", "score": 0.9, "reason": "It boils."}
    talk.rasa.answer = lambda turn: [
        text_reply("Look at this:"),
        {"text": None, "buttons": [], "image": None, "custom": {"attune_suggestions": [card, {"id": "broken"}]}},
    ]
    turn = await customer.say("a kettle")
    assert len(turn["replies"]) == 1
    whole = {**card, "image": None, "url": None, "currency": "EUR"}
    assert turn["suggestions"] == [whole] == turn["replies"][0]["suggestions"]


async def test_the_tracker_gets_ids_only(talk: Talk, customer: Customer) -> None:
    await customer.say("hello")
    (turn,) = talk.rasa.turns
    assert set(turn) == {"sender", "message_id", "text", "payload", "metadata"}
    assert turn["metadata"] == {"clip_id": None, "frame_ids": []}
    assert turn["sender"] == customer.id
