"""What a call and the pipeline that carries its sound need from each other."""

from typing import Any, Protocol

from service.voice.output_clock import OutputClock
from service.voice.playback import Pcm

Told = dict[str, Any]
"""A message of the data channel, as JSON: it comes from a browser, so nothing about it is certain."""


class Listener(Protocol):
    """The call, as a line sees it. Everything is called in the event loop and returns at once."""

    clock: OutputClock

    def sound(self, line: "Line", pcm: bytes) -> None:
        """Sound of the customer's: 16-bit little-endian mono at 16 kHz, some 20 ms of it."""

    def message(self, line: "Line", told: Told) -> None:
        """A message of the browser's."""

    def connected(self, line: "Line") -> None:
        """Sound can flow both ways."""

    def lost(self, line: "Line") -> None:
        """The line has ended or broken; the same customer may come back on another."""

    def failed(self, error: Exception) -> None:
        """Something of ours broke; the call cannot go on."""

    def next_frame(self, line: "Line", at: float) -> Pcm | None:
        """The next 20 ms to play, (320,) at 16 kHz; None for silence."""

    def picture(self, line: "Line", jpeg: bytes) -> None:
        """A picture of the camera's."""

    def takes_pictures(self) -> bool:
        """Whether a picture may be taken now."""


class Line(Protocol):
    """One way to the customer: a peer connection or a socket, with its pipeline."""

    @property
    def answer(self) -> str | None:
        """The SDP that answers the browser's offer; None without one."""

    def send(self, told: Told) -> None:
        """A message for the browser; dropped where the line has ended."""

    def flush(self) -> None:
        """Whatever has been sent ahead is not to be played."""

    async def run(self) -> None:
        """Carry sound until the line ends or close() is called."""

    async def close(self) -> None:
        """End it; run() returns. May be called twice."""
