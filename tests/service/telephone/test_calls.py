"""Whole calls by telephone, replayed by a provider that signs, streams, presses keys and hangs up as Twilio does."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from privacy import SPOKEN_NOTICE_VERSION
from service.telephone.words import BUSY, INTERRUPTED, OUT_OF_ORDER
from tests.flite import Speak
from tests.service.talk import until
from tests.service.telephone.line import Line, line
from tests.service.telephone.provider import SITE, TOKEN, Stream, new_call
from tests.service.voice.fake_web import FakeEars, samples_of
from vocabulary import Author, Owner, Signal


async def greeted(open_line: Line) -> None:
    """Wait until the notice and the question were made."""
    await until(lambda: "What can we do for you?" in open_line.said, within_s=8)


def heard_something(stream: Stream) -> bool:
    """Whether the greeting has begun."""
    return stream.count("media") > 0


async def test_a_whole_call_is_heard_allowed_answered_and_ended(tmp_path: Path, speak: Speak) -> None:
    question = samples_of(speak("Where is my order?", "slt"))
    call = new_call()
    async with line(tmp_path, ears=FakeEars("Where is my order?")) as shop, shop.call(call) as stream:
        await greeted(shop)
        first, *_, last = [text for text, _ in shop.voice.spoken]
        assert "automated assistant" in first and "Press 1" in shop.said and last == "What can we do for you?"
        assert await shop.allowed(call) == frozenset(), "nobody has said yes"
        await stream.press("1")
        await until(lambda: "scored from now on" in shop.said)
        assert await shop.allowed(call) == {Signal.TEXT, Signal.VOICE}
        before = stream.loud_s()
        await stream.say(question)
        await stream.quiet(1.2)
        await until(lambda: "You said: Where is my order?" in shop.said)
        await stream.until(lambda it: it.loud_s() > before + 0.05)
        assert [(message.author, message.text) for message in await shop.messages(call)] == [
            (Author.CUSTOMER, "Where is my order?"),
            (Author.BOT, "You said: Where is my order?"),
        ]
        assert shop.talk.rasa.turns[0]["metadata"]["clip_id"], "with a yes the sound is scored"
        await stream.press("2")
        await until(lambda: "Nothing is scored now" in shop.said)
        assert await shop.allowed(call) == frozenset()
        assert 0.4 < shop.ears.sounds[0] < 3
        assert stream.count("mark") >= 2 and stream.count("media") > 10
        await stream.send("stop", stop={"accountSid": "x", "callSid": call})
        await stream.closed()
        await until(lambda: shop.live == 0)
        after = await shop.provider.after(call)
        assert after.verbs == ["Hangup"] and after.says == ""
        conversation = await shop.conversation(call)
        assert conversation.channel == "telephone"
        assert (await shop.known(call)).number == "+4915112345678"
        async with shop.talk.services.db.reading() as tx:
            entries = await tx.consents.history(conversation.customer_id)
            ended = await tx.calls.of_conversation(conversation.id)
        assert {entry.text_version for entry in entries if entry.granted} == {SPOKEN_NOTICE_VERSION}
        assert [(one.transport, one.because) for one in ended] == [("telephone", "asked")]


async def test_the_caller_breaks_in_and_the_provider_s_buffer_is_cleared(tmp_path: Path, speak: Speak) -> None:
    question = samples_of(speak("Stop, where is my order?", "slt"))
    ears = FakeEars("Stop, where is my order?")
    async with line(tmp_path, ears=ears, pace_s=0.1) as shop, shop.call() as stream:
        await stream.until(lambda it: it.loud_s() > 0.3)
        await stream.say(question)
        await stream.quiet(1.0)
        await until(lambda: "You said: Stop" in shop.said)
        await stream.until(lambda it: it.count("clear") > 0)
        assert shop.talk.rasa.turns[0]["metadata"]["clip_id"] is None, "no yes: heard, not scored"
        assert "Nothing is scored unless you do." not in shop.said, "the rest of the greeting was dropped"


async def test_a_key_makes_it_quiet_and_zero_calls_a_person(tmp_path: Path) -> None:
    call = new_call()
    async with line(tmp_path) as shop, shop.call(call) as stream:
        await stream.until(heard_something)
        await stream.press("0")
        await until(lambda: len(shop.talk.rasa.turns) == 1)
        messages = await shop.messages(call)
        assert messages[0].text == "I would like to talk to a person."
        for nothing in ("7", "#", "", "11", "one"):
            await stream.press(nothing)
        for _ in range(30):
            await stream.press("1")
        await stream.press("2")
        await stream.press("1" * 40)
        await until(lambda: "Nothing is scored now" in shop.said)
        await asyncio.sleep(0.2)
        assert await shop.allowed(call) == frozenset(), "the last word counts, whatever was held down before"
        assert len(await shop.messages(call)) == 2


async def test_more_is_told_on_the_star_and_minors_are_told_no(tmp_path: Path) -> None:
    call = new_call()
    async with line(tmp_path) as shop, shop.call(call) as stream:
        await stream.until(heard_something)
        await stream.press("*")
        await until(lambda: "never change a price" in shop.said)
        conversation = await shop.conversation(call)
        async with shop.talk.services.db.transaction() as tx:
            await tx.consents.set_minor(conversation.customer_id, True)
        await stream.press("1")
        await until(lambda: "under 18, so nothing is scored" in shop.said)
        assert await shop.allowed(call) == frozenset()


async def test_only_the_provider_gets_in(tmp_path: Path) -> None:
    async with line(tmp_path) as shop:
        provider, call = shop.provider, new_call()
        for wrong in ("", "wrong", "GvWf1cFY/Q7PnoempGyD5oXAezc="):
            for path in ("voice", "after", "status"):
                refused = await provider.post(path, call, signed=wrong)
                assert (refused.status_code, refused.json()["error"]["code"]) == (403, "wrong_signature")
                assert TOKEN not in refused.text
            with pytest.raises(InvalidStatus) as closed:
                async with provider.stream(call, "ticket", signed=wrong):
                    pass
            assert closed.value.response.status_code == 403
        other = await provider.post("voice", call, AccountSid="AC" + "f" * 32)
        assert other.status_code == 403, "signed, but about another account"
        assert (await provider.post("voice", "CA1")).status_code == 403
        async with shop.talk.services.db.reading() as tx:
            assert await tx.telephone.find(call) is None


async def test_a_replayed_request_begins_no_second_call(tmp_path: Path) -> None:
    async with line(tmp_path) as shop:
        provider, call = shop.provider, new_call()
        both = await asyncio.gather(provider.rings(call), provider.rings(call))
        assert both[0].ticket == both[1].ticket, "asked again because the answer was lost"
        assert both[0].stream_url == f"wss://{SITE.removeprefix('https://')}/api/telephone/twilio/media"
        assert both[0].action == f"{SITE}/api/telephone/twilio/after"
        ticket = both[0].ticket or ""
        async with provider.stream(call, ticket) as stream:
            await stream.begin()
            await stream.until(heard_something)
            assert (await provider.rings(call)).verbs == ["Hangup"]
            async with provider.stream(call, ticket) as second:
                await second.begin()
                assert (await second.closed())[0] == 4403, "a ticket opens one stream"
            await stream.press("*")
            await until(lambda: "never change a price" in shop.said)
            assert shop.live == 1, "and the first one goes on"
        await until(lambda: shop.live == 0)
        assert (await provider.rings(call)).verbs == ["Hangup"]


async def test_a_stream_that_shows_nothing_or_another_s_ticket_is_closed(tmp_path: Path) -> None:
    async with line(tmp_path) as shop:
        provider, call, other = shop.provider, new_call(), new_call()
        ticket = (await provider.rings(call)).ticket or ""
        for wrong, changes in (
            ("wrong", {}),
            (ticket, {"callSid": other}),
            (ticket, {"accountSid": "AC" + "f" * 32}),
            (ticket, {"customParameters": None}),
            (ticket, {"callSid": [call]}),
        ):
            async with provider.stream(call, wrong) as stream:
                await stream.begin(**changes)
                assert (await stream.closed())[0] == 4403
        for junk in ("", "{", "[]", '{"event": "media"}', "x" * 20_000, "[" * 10_000, b"\x00\xff"):
            async with provider.stream(call, ticket) as stream:
                for _ in range(4):
                    await stream.raw(junk)
                assert (await stream.closed())[0] == 4400
        assert shop.live == 0
        async with provider.stream(call, ticket) as stream:
            await stream.begin()
            await stream.until(heard_something)


async def test_broken_and_hostile_frames_do_not_end_a_call(tmp_path: Path) -> None:
    async with line(tmp_path) as shop, shop.call() as stream:
        await stream.until(heard_something)
        for junk in (
            '{"event"',
            "null",
            "4",
            '"media"',
            '{"event": 4}',
            '{"event": "dtmf", "dtmf": "1"}',
            b"\xff" * 50,
        ):
            await stream.raw(junk)
        await stream.send("media", media={"payload": "%%%"})
        await stream.send("media", media={"payload": 7})
        await stream.send("media", media=[])
        await stream.send("dtmf", dtmf={"digit": ["1"]})
        await stream.send("mark", mark={"name": "never sent"})
        await stream.raw("x" * 60_000)
        await stream.begin(streamSid="MZ-second")
        await stream.press("*")
        await until(lambda: "never change a price" in shop.said)
        assert shop.live == 1


async def test_a_call_is_taken_up_again_after_its_voice_process_is_gone(tmp_path: Path) -> None:
    call = new_call()
    async with line(tmp_path) as shop, shop.call(call) as stream:
        await stream.until(heard_something)
        await shop.process.app.state.calls.close()
        await stream.closed()
        again = await shop.provider.after(call)
        assert again.says == INTERRUPTED and again.ticket is not None
        made = len(shop.voice.spoken)
        async with shop.provider.stream(call, again.ticket) as second:
            await second.begin()
            await until(lambda: len(shop.voice.spoken) > made)
            assert "Press 1" not in " ".join(text for text, _ in shop.voice.spoken[made:]), "once is enough"
            assert not await shop.messages(call)
        async with shop.talk.services.db.reading() as tx:
            calls = await tx.calls.of_conversation((await shop.known(call)).conversation_id)
        assert (calls[0].because, len(calls)) == ("voice_down", 2)


async def test_a_full_house_and_a_dead_line_are_said_in_words(tmp_path: Path) -> None:
    async with line(tmp_path) as shop:
        shop.process.app.state.calls.places = 0
        full = await shop.provider.rings(new_call())
        assert full.verbs == ["Say", "Hangup"] and full.says in (BUSY, OUT_OF_ORDER)


async def test_the_provider_s_status_ends_a_call_and_an_agent_s_words_are_spoken(tmp_path: Path) -> None:
    call = new_call()
    async with line(tmp_path) as shop, shop.call(call) as stream:
        await stream.until(heard_something)
        conversation = await shop.conversation(call)
        agent = await shop.talk.staff()
        async with shop.talk.services.db.transaction() as tx:
            escalation = await tx.escalations.request(conversation.id, "message-0001", "asked", 50)
            await tx.escalations.claim(escalation.id, agent)
        shop.talk.services.hub.publish(conversation.id, {"type": "owner", "owner": Owner.AGENT.value})
        await until(lambda: "I read out what they write" in shop.said)
        async with shop.talk.services.db.transaction() as tx:
            await tx.inbox.add_agent_message(conversation.id, agent, "message-0002", "I look into it at once.")
        shop.talk.services.hub.messages_changed(conversation.id)
        await until(lambda: "I look into it at once." in shop.said)
        assert (await shop.provider.post("status", call, CallStatus="in-progress")).status_code == 204
        assert shop.live == 1
        assert (await shop.provider.post("status", call, CallStatus="completed")).status_code == 204
        await stream.closed()
        await until(lambda: shop.live == 0)


async def test_two_callers_from_one_number_are_two_conversations(tmp_path: Path) -> None:
    first, second = new_call(), new_call()
    async with line(tmp_path) as shop, shop.call(first) as one, shop.call(second, From="anonymous") as two:
        await one.until(heard_something)
        await two.until(heard_something)
        await one.press("1")
        await until(lambda: "scored from now on" in shop.said)
        assert await shop.allowed(first) == {Signal.TEXT, Signal.VOICE}
        assert await shop.allowed(second) == frozenset(), "a yes of one caller is no other's"
        assert (await shop.known(second)).number is None
        assert (await shop.conversation(first)).customer_id != (await shop.conversation(second)).customer_id
        two.answers_marks = False


def test_sound_of_the_test_is_not_silence() -> None:
    stream = Stream(None, "", "")  # type: ignore[arg-type]
    from speech import ToTelephone

    tone = (8000 * np.sin(np.arange(16_000) / 4)).astype(np.int16)
    stream.sound += ToTelephone().take(tone)
    assert stream.loud_s() > 0.9
