"""The two sides of a call: what it says to the web process and to the customer's page, and whether it goes on."""

import asyncio
import logging
from typing import Final

from service.calls import wire
from service.voice.line import Line, Told

log = logging.getLogger(__name__)

_MOST_TO_SEND: Final = 512


class Sides:
    """outbox: what is to be sent to the web process, in order, as (message, payload). line: None while it is lost."""

    def __init__(self, call_id: str) -> None:
        self.id = call_id
        self.outbox: asyncio.Queue[tuple[wire.ToWeb, bytes]] = asyncio.Queue(_MOST_TO_SEND)
        self.line: Line | None = None
        self.ended = asyncio.Event()
        self.because = ""
        self._troubled: set[str] = set()

    def send(self, message: wire.ToWeb, payload: bytes = b"") -> None:
        """To the web process."""
        try:
            self.outbox.put_nowait((message, payload))
        except asyncio.QueueFull:
            # The web process takes nothing any more; a call without it has no use.
            log.warning("web process takes nothing", extra={"call_id": self.id})
            self.end("web_stuck")

    def tell(self, told: Told) -> None:
        """To the page; nothing while there is no line."""
        if self.line is not None:
            self.line.send(told)

    def flush(self) -> None:
        """Nothing of what the line was given ahead is to be played."""
        if self.line is not None:
            self.line.flush()

    def trouble(self, code: str) -> None:
        """Tell both sides, once until it is mended."""
        if code not in self._troubled:
            self._troubled.add(code)
            self.send(wire.Trouble(code=code))
            self.tell({"type": "trouble", "code": code})

    def mended(self, code: str) -> None:
        """The next trouble of this kind is told again."""
        self._troubled.discard(code)

    def end(self, because: str) -> None:
        """Hang up; the first reason counts."""
        if not self.ended.is_set():
            self.because = because
            self.tell({"type": "bye", "because": because})
            self.ended.set()
