"""A call's sound, passed on between a customer's WebSocket and a voice process, frame by frame and unread."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, Literal

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

log = logging.getLogger(__name__)

_CONNECT_WITHIN_S: Final = 3.0
# Sound that nobody has taken for this long is not live any more.
_SEND_WITHIN_S: Final = 5.0
_LARGEST_FRAME: Final = 64 * 1024

Ended = Literal["client_left", "voice_left", "voice_unreachable"]
Watch = Callable[[str], Awaitable[None]]
"""Sees each text frame of the customer's side before it is passed on; what it raises ends the passing."""


async def pass_on(
    client: WebSocket, url: str, token: str, *, first: Iterable[str | bytes] = (), watch: Watch | None = None
) -> Ended:
    """Carry frames both ways until one side ends; gives which. The client's socket is accepted already and stays open.

    url: `ws://…/calls/{call}/audio` of the voice process that has the call; token: what opens it.
    first: frames that came before, passed on ahead of the others.
    """
    try:
        async with connect(
            url,
            additional_headers={"Authorization": f"Bearer {token}"},
            open_timeout=_CONNECT_WITHIN_S,
            close_timeout=1.0,
            max_size=_LARGEST_FRAME,
            compression=None,
            proxy=None,
        ) as voice:
            for frame in first:
                await voice.send(frame)
            return await _carry(client, voice, watch)
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed) as err:
        log.warning("voice process does not take the sound", extra={"error": type(err).__name__})
        return "voice_unreachable"


async def _carry(client: WebSocket, voice: ClientConnection, watch: Watch | None) -> Ended:
    inward = asyncio.create_task(_inward(client, voice, watch))
    outward = asyncio.create_task(_outward(client, voice))
    try:
        done, _ = await asyncio.wait((inward, outward), return_when=asyncio.FIRST_COMPLETED)
        # A task that failed raises here what it met.
        return done.pop().result()
    finally:
        for task in (inward, outward):
            task.cancel()
        await asyncio.gather(inward, outward, return_exceptions=True)


async def _inward(client: WebSocket, voice: ClientConnection, watch: Watch | None) -> Ended:
    while True:
        try:
            event: Any = await client.receive()
        except (WebSocketDisconnect, RuntimeError):
            return "client_left"
        if event["type"] == "websocket.disconnect":
            return "client_left"
        text, sound = event.get("text"), event.get("bytes")
        if watch is not None and text is not None:
            await watch(text)
        try:
            async with asyncio.timeout(_SEND_WITHIN_S):
                await voice.send(text if text is not None else sound or b"")
        except (ConnectionClosed, TimeoutError):
            return "voice_left"


async def _outward(client: WebSocket, voice: ClientConnection) -> Ended:
    # The voice process closes its side when the call has ended.
    with contextlib.suppress(ConnectionClosed):
        async for frame in voice:
            try:
                async with asyncio.timeout(_SEND_WITHIN_S):
                    await (client.send_text(frame) if isinstance(frame, str) else client.send_bytes(frame))
            except (WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
                return "client_left"
    return "voice_left"
