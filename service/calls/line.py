"""The line to one voice process, for one call."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from service.calls.wire import LARGEST_PAYLOAD, ToVoice, ToWeb, WireError, pack, unpack

log = logging.getLogger(__name__)

_OPEN_WITHIN_S: Final = 3.0
_SEND_WITHIN_S: Final = 5.0
# A voice process that says nothing for this long is gone, whatever its socket says.
_PING_EVERY_S: Final = 5.0
_LARGEST_FRAME: Final = LARGEST_PAYLOAD + 512 * 1024
_FULL: Final = 1013


class LineDown(Exception):  # noqa: N818 - reads as a sentence where it is caught
    """The voice process cannot be reached, or has hung up."""

    code = "voice_down"
    retryable = True


@dataclass(frozen=True)
class Received:
    """One message of the voice process with its payload."""

    message: ToWeb
    payload: bytes


class VoiceLine:
    """The control socket of one call."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, call_id: str, token: str) -> Self:
        """Connect to the voice process at `url` (http or https). Raises: LineDown."""
        try:
            socket = await connect(
                f"{socket_url(url)}/calls/{call_id}",
                additional_headers={"Authorization": f"Bearer {token}"},
                proxy=None,
                compression=None,
                max_size=_LARGEST_FRAME,
                open_timeout=_OPEN_WITHIN_S,
                ping_interval=_PING_EVERY_S,
                ping_timeout=_PING_EVERY_S,
                close_timeout=1,
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as err:
            raise LineDown(f"no voice process answers ({type(err).__name__})") from None
        return cls(socket)

    async def send(self, message: ToVoice) -> None:
        """Raises: LineDown."""
        try:
            async with self._sending, asyncio.timeout(_SEND_WITHIN_S):
                await self._socket.send(pack(message))
        except (ConnectionClosed, TimeoutError) as err:
            raise LineDown(f"the voice process has hung up ({type(err).__name__})") from None

    async def received(self) -> AsyncIterator[Received]:
        """Every message, until the voice process hangs up. What is no message of the protocol is left out, and said."""
        try:
            async for frame in self._socket:
                try:
                    message, payload = unpack(frame.encode() if isinstance(frame, str) else frame)
                except WireError as err:
                    log.error("a frame of the voice process cannot be read", extra={"code": err.code})
                    continue
                if isinstance(message, ToWeb):
                    yield Received(message, payload)
        except ConnectionClosed:
            return

    @property
    def was_full(self) -> bool:
        """Whether the voice process hung up because it has no place for another call."""
        return self._socket.close_code == _FULL

    async def close(self) -> None:
        """Hang up."""
        await self._socket.close()


def socket_url(url: str) -> str:
    """The WebSocket address of an http or https one."""
    return f"ws{url.removeprefix('http')}".rstrip("/")


@dataclass(frozen=True)
class Health:
    """How busy a voice process is. calls: now; places: how many it takes."""

    url: str
    calls: int
    places: int

    @property
    def is_full(self) -> bool:
        return self.calls >= self.places

    @classmethod
    def read(cls, url: str, content: bytes) -> Self | None:
        """What /health says; None if that is no such answer."""
        try:
            raw = json.loads(content)
            return cls(url, int(raw["calls"]), int(raw["places"]))
        except (ValueError, KeyError, TypeError):
            return None
