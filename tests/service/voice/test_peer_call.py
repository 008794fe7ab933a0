"""Whole calls by WebRTC, with aiortc as the browser."""

import asyncio
from pathlib import Path

import cv2
import numpy as np

from service.calls import wire
from tests.flite import Speak
from tests.service.voice.browser import Browser
from tests.service.voice.fake_web import FakeEars, FakeVoice, samples_of, voice_process
from tests.service.voice.test_socket_call import say


def loud_seconds(pcm: bytes) -> float:
    samples = np.frombuffer(bytes(pcm), dtype="<i2").astype(int)
    frames = np.abs(samples[: samples.size // 320 * 320].reshape(-1, 320)).max(axis=1)
    return float(np.count_nonzero(frames > 400) * 0.02)


async def test_a_call_with_camera_and_consent_that_changes(tmp_path: Path, speak: Speak) -> None:
    browser = Browser(camera=True)
    start = wire.Start(transport="webrtc", offer=await browser.offer(), camera=True, voice=True, face=True)
    async with (
        voice_process(tmp_path, ears=FakeEars("yes please"), voice=FakeVoice()) as process,
        process.call(start) as web,
    ):
        answer = await web.wait(wire.Answer)
        assert answer.sdp is not None and "a=candidate" in answer.sdp
        await browser.take(answer.sdp)
        await web.wait(wire.Ready)
        browser.send(type="ping")
        await web.send(say("hello", "Hello, how can I help?"))
        await web.wait(wire.Said, lambda said: said.state == "ended")
        browser.microphone.say(samples_of(speak("Yes, please.", "slt")))
        heard = await web.wait(wire.Heard)
        assert heard.text == "yes please" and len(web.payload_of(wire.Heard)) > 10_000
        pictures = [(message, payload) for message, payload in web.got if isinstance(message, wire.Picture)]
        assert 1 <= len(pictures) <= 5 and {message.message for message, _ in pictures} == {heard.message}
        picture = cv2.imdecode(np.frombuffer(pictures[0][1], dtype=np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None and max(picture.shape[:2]) == 640
        assert np.abs(picture.mean(axis=(0, 1)) - (200, 120, 30)).max() < 15, "the camera's colour, as BGR"
        assert 0.5 < loud_seconds(browser.heard) < 0.9, "0.66 s of a tone"
        assert {"pong", "state", "caption"} <= set(browser.types())

        await web.send(wire.Permitted(voice=False, face=False))
        await asyncio.sleep(0.1)
        browser.microphone.say(samples_of(speak("Yes, please.", "slt")))
        second = await web.wait(wire.Heard, lambda one: one.message != heard.message)
        assert len(web.all(wire.Picture)) == len(pictures), "not one more"
        assert [payload for message, payload in web.got if message is second] == [b""]

        # The network changes: another peer connection of the same page, while the old one falls silent.
        again = Browser()
        await web.send(wire.Offer(sdp=await again.offer()))
        await browser.close()
        renewed = await web.wait(wire.Answer, lambda one: one.sdp != answer.sdp)
        assert renewed.sdp is not None
        await again.take(renewed.sdp)
        await asyncio.sleep(0.2)
        await web.send(say("still", "Still here."))
        await web.wait(wire.Said, lambda said: (said.reply, said.state) == ("still", "ended"))
        await asyncio.sleep(0.2)
        assert loud_seconds(again.heard) > 0.25
        await web.send(wire.End(because="erased"))
        assert (await web.wait(wire.Ended)).because == "erased"
        ours = [told for told in again.told if told["type"] != "signalling"]
        assert ours[-1] == {"type": "bye", "because": "erased"}
        await again.close()
        await asyncio.sleep(0.05)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert [task.get_coro().__qualname__ for task in left if not task.done()] == []  # type: ignore[union-attr]
