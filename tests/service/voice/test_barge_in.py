"""The customer speaks while the assistant does: whole calls over a socket, with doubles for recogniser and voice."""

import asyncio
from pathlib import Path

import numpy as np

from service.calls import wire
from tests.flite import Speak
from tests.service.voice.fake_web import Customer, FakeEars, FakeVoice, samples_of, voice_process
from tests.service.voice.test_socket_call import SOCKET, say


def silent_after(customer: Customer, at: float) -> float:
    """Seconds from a moment to the last loud frame before the first half second of silence."""
    loud = [when for when, is_loud in customer.arrivals if is_loud and when >= at]
    ends = [when for when, then in zip(loud, [*loud[1:], float("inf")], strict=True) if then - when > 0.3]
    return ends[0] - at


async def test_an_interruption_is_obeyed_at_once_and_its_words_become_a_turn(tmp_path: Path, speak: Speak) -> None:
    words = samples_of(speak("Stop, I want something else.", "slt"))
    first = int(np.flatnonzero(np.abs(words.astype(int)) > 600)[0]) / 16_000
    async with (
        voice_process(tmp_path, ears=FakeEars("stop I want something else"), voice=FakeVoice(0.1)) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.wait(wire.Ready)
        await web.send(say("reply-1", "A long sentence that goes on and on and on.", "And another one."))
        await web.wait(wire.Said)
        await customer.be_quiet(0.8)
        began = asyncio.get_running_loop().time() + first
        await customer.say(words)
        await customer.be_quiet(1.2)
        heard = await web.wait(wire.Heard)
        assert heard.interrupted == "reply-1"
        assert silent_after(customer, began) < 0.6, "the target is 0.4 s; two busy cores are given more"
        states = [(said.index, said.state) for said in web.all(wire.Said)]
        assert states == [(0, "began"), (0, "broken_off")], "the rest is dropped"
        assert {"type": "broken_off", "reply": "reply-1", "index": 0} in customer.told


async def test_what_must_be_heard_whole_is_not_broken_off(tmp_path: Path, speak: Speak) -> None:
    async with (
        voice_process(tmp_path, ears=FakeEars("stop"), voice=FakeVoice(0.1)) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.wait(wire.Ready)
        await web.send(say("notice", "A person takes over now.", interruptible=False))
        await web.wait(wire.Said)
        await customer.say(samples_of(speak("Stop it.", "slt")))
        quiet = asyncio.create_task(customer.be_quiet(1.5))
        await web.wait(wire.Said, lambda said: said.state == "ended")
        assert [said.state for said in web.all(wire.Said)] == ["began", "ended"]
        await quiet
