"""What is heard becomes messages, what is answered is read out, and nothing is taken without leave."""

from pathlib import Path
from uuid import uuid4

import pytest

from service.calls.saying import awaited, manner_of, say
from service.calls.wire import Manner, Say, Sentence, Taken
from service.calls.words import AGAIN, GREETING, LATE, TOO_LONG
from store import Button, MediaError, Message
from tests.service.calls.calling import call_of, texts
from tests.service.fake_rasa import text_reply
from tests.service.fake_voice import FakeVoice, tone
from tests.service.talk import Customer, Talk, until
from tests.service.test_consent import assessment
from vocabulary import Author, Decision, Mode, Owner, Purpose, Signal


def media(talk: Talk) -> list[Path]:
    folder = talk.services.settings.media_dir
    return list(folder.glob("*.media")) if folder.is_dir() else []


async def test_a_spoken_turn_is_stored_answered_and_the_answer_read_out(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    message = await call.hear("where is my order")
    assert await call.taken(message) == Taken(message=message, text="where is my order")
    spoken = await call.said("You said: where is my order.")
    assert (spoken.answers, spoken.author, spoken.interruptible, spoken.awaits) == (message, Author.BOT, True, None)
    assert spoken.sentences[0].start == 0
    stored = (await customer.settled())[0]
    assert (stored.id, stored.spoken, stored.clip_id) == (message, True, None)
    assert spoken.reply == (await customer.history())[1].id


async def test_the_greeting_says_what_speaks_and_comes_before_anything_else(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    assert call.words() == list(GREETING)
    await talk.services.calls.end(call.id, "asked")
    await customer.say("something in writing")
    _, again = await call_of(customer, voice)
    assert again.words() == list(AGAIN), "what was answered before the call is not read out"


async def test_what_is_typed_in_a_call_is_answered_aloud_as_well(customer: Customer, voice: FakeVoice) -> None:
    _, call = await call_of(customer, voice)
    await customer.write("typed")
    assert (await call.said("You said: typed.")).author is Author.BOT


async def test_without_consent_a_turn_is_words_only_whatever_the_voice_process_sends(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    assert call.permitted() == (False, False)
    kept: list[int] = []

    async def look(_turn: object) -> None:
        kept.append(len(media(talk)))

    talk.rasa.during_turn = look
    message = str(uuid4())
    await call.see(message)
    await call.taken(await call.hear("hello there", message=message, sound=tone(0.6)))
    await customer.settled()
    await until(lambda: bool(talk.rasa.turns))
    assert kept == [0]
    assert talk.rasa.turns[0]["metadata"] == {"clip_id": None, "frame_ids": []}


async def test_with_consent_clip_and_pictures_reach_their_turn_and_are_gone_after_it(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    await customer.consent("voice")
    await customer.consent("face")
    _, call = await call_of(customer, voice)
    assert call.permitted() == (True, True)
    message = str(uuid4())
    await call.see(message)
    await call.see(message)
    await call.taken(await call.hear("hello there", message=message))
    await customer.settled()
    (turn,) = talk.rasa.turns
    assert turn["metadata"]["clip_id"] and len(turn["metadata"]["frame_ids"]) == 2
    await until(lambda: not media(talk))


async def test_consent_that_changes_in_a_call_counts_from_the_next_picture_on(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    await customer.consent("face")
    _, call = await call_of(customer, voice)
    message = str(uuid4())
    await call.see(message)
    await until(lambda: len(media(talk)) == 1)
    await customer.consent("face", granted=False)
    assert media(talk) == [], "the picture that waited went with the answer"
    await call.see(message)
    await call.hear("still here", message=message, sound=tone(0.6))
    await call.taken(message)
    assert call.permitted() == (False, False)
    await customer.settled()
    assert talk.rasa.turns[0]["metadata"] == {"clip_id": None, "frame_ids": []}
    assert media(talk) == []
    await customer.consent("voice")
    await until(lambda: call.permitted() == (True, False))


async def test_pictures_whose_message_never_comes_go_with_the_call(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    await customer.consent("face")
    _, call = await call_of(customer, voice)
    await call.see(str(uuid4()))
    await until(lambda: len(media(talk)) == 1)
    await talk.services.calls.end(call.id, "asked")
    assert media(talk) == []


async def test_a_turn_that_the_inbox_refuses_is_said_so_and_the_call_goes_on(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    refused = await call.taken(await call.hear("x" * 5000))
    assert refused.code and refused.says
    repeated = await call.hear("well", message="message-0001")
    await call.hear("well", message="message-0001")
    await call.said("You said: well.")
    assert [one.text for one in call.of(Taken) if one.message == repeated] == ["well", "well"]
    assert await texts(customer) == ["well", "You said: well"]
    assert (await call.taken(await call.hear("bad id", message="no"))).code == "invalid_message_id"


async def test_a_notice_that_an_answer_is_late_is_said(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    _, call = await call_of(customer, voice)
    talk.rasa.delay_s = 0.4
    await call.hear("take your time")
    # Not the long words of the page: they would hold up the answer that comes a moment later.
    await until(lambda: LATE in call.words())
    assert len(LATE) < 25
    await call.said("You said: take your time.")


async def test_what_a_form_asks_for_is_waited_for_longer(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    _, call = await call_of(customer, voice)
    talk.rasa.awaits = "shop_order_number"
    talk.rasa.answer = lambda _turn: [text_reply("I can look."), text_reply("Which order number is it?")]
    await call.hear("where is it")
    assert (await call.said("Which order number is it?")).awaits == "shop_order_number"
    assert (await call.said("I can look.")).awaits is None
    talk.rasa.awaits = "shop_confirm"
    await call.hear("four one seven")
    await until(lambda: len(call.of(Say)) == 5)
    assert call.of(Say)[-1].awaits is None


async def test_the_mode_sets_the_pace(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    _, call = await call_of(customer, voice)

    async def read(turn: dict[str, str]) -> None:
        async with talk.services.db.transaction() as tx:
            decision = Decision(Mode.SLOW, True, False, "They asked twice.")
            await tx.assessments.save(assessment(customer.id, turn["message_id"]), decision)

    talk.rasa.during_turn = read
    await call.hear("slowly please")
    assert (await call.said("You said: slowly please.")).manner == Manner(rate=0.85, pause_s=0.45)
    await customer.consent("text")
    await customer.consent("text", granted=False)
    talk.rasa.during_turn = None
    await call.hear("thanks")
    assert (await call.said("You said: thanks.")).manner == Manner()


@pytest.mark.parametrize(
    ("slot", "waits"),
    [
        ("shop_order_number", True), ("shop_proof", True), ("email", True), ("postcode", True), (None, False),
        ("shop_confirm", False), ("shop_complaint_text", False), ("shop_item", False),
    ],
)  # fmt: skip
def test_only_what_has_to_be_looked_up_is_waited_for(slot: str | None, waits: bool) -> None:
    assert awaited(slot) == (slot if waits else None)


def message(author: Author = Author.BOT, text: str = "One. Two.", **parts: object) -> Message:
    from datetime import UTC, datetime

    return Message("m_1", "c_1", 1, author, text, None, datetime.now(UTC), **parts)  # type: ignore[arg-type]


def test_a_customer_s_own_words_are_never_read_out() -> None:
    assert say(message(Author.CUSTOMER), owner=Owner.BOT, manner=Manner()) is None


def test_a_message_with_nothing_to_read_is_not_said() -> None:
    assert say(message(text=""), owner=Owner.BOT, manner=Manner()) is None


def test_sentences_say_where_they_stand_and_buttons_follow() -> None:
    spoken = say(message(text="Hi 👋 there. Bye.", buttons=(Button("Later", "/x"),)), owner=Owner.BOT, manner=Manner())
    assert spoken is not None
    last, places = spoken.sentences[-1], [(one.start, one.end) for one in spoken.sentences]
    assert last == Sentence(text=last.text, part="buttons") and "Later" in last.text
    assert places == [(0, 12), (13, 17), (None, None)], "in UTF-16 units, as browsers count"


def test_an_agent_s_words_are_spoken_as_usual_and_the_passing_on_is_heard_whole() -> None:
    slow = manner_of(Mode.SLOW)
    agent = say(message(Author.AGENT), owner=Owner.AGENT, manner=slow)
    passing = say(message(), owner=Owner.WAITING, manner=slow)
    assert agent is not None and passing is not None
    assert (agent.manner, agent.interruptible) == (Manner(), True)
    assert (passing.manner, passing.interruptible) == (slow, False)


def test_an_endless_answer_is_pointed_to() -> None:
    spoken = say(message(text="word " * 3000), owner=Owner.BOT, manner=Manner())
    assert spoken is not None and [one.text for one in spoken.sentences] == [TOO_LONG]


async def test_a_yes_to_a_notice_without_calls_covers_neither_clip_nor_picture_of_a_call(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    async with talk.services.db.transaction() as tx:
        conversation = await tx.conversations.get(customer.id)
        assert conversation is not None
        for signal in (Signal.TEXT, Signal.VOICE, Signal.FACE):
            await tx.consents.answer(conversation.customer_id, signal, Purpose.ASSIST, True, "4")
    assert (await customer.get("calls/settings")).json()["covered"] == ["text"]
    _, call = await call_of(customer, voice, camera=True)
    assert call.permitted() == (False, False)
    message = str(uuid4())
    await call.see(message)
    await call.taken(await call.hear("hello there", message=message, sound=tone(0.6)))
    await customer.settled()
    assert talk.rasa.turns[0]["metadata"] == {"clip_id": None, "frame_ids": []}

    await customer.consent("voice")
    await until(lambda: call.permitted() == (True, False))
    assert (await customer.get("calls/settings")).json()["covered"] == ["text", "voice"]


async def test_sound_that_comes_while_a_person_answers_is_kept_nowhere(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    await customer.consent("voice")
    await customer.consent("face")
    _, call = await call_of(customer, voice, camera=True)
    async with talk.services.db.transaction() as tx:
        await tx.conversations.set_owner(customer.id, Owner.AGENT)
    message = str(uuid4())
    await call.see(message)
    taken = await call.taken(await call.hear("are you there", message=message, sound=tone(0.6)))
    assert taken.code is None
    assert not media(talk)


@pytest.mark.parametrize("broken", [MediaError("the folder is full"), ValueError("a customer's words")])
async def test_what_was_said_survives_its_sound_or_the_customer_is_told(
    talk: Talk, customer: Customer, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    await customer.consent("voice")
    _, call = await call_of(customer, voice)

    def fail(*_: object) -> str:
        raise broken

    monkeypatch.setattr(talk.services.media, "put_clip", fail)
    taken = await call.taken(await call.hear("my kettle leaks"))
    assert taken.code == (None if isinstance(broken, MediaError) else "failed")
    assert ("my kettle leaks" in await texts(customer)) is isinstance(broken, MediaError)
    monkeypatch.undo()
    assert (await call.taken(await call.hear("and it is loud"))).code is None
