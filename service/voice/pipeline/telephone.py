"""A call's sound from a telephone: Twilio Media Streams, JSON text frames with µ-law sound at 8 kHz.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

import base64
import binascii
import json
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from pipecat.frames.frames import (
    AudioRawFrame,
    Frame,
    InputAudioRawFrame,
    InputTransportMessageFrame,
    InterruptionFrame,
    OutputTransportMessageFrame,
    OutputTransportMessageUrgentFrame,
)
from pipecat.serializers.base_serializer import FrameSerializer

from service.voice.pipeline.websocket import LONGEST_FRAME_S, RATE_HZ, Dropped, Pace
from speech import TELEPHONE_HZ, FromTelephone, ToTelephone

# A second of sound as base64 is 11 kB; `start` with its parameters is under 4 kB.
_LONGEST_TEXT: Final = 16 * 1024
_FORMAT: Final = {"encoding": "audio/x-mulaw", "sampleRate": TELEPHONE_HZ, "channels": 1}
# A mark that the provider has not answered by then never comes back.
_MOST_MARKS: Final = 64
BYE: Final = {"type": "bye"}


class TelephoneSound(FrameSerializer):
    """What the provider sends and gets, over one stream. Broken frames are dropped and counted; the call goes on.

    Only the caller's own track is taken. Captions become marks, which the provider sends back once their sentence
    sounds; nothing else that pages are told goes to it. An interruption clears what the provider has not played.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.dropped = Dropped()
        self.behind_s: float | None = None
        """How long after it was sent a sentence began to sound, the latest one; None before the first."""
        self._clock = clock
        self._pace = Pace(clock)
        self._stream: str | None = None
        self._from = FromTelephone()
        self._to = ToTelephone()
        self._marks: dict[str, float] = {}
        self._marked = 0

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """The caller's sound, or a message such as a page sends; None for what is neither."""
        event = _event(data)
        match event.get("event") if event else None:
            case "connected":
                return None
            case "start":
                return self._start(_part(event, "start"))
            case "media" if self._is_ours(event):
                return self._media(_part(event, "media"))
            case "dtmf":
                # What a key means is the web process's to know; its frames pass by there.
                return None
            case "mark" if self._is_ours(event):
                self._mark(_part(event, "mark").get("name"))
                return None
            case "stop" if self._is_ours(event):
                return InputTransportMessageFrame(message=BYE)
            case _:
                self.dropped.note("event")
                return None

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """A frame of the provider's; None for what is not for it, and before the stream has begun."""
        if self._stream is None:
            return None
        if isinstance(frame, InterruptionFrame):
            # The provider answers their marks at once, though nobody has heard them.
            self._marks.clear()
            return self._message("clear")
        if isinstance(frame, AudioRawFrame):
            codes = self._to.take(np.frombuffer(frame.audio, dtype="<i2").astype(np.int16, copy=False))
            return self._message("media", media={"payload": base64.b64encode(codes).decode()}) if codes else None
        if isinstance(frame, OutputTransportMessageFrame | OutputTransportMessageUrgentFrame):
            return self._set_mark() if frame.message.get("type") == "caption" else None
        return None

    def _start(self, start: dict[str, Any]) -> Frame | None:
        stream = start.get("streamSid")
        if self._stream is not None or not isinstance(stream, str):
            self.dropped.note("second_start" if self._stream else "start")
            return None
        form = _part(start, "mediaFormat")
        if {name: form.get(name) for name in _FORMAT} != _FORMAT:
            # Nothing that is sent this way could be understood.
            self.dropped.note("media_format")
            return InputTransportMessageFrame(message=BYE)
        self._stream = stream
        return None

    def _is_ours(self, event: dict[str, Any] | None) -> bool:
        return event is not None and self._stream is not None and event.get("streamSid") == self._stream

    def _media(self, media: dict[str, Any]) -> Frame | None:
        if media.get("track", "inbound") != "inbound":
            self.dropped.note("track")
            return None
        try:
            codes = base64.b64decode(str(media.get("payload", "")), validate=True)
        except (binascii.Error, ValueError):
            codes = b""
        if not codes or len(codes) > TELEPHONE_HZ * LONGEST_FRAME_S:
            self.dropped.note("size")
            return None
        if not self._pace.takes(len(codes) / TELEPHONE_HZ):
            self.dropped.note("faster_than_live")
            return None
        sound = self._from.take(codes).astype("<i2", copy=False).tobytes()
        return InputAudioRawFrame(audio=sound, sample_rate=RATE_HZ, num_channels=1)

    def _set_mark(self) -> str:
        self._marked += 1
        name = f"sentence-{self._marked}"
        self._marks[name] = self._clock()
        while len(self._marks) > _MOST_MARKS:
            del self._marks[next(iter(self._marks))]
        return self._message("mark", mark={"name": name})

    def _mark(self, name: object) -> None:
        sent_at = self._marks.pop(name, None) if isinstance(name, str) else None
        if sent_at is not None:
            self.behind_s = self._clock() - sent_at

    def _message(self, event: str, **parts: Any) -> str:
        return json.dumps({"event": event, "streamSid": self._stream, **parts})


def _event(data: str | bytes) -> dict[str, Any] | None:
    """The JSON object of a frame, or None."""
    if isinstance(data, bytes) or len(data) > _LONGEST_TEXT:
        return None
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _part(event: dict[str, Any] | None, name: str) -> dict[str, Any]:
    part = (event or {}).get(name)
    return part if isinstance(part, dict) else {}
