"""What browsers and telephone providers send over a WebSocket, and what they get: frame by frame, broken ones too."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from pipecat.frames.frames import (
    InputAudioRawFrame,
    InputTransportMessageFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    OutputTransportMessageUrgentFrame,
    StartFrame,
)

from service.voice.pipeline.telephone import TelephoneSound
from service.voice.pipeline.websocket import BrowserSound, Pace
from speech import decode_mulaw

LOUD = (8000 * np.sin(np.arange(320) / 5)).astype("<i2").tobytes()
START = {
    "event": "start",
    "start": {"streamSid": "MZ1", "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}},
}


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def out(pcm: bytes = LOUD) -> OutputAudioRawFrame:
    return OutputAudioRawFrame(audio=pcm, sample_rate=16_000, num_channels=1)


def media(codes: bytes = b"\x80" * 160, stream: str = "MZ1", **more: Any) -> str:
    payload = base64.b64encode(codes).decode()
    return json.dumps({"event": "media", "streamSid": stream, "media": {"payload": payload, **more}})


async def started() -> TelephoneSound:
    sound = TelephoneSound()
    assert await sound.deserialize(json.dumps(START)) is None
    return sound


async def test_a_browser_s_sound_and_messages_go_both_ways() -> None:
    sound = BrowserSound()
    heard = await sound.deserialize(LOUD)
    assert isinstance(heard, InputAudioRawFrame)
    assert (heard.audio, heard.sample_rate, heard.num_channels) == (LOUD, 16_000, 1)
    message = await sound.deserialize('{"type": "ping"}')
    assert isinstance(message, InputTransportMessageFrame) and message.message == {"type": "ping"}
    assert await sound.serialize(out()) == LOUD
    told = await sound.serialize(OutputTransportMessageUrgentFrame(message={"type": "caption", "text": "Grüße"}))
    assert json.loads(str(told)) == {"type": "caption", "text": "Grüße"}
    assert await sound.serialize(InterruptionFrame()) is None


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"", "size"),
        (b"\x00", "size"),
        (b"\x00" * 641, "size"),
        (b"\x00" * 40_000, "size"),
        ("", "text"),
        ("nonsense", "text"),
        ("[" * 2_000, "text"),
        ("[]", "text"),
        ("NaN", "text"),
        ('{"type": 4}', "text"),
        ('{"type": "x", "y": "' + "z" * 5_000 + '"}', "text"),
    ],
)
async def test_a_browser_s_broken_frame_is_dropped_and_counted(
    broken: str | bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    sound = BrowserSound()
    assert await sound.deserialize(broken) is None
    assert await sound.deserialize(broken) is None
    assert sound.dropped.counts == {why: 2}
    assert len(caplog.records) == 1, "said once, without what was in it"
    assert "nonsense" not in caplog.text and "zzz" not in caplog.text


def test_sound_faster_than_a_person_speaks_is_not_live() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert all(pace.takes(0.02) for _ in range(249)), "five seconds after a hole in the line"
    assert not all(pace.takes(0.02) for _ in range(3))
    clock.now += 1
    assert sum(pace.takes(0.02) for _ in range(200)) in (52, 53)
    clock.now += 3600
    assert sum(pace.takes(0.02) for _ in range(500)) in (249, 250), "silence saves up no more"


async def test_a_caller_s_sound_comes_at_sixteen_kilohertz() -> None:
    sound = await started()
    assert await sound.deserialize('{"event": "connected", "protocol": "Call"}') is None
    heard = await sound.deserialize(media())
    assert isinstance(heard, InputAudioRawFrame)
    assert (len(heard.audio), heard.sample_rate) == (640, 16_000)
    assert np.frombuffer(heard.audio, dtype="<i2")[100:].mean() == pytest.approx(32_124, rel=0.02)
    assert sound.dropped.counts == {}


async def test_our_sound_leaves_as_the_provider_wants_it() -> None:
    sound = TelephoneSound()
    assert await sound.serialize(out()) is None, "there is no stream yet"
    sound = await started()
    message = json.loads(str(await sound.serialize(out())))
    assert (message["event"], message["streamSid"], set(message)) == ("media", "MZ1", {"event", "streamSid", "media"})
    codes = base64.b64decode(message["media"]["payload"], validate=True)
    assert len(codes) == 160 and np.abs(decode_mulaw(codes).astype(int)).max() > 7000
    assert json.loads(str(await sound.serialize(InterruptionFrame()))) == {"event": "clear", "streamSid": "MZ1"}
    assert await sound.serialize(StartFrame()) is None


async def test_a_mark_tells_when_a_sentence_began_to_sound_unless_it_was_cleared() -> None:
    clock = Clock()
    sound = TelephoneSound(clock)
    await sound.deserialize(json.dumps(START))
    caption = OutputTransportMessageUrgentFrame(message={"type": "caption", "reply": "r-secret", "text": "Hello."})
    mark = json.loads(str(await sound.serialize(caption)))
    assert mark["event"] == "mark" and "secret" not in str(mark) and "Hello" not in str(mark)
    clock.now += 0.25
    back = json.dumps({"event": "mark", "streamSid": "MZ1", "mark": mark["mark"]})
    assert await sound.deserialize(back) is None
    assert sound.behind_s == pytest.approx(0.25)
    again = json.loads(str(await sound.serialize(caption)))
    await sound.serialize(InterruptionFrame())
    clock.now += 9
    await sound.deserialize(json.dumps({"event": "mark", "streamSid": "MZ1", "mark": again["mark"]}))
    await sound.deserialize(back)
    assert sound.behind_s == pytest.approx(0.25), "nobody has heard what was cleared"
    for kind in ("state", "broken_off", "pong", "bye", "trouble"):
        assert await sound.serialize(OutputTransportMessageUrgentFrame(message={"type": kind})) is None


async def test_only_the_caller_s_own_track_is_taken() -> None:
    sound = await started()
    assert await sound.deserialize(media(track="outbound")) is None
    assert await sound.deserialize(media(stream="MZ2")) is None
    assert await sound.deserialize(media(track="inbound")) is not None
    assert sound.dropped.counts == {"track": 1, "event": 1}


@pytest.mark.parametrize(
    "frame",
    [
        *("", "{", "null", "7", "[]", "[" * 9_000, "x" * 20_000, b"\x00\x01", '{"event": null}', '{"event": "media"}'),
        '{"event": "media", "streamSid": "MZ1"}',
        '{"event": "media", "streamSid": "MZ1", "media": {"payload": "%%"}}',
        '{"event": "media", "streamSid": "MZ1", "media": {"payload": ""}}',
        '{"event": "media", "streamSid": "MZ1", "media": {"payload": NaN}}',
        '{"event": "media", "streamSid": "MZ1", "media": {"payload": ["gICA"]}}',
        '{"event": "start", "start": {"streamSid": "MZ2"}}',
        '{"event": "stop", "streamSid": "MZ2"}',
        media(b"\x80" * 9_000),
    ],
)
async def test_a_provider_s_broken_frame_is_dropped_and_the_next_one_taken(frame: str | bytes) -> None:
    sound = await started()
    assert await sound.deserialize(frame) is None
    assert sum(sound.dropped.counts.values()) == 1
    assert await sound.deserialize(media()) is not None


async def test_the_caller_s_end_and_a_format_that_nobody_understands_say_bye() -> None:
    sound = await started()
    ended = await sound.deserialize('{"event": "stop", "streamSid": "MZ1", "stop": {}}')
    assert isinstance(ended, InputTransportMessageFrame) and ended.message == {"type": "bye"}
    other = {"streamSid": "MZ1", "mediaFormat": {"encoding": "audio/l16", "sampleRate": 16_000, "channels": 1}}
    wrong = await TelephoneSound().deserialize(json.dumps({"event": "start", "start": other}))
    assert isinstance(wrong, InputTransportMessageFrame) and wrong.message == {"type": "bye"}
