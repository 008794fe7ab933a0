"""What must hold however a recording's request ends: no worker is lost, and no sound lies on the disk unencrypted."""

import asyncio
import logging
import tempfile
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from starlette import formparsers

from service.hearing import Heard, NotHeard
from service.listener import Listener
from speech import SpeechSetup
from tests.service.talk import Talk, until
from tests.service.test_ears import Room
from vocabulary import Clip


async def test_caller_who_hangs_up_while_the_worker_gets_free_takes_no_worker_along() -> None:
    room = Room(workers=1, held=True)
    try:
        first, gone = room.say("a", "a"), room.say("b", "b")
        await until(lambda: room.log == ["a"] and room.ears.listening.waiting == 1)
        room.let(9)
        release = room.ears._release

        # Cancelled, but not yet at its next step, when the worker comes back.
        def hang_up_and_release(*given: Any) -> None:
            gone.cancel()
            release(*given)

        room.ears._release = hang_up_and_release  # type: ignore[method-assign]
        assert (await first).text == "a"
        room.ears._release = release  # type: ignore[method-assign]
        assert (await asyncio.wait_for(room.say("c", "c"), 5)).text == "c"
        # The same customer is heard as well: the place of the one who left is free.
        assert (await asyncio.wait_for(room.say("b again", "b"), 5)).text == "b again"
        assert room.log == ["a", "c", "b again"]
        assert (room.ears.listening.waiting, room.ears.listening.hearing) == (0, 0)
    finally:
        room.ears.close()


async def test_form_with_a_large_recording_writes_nothing_to_the_disk(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tempfile.SpooledTemporaryFile[bytes]] = []

    class Watched(tempfile.SpooledTemporaryFile[bytes]):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            opened.append(self)

        def rollover(self) -> None:
            raise AssertionError("a recording was written to the disk")

    monkeypatch.setattr(formparsers, "SpooledTemporaryFile", Watched)
    customer = await talk.start()
    sound = b"say:hello" + b"\0" * 3_000_000

    async def hear(sound: bytes, *, whose: str = "") -> Heard:
        return Heard(Clip(np.zeros(16_000, np.float32)), f"{len(sound)} bytes", (), "fake", 1)

    monkeypatch.setattr(talk.ears, "hear", hear)
    response = await customer.post(f"audio?id={uuid4()}", files={"audio": ("a.wav", sound, "audio/wav")})
    assert response.json()["transcript"] == f"{len(sound)} bytes", response.text
    assert len(opened) == 1 and opened[0].closed


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"no boundary in it"),
        (
            "multipart/form-data; boundary=b; charset=nonsense",
            b"--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--",
        ),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--"),
    ],
)
async def test_malformed_form_is_refused_in_words(talk: Talk, kind: str, body: bytes) -> None:
    customer = await talk.start()
    response = await customer.post(f"audio?id={uuid4()}", content=body, headers={"content-type": kind})
    assert response.status_code in (400, 422), response.text
    assert response.json()["error"]["message"]
    assert talk.ears.heard == 0


@pytest.mark.parametrize(
    ("setup", "code", "says"),
    [
        (SpeechSetup(engine="foo"), "settings", "engine 'foo'; expected auto or one of"),
        (SpeechSetup(engine="faster-whisper", model="/nowhere"), "engine_missing", "/nowhere is no model"),
        (SpeechSetup(language="xx"), "engine_missing", "customers speak 'xx'"),
    ],
)
def test_log_says_why_speech_cannot_be_recognised(
    setup: SpeechSetup, code: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener(setup, 60.0)
    try:
        with caplog.at_level(logging.ERROR, "service.listener"):
            listener.start()
        told = caplog.records[-1].__dict__
        assert told["code"] == code and says in told["reason"]
        answer = listener.hear(b"sound")
        assert isinstance(answer, NotHeard) and "type" in answer.message
    finally:
        listener.close()
