"""A call's sound over a WebSocket: how a browser frames it, and the transport that carries any framing.

Binary frames are 16-bit little-endian mono sound at 16 kHz, 20 to 60 ms each, both ways; text frames are JSON objects
with a `type`, the same as on the data channel of a call by WebRTC.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from fastapi import WebSocket
from pipecat.frames.frames import (
    AudioRawFrame,
    Frame,
    InputAudioRawFrame,
    InputTransportMessageFrame,
    OutputTransportMessageFrame,
    OutputTransportMessageUrgentFrame,
)
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport

log = logging.getLogger(__name__)

RATE_HZ: Final = 16_000
LONGEST_FRAME_S: Final = 1.0
_LONGEST_TEXT: Final = 4096
# After a hole in the line a browser sends what it has kept; more than this is nobody's live speech.
_AHEAD_S: Final = 5.0
# Clocks of sound cards differ by far less.
_PACE: Final = 1.05


class Pace:
    """How much sound a live speaker can have sent: what time has passed, and a little kept back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()
        self._left_s = _AHEAD_S

    def takes(self, seconds: float) -> bool:
        """Whether that much more sound may be live; if so, it is counted."""
        now = self._clock()
        self._left_s = min(_AHEAD_S, self._left_s + (now - self._at) * _PACE)
        self._at = now
        if seconds > self._left_s:
            return False
        self._left_s -= seconds
        return True


class Dropped:
    """Counts frames that are left out, and logs the first of each kind: names of kinds only, never what was in them."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def note(self, why: str) -> None:
        """One more frame is left out."""
        if why not in self.counts:
            log.warning("sound frame dropped", extra={"reason": why})
        self.counts[why] = self.counts.get(why, 0) + 1


class BrowserSound(FrameSerializer):
    """What a browser sends and gets. Broken frames are dropped and counted; the call goes on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.dropped = Dropped()
        self._pace = Pace(clock)

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Sound, or a message of the page; None for what is neither."""
        if isinstance(data, str):
            message = _object(data)
            if message is None:
                self.dropped.note("text")
                return None
            return InputTransportMessageFrame(message=message)
        if not data or len(data) % 2 or len(data) > 2 * RATE_HZ * LONGEST_FRAME_S:
            self.dropped.note("size")
            return None
        if not self._pace.takes(len(data) / 2 / RATE_HZ):
            self.dropped.note("faster_than_live")
            return None
        return InputAudioRawFrame(audio=bytes(data), sample_rate=RATE_HZ, num_channels=1)

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Sound as bytes, a message as JSON; None for frames of no concern to the page."""
        if isinstance(frame, AudioRawFrame):
            return frame.audio
        if isinstance(frame, OutputTransportMessageFrame | OutputTransportMessageUrgentFrame):
            return None if self.should_ignore_frame(frame) else json.dumps(frame.message, ensure_ascii=False)
        return None


def socket_transport(socket: WebSocket, framing: FrameSerializer) -> FastAPIWebsocketTransport:
    """The transport of one call over a WebSocket that is accepted already. Sound at 16 kHz, 20 ms a frame."""
    params = FastAPIWebsocketParams(
        serializer=framing,
        audio_in_enabled=True,
        audio_out_enabled=True,
        audio_in_sample_rate=RATE_HZ,
        audio_out_sample_rate=RATE_HZ,
        audio_out_10ms_chunks=2,
        # The web process has looked at the origin, and it alone holds the token that opens this socket.
        allowed_origins=[],
    )
    return FastAPIWebsocketTransport(socket, params)


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object with a type that a text frame holds, or None."""
    if len(text) > _LONGEST_TEXT:
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and isinstance(message.get("type"), str) else None
