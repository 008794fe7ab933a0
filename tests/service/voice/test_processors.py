"""Pipecat's side, through Pipecat's own test helper: what the processors pass on, keep, and never write down."""

import asyncio
import json
import logging
from typing import Any

import numpy as np
import pytest
from loguru import logger
from pipecat.frames.frames import (
    InputAudioRawFrame,
    InputTransportMessageFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    OutputTransportMessageUrgentFrame,
    TextFrame,
)
from pipecat.tests.utils import SleepFrame, run_test

from privacy import ContentFreeFormatter
from service.voice.output_clock import OutputClock
from service.voice.pipeline import quieten
from service.voice.pipeline.processors import Hearing, Speaking
from service.voice.playback import Pcm


class AnyLine:
    """A line that goes nowhere."""

    answer = None

    def send(self, told: Any) -> None: ...

    def flush(self) -> None: ...

    async def run(self) -> None: ...

    async def close(self) -> None: ...


class Notes:
    """A call that notes what it is told, and has `frames` frames to play."""

    def __init__(self, frames: int = 0) -> None:
        self.clock = OutputClock()
        self.sounds: list[bytes] = []
        self.messages: list[Any] = []
        self.errors: list[Exception] = []
        self.left = frames
        self.breaks = False

    def sound(self, line: Any, pcm: bytes) -> None:
        if self.breaks:
            raise ValueError("my secret words")
        self.sounds.append(pcm)

    def message(self, line: Any, told: Any) -> None:
        self.messages.append(told)

    def next_frame(self, line: Any, at: float) -> Pcm | None:
        if not self.left:
            return None
        self.left -= 1
        return np.full(320, self.left, dtype=np.int16)

    def failed(self, error: Exception) -> None:
        self.errors.append(error)

    def connected(self, line: Any) -> None: ...

    def lost(self, line: Any) -> None: ...

    def picture(self, line: Any, jpeg: bytes) -> None: ...

    def takes_pictures(self) -> bool:
        return False


def sound(value: int = 1) -> InputAudioRawFrame:
    return InputAudioRawFrame(audio=bytes([value, 0]) * 320, sample_rate=16_000, num_channels=1)


async def test_sound_and_messages_end_at_the_call_and_everything_else_goes_on() -> None:
    notes = Notes()
    told = {"type": "ping"}
    down, _ = await run_test(
        Hearing(AnyLine(), notes),
        frames_to_send=[
            sound(),
            InputTransportMessageFrame(message=told),
            InputTransportMessageFrame(message=[1]),
            TextFrame("x"),
        ],
        expected_down_frames=[TextFrame],
    )
    assert (len(notes.sounds), notes.messages) == (1, [told])
    assert len(down) == 1


async def test_what_breaks_ends_the_call_and_quotes_nobody(caplog: pytest.LogCaptureFixture) -> None:
    notes = Notes()
    notes.breaks = True
    quieten()
    with caplog.at_level(logging.DEBUG):
        await run_test(Hearing(AnyLine(), notes), frames_to_send=[sound()], expected_down_frames=[])
    assert [type(error) for error in notes.errors] == [ValueError]
    assert "secret" not in caplog.text


async def test_frames_leave_every_20_ms_with_what_the_page_is_told() -> None:
    notes = Notes(frames=5)
    speaking = Speaking(AnyLine(), notes)
    speaking.tell({"type": "state", "state": "speaking"})
    speaking.flush()
    began = asyncio.get_running_loop().time()
    down, _ = await run_test(speaking, frames_to_send=[SleepFrame(sleep=0.3)], expected_down_frames=None)
    assert asyncio.get_running_loop().time() - began >= 0.08
    kinds = [type(frame) for frame in down]
    assert kinds == [InterruptionFrame, OutputTransportMessageUrgentFrame, *[OutputAudioRawFrame] * 5]
    assert [int(np.frombuffer(frame.audio, np.int16)[0]) for frame in down[2:]] == [4, 3, 2, 1, 0]
    assert notes.clock.frames == 5


def test_pipecats_lines_reach_the_log_without_their_words(caplog: pytest.LogCaptureFixture) -> None:
    quieten()
    with caplog.at_level(logging.DEBUG):
        logger.warning("Transcription: [my order is 417203]")
        logger.info("heard: my secret")
    assert len(caplog.records) == 1, "from warnings on"
    line = json.loads(ContentFreeFormatter("s" * 32).format(caplog.records[0]))
    assert "417203" not in json.dumps(line) and "secret" not in json.dumps(line)
    assert line["message"] == "pipeline reports" and "test_processors" in line["where"]
