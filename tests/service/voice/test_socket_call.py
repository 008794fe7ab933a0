"""Whole calls over the WebSocket line, in real time, with doubles for the recogniser and the voice."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from service.calls import wire
from service.errors import Unavailable
from tests.flite import Speak
from tests.service.voice.fake_web import FakeEars, FakeVoice, samples_of, voice_process
from vocabulary import Author

SOCKET = wire.Start(transport="websocket", voice=True)


def say(reply: str, *texts: str, answers: str | None = None, **more: object) -> wire.Say:
    sentences = tuple(wire.Sentence(text=text, start=0, end=len(text)) for text in texts)
    return wire.Say(reply=reply, author=Author.BOT, sentences=sentences, answers=answers, **more)  # type: ignore[arg-type]


async def test_a_turn_is_heard_and_its_answer_is_spoken(tmp_path: Path, speak: Speak) -> None:
    question = samples_of(speak("Where is my order?", "slt"))
    async with (
        voice_process(tmp_path, ears=FakeEars("Where is my order?"), voice=FakeVoice()) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        ready = await web.wait(wire.Ready)
        assert (ready.engine, ready.voice) == ("a double", "a tone")
        await customer.say(question)
        await customer.be_quiet(1.2)
        heard = await web.wait(wire.Heard)
        assert heard.text == "Where is my order?"
        assert [word.text for word in heard.words] == heard.text.split()
        clip = web.payload_of(wire.Heard)
        assert 0.4 < len(clip) / 32_000 <= len(question) / 16_000
        assert heard.seconds == pytest.approx(len(clip) / 32_000)
        await web.send(wire.Taken(message=heard.message, text=heard.text))
        await web.send(say("reply-1", "It comes on Monday.", "Is that all?", answers=heard.message))
        await web.wait(wire.Said, lambda said: (said.index, said.state) == (1, "ended"))
        measured = await web.wait(wire.Measured)
        assert measured.message == heard.message
        stages = measured.stages
        assert stages.turn_end is not None and 0.5 < stages.turn_end < 1.2
        order = [
            stages.turn_end,
            stages.transcript,
            stages.accepted,
            stages.answered,
            stages.spoken,
            stages.first_audio,
        ]
        assert order == sorted(order), "one after the other"
        assert [told["text"] for told in customer.told if told["type"] == "caption"] == [
            "It comes on Monday.",
            "Is that all?",
        ]
        states = [told["state"] for told in customer.told if told["type"] == "state"]
        assert [state for at, state in enumerate(states) if state != (states[at - 1] if at else "")][:5] == [
            *("listening", "hearing", "thinking", "speaking", "listening")
        ]
        loud_s = np.count_nonzero(np.abs(np.frombuffer(bytes(customer.heard), dtype="<i2").astype(int)) > 200) / 16_000
        assert loud_s == pytest.approx(0.03 * len("It comes on Monday.Is that all?"), rel=0.15)
        await web.send(wire.End(because="asked"))
        ended = await web.wait(wire.Ended)
        assert ended.because == "asked" and ended.frames > 40
        assert customer.told[-1] == {"type": "bye", "because": "asked"}
        assert len(process.app.state.calls) == 0


async def test_without_leave_for_the_voice_words_come_alone(tmp_path: Path, speak: Speak) -> None:
    ears = FakeEars("yes")
    async with (
        voice_process(tmp_path, ears=ears, voice=FakeVoice()) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.wait(wire.Ready)
        await web.send(wire.Permitted(voice=False, face=False))
        await customer.say(samples_of(speak("Yes.", "slt")))
        await customer.be_quiet(0.9)
        assert (await web.wait(wire.Heard)).text == "yes"
        assert web.payload_of(wire.Heard) == b""


async def test_a_turn_without_words_is_told_and_is_no_message(tmp_path: Path, speak: Speak) -> None:
    async with (
        voice_process(tmp_path, ears=FakeEars(""), voice=FakeVoice()) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.wait(wire.Ready)
        await customer.say(samples_of(speak("Where is my order?", "slt")))
        await customer.be_quiet(0.9)
        assert (await web.wait(wire.NotHeard)).code == "no_speech"
        assert {"type": "not_heard", "code": "no_speech"} in customer.told
        assert web.all(wire.Heard) == []


async def test_a_recogniser_that_is_down_is_told_and_the_call_goes_on(tmp_path: Path, speak: Speak) -> None:
    ears = FakeEars()
    ears.failure = Unavailable("transcriber", "down")
    async with (
        voice_process(tmp_path, ears=ears, voice=FakeVoice()) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.wait(wire.Ready)
        await customer.say(samples_of(speak("Where is my order?", "slt")))
        await customer.be_quiet(1.0)
        assert (await web.wait(wire.Trouble)).code == "recogniser"
        assert {"type": "trouble", "code": "recogniser"} in customer.told
        await web.send(say("reply-1", "Please type."))
        assert (await web.wait(wire.Said, lambda said: said.state == "ended")).reply == "reply-1"
        assert web.all(wire.Heard) == []


async def test_the_customer_makes_it_quiet_and_hangs_up(tmp_path: Path) -> None:
    async with (
        voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice(0.1)) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.send(say("reply-1", "A long sentence that goes on.", "And another one."))
        await web.wait(wire.Said)
        await customer.socket.send('{"type": "ping"}')
        await customer.socket.send('{"type": "stop"}')
        await web.wait(wire.Said, lambda said: said.state == "broken_off")
        await asyncio.sleep(0.15)
        before = len(customer.heard)
        await asyncio.sleep(0.3)
        assert len(customer.heard) == before, "nothing follows"
        assert "pong" in customer.types()
        for unknown in ('{"type": "whatever"}', "[]", "no json", '{"type": 4}'):
            await customer.socket.send(unknown)
        await customer.socket.send('{"type": "bye"}')
        assert (await web.wait(wire.Ended)).because == "customer"


async def test_slow_is_slower_and_sentences_are_made_ahead(tmp_path: Path) -> None:
    voice = FakeVoice(0.02)
    manner = wire.Manner(rate=0.5, pause_s=0.5)
    async with (
        voice_process(tmp_path, ears=FakeEars(), voice=voice) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.send(say("r", "Ten chars.", "Ten chars.", "Ten chars.", "Ten chars.", manner=manner))
        await web.wait(wire.Said, lambda said: said.state == "began")
        await asyncio.sleep(0.1)
        # One sounds, two are ready, the fourth waits.
        assert len(voice.spoken) == 3
        await web.wait(wire.Said, lambda said: (said.index, said.state) == (1, "began"))
        await asyncio.sleep(0.1)
        loud = [at for at, is_loud in customer.arrivals if is_loud]
        gaps = np.diff(loud)
        assert loud[-1] - loud[0] >= 0.4 + 0.5 - 0.05, "0.4 s for what takes 0.2 s at the usual pace, then the pause"
        assert gaps.max() == pytest.approx(0.5, abs=0.08)
        assert {rate for _, rate in voice.spoken} == {0.5}


async def test_strangers_and_broken_starts_are_refused(tmp_path: Path) -> None:
    async with voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice(), voice_calls=1) as process:
        stranger = type(process)(process.port, "wrong", process.app, None, None)
        for path in (stranger.call(SOCKET), stranger.customer()):
            with pytest.raises(InvalidStatus):
                async with path:
                    pass
        with pytest.raises(InvalidStatus):
            async with process.customer("no-such-call"):
                pass
        async with process.call(SOCKET, "first"):
            async with process.call(SOCKET, "second") as second:
                assert (await second.wait(wire.Ended)).because == "full"
            async with process.call(wire.Start(transport="webrtc", offer="v=0"), "third") as third:
                assert (await third.wait(wire.Ended)).because == "full"
        async with process.call(wire.Start(transport="webrtc", offer="no sdp"), "fourth") as fourth:
            assert (await fourth.wait(wire.Trouble)).code == "offer"
            assert (await fourth.wait(wire.Ended)).because == "offer"
