"""A person takes over a call: the customer is told, hears what is written, and comes back to the assistant."""

from typing import Any
from uuid import uuid4

import pytest

from service.calls.wire import Manner, Owned, Say
from service.calls.words import AGENT_WRITES, BACK, HOLD, HOLD_AGAIN, HOLD_SHORT
from tests.service.calls.calling import call_of, texts
from tests.service.fake_rasa import text_reply
from tests.service.fake_voice import FakeVoice, tone
from tests.service.talk import Customer, Talk, until
from tests.service.test_hand_over import desk_of, signed_in
from vocabulary import Author, Owner


async def test_a_whole_hand_over_and_back(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    await customer.consent("voice")
    await customer.consent("face")
    _, call = await call_of(customer, voice)

    async def call_a_person(turn: dict[str, Any]) -> None:
        async with talk.services.db.transaction() as tx:
            await tx.escalations.request(customer.id, turn["message_id"], "asked for one", 50)

    talk.rasa.during_turn = call_a_person
    talk.rasa.answer = lambda _turn: [text_reply("I am passing you on to a person.")]
    await call.taken(await call.hear("a person please"))
    passing = await call.said("I am passing you on to a person.")
    hold = await call.said(HOLD_SHORT[0])
    assert (passing.interruptible, hold.interruptible) == (False, False)
    assert call.of(Say).index(passing) < call.of(Say).index(hold), "once, and after the assistant's own words"
    assert [one.owner for one in call.of(Owned)] == [Owner.WAITING]
    await until(lambda: call.permitted() == (False, False))

    desk, token = desk_of(talk), await signed_in(talk, await talk.staff())
    (entry,) = await desk.queue(token)
    assert entry.on_call
    await desk.claim(token, entry.escalation.id)
    await call.said("Kim Lee is with you now.")
    await desk.reply(token, customer.id, str(uuid4()), "Hello, I am Kim.")
    spoken = await call.said("Hello, I am Kim.")
    assert (spoken.author, spoken.manner) == (Author.AGENT, Manner())
    assert AGENT_WRITES in call.words()

    await call.taken(await call.hear("my kettle leaks", sound=tone(0.6)))
    case = await desk.case(token, customer.id)
    assert [message.text for message in case.messages][-1] == "my kettle leaks"
    assert case.call is not None and case.call.id == call.id
    assert len(talk.rasa.turns) == 1, "what is said to a person never reaches the assistant or a scorer"

    talk.rasa.during_turn = None
    await desk.hand_back(token, entry.escalation.id)
    await call.said(BACK[0])
    await until(lambda: call.permitted() == (True, True))
    talk.rasa.answer = lambda _turn: [text_reply("Back again.")]
    await call.hear("thanks")
    assert (await call.said("Back again.")).interruptible
    assert (await texts(customer))[-1] == "Back again."


async def test_whoever_waits_is_told_now_and_then(
    talk: Talk, customer: Customer, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = talk.services.calls._parts
    monkeypatch.setattr(talk.services.calls, "_parts", type(parts)(**{**vars(parts), "hold_every_s": 0.1}))
    await customer.hand_over()
    _, call = await call_of(customer, voice)
    assert call.words()[: len(HOLD)] == list(HOLD), "a call that begins while they wait says so first"
    await until(lambda: call.words().count(HOLD_AGAIN) >= 2)
    desk, token = desk_of(talk), await signed_in(talk, await talk.staff())
    await desk.claim(token, (await desk.queue(token))[0].escalation.id)
    await call.said("Kim Lee is with you now.")
    told = call.words().count(HOLD_AGAIN)
    await customer.write("hello?")
    await customer.settled()
    assert call.words().count(HOLD_AGAIN) == told


async def test_the_desk_sees_what_was_heard_of_an_answer_and_how_long_each_step_took(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    message = await call.hear("how long does it take")
    await call.said("You said: how long does it take.")
    await call.measure(message, turn_end=0.5, transcript=0.6, accepted=0.65, answered=0.9, spoken=1.0, first_audio=1.1)
    await customer.hand_over()
    desk, token = desk_of(talk), await signed_in(talk, await talk.staff())
    await until(lambda: 'stage="first_audio"' in talk.services.metrics.text().decode())
    case = await desk.case(token, customer.id)
    assert case.call_turns[message].stages() == {
        "turn_end": 0.5, "transcript": 0.6, "accepted": 0.65, "answered": 0.9, "spoken": 1.0, "first_audio": 1.1,
    }  # fmt: skip
    await talk.services.calls.end(call.id, "asked")
    assert (await desk.case(token, customer.id)).call is None
