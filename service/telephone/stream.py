"""The sound of one telephone call: a WebSocket of the provider's, passed on to the voice process that has the call."""

import asyncio
import json
import logging
from typing import Any, Final

from fastapi import WebSocket, WebSocketDisconnect

from service.calls.call import Call
from service.calls.passing import pass_on
from service.errors import ServiceError
from service.socket_frames import receive_text
from service.telephone.keypad import Keypad
from service.telephone.telephone import Telephone
from service.telephone.tickets import Ticket
from store import StoreError

log = logging.getLogger(__name__)

CLOSE_PROTOCOL: Final = 4400
CLOSE_NO_TICKET: Final = 4403
CLOSE_OVER: Final = 1000
_START_WITHIN_S: Final = 10.0
# `connected` and `start`; a stream that talks longer before it starts is none.
_MOST_BEFORE: Final = 4
_LONGEST_TEXT: Final = 16 * 1024
_REASONS: Final = {"client_left": "hung_up", "voice_unreachable": "voice_down"}


async def carry(socket: WebSocket, telephone: Telephone, voice_token: str) -> None:
    """Carry the sound until one side ends. The socket is accepted and signed; its call shows a ticket first."""
    try:
        before, start = await _start(socket)
    except (WebSocketDisconnect, RuntimeError):
        return
    except (TimeoutError, ValueError):
        await socket.close(CLOSE_PROTOCOL, "a stream begins with connected and start")
        return
    ticket = telephone.redeem(start)
    if ticket is None:
        log.warning("a telephone stream has no ticket")
        await socket.close(CLOSE_NO_TICKET, "no ticket for this call")
        return
    try:
        call, keypad = await telephone.begin(ticket)
    except (ServiceError, StoreError) as err:
        log.warning("a telephone call could not begin", extra={"code": err.code})
        # Before the socket closes: the provider asks at once what follows.
        await telephone.ended(ticket, err.code)
        await socket.close(CLOSE_OVER, err.code)
        return
    await _carry(socket, telephone, voice_token, ticket, call, keypad, before)


async def _carry(
    socket: WebSocket,
    telephone: Telephone,
    voice_token: str,
    ticket: Ticket,
    call: Call,
    keypad: Keypad,
    before: list[str],
) -> None:
    async def watch(text: str) -> None:
        key = _key(text)
        if key is not None:
            keypad.press(key)

    passing = asyncio.create_task(pass_on(socket, call.audio_url, voice_token, first=before, watch=watch))
    pressing = asyncio.create_task(keypad.run())
    because = "failed"
    try:
        await asyncio.wait((passing, pressing, call.ended), return_when=asyncio.FIRST_COMPLETED)
        because = await _because(passing, call)
    finally:
        for task in (passing, pressing):
            task.cancel()
        for result in await asyncio.gather(passing, pressing, return_exceptions=True):
            if isinstance(result, Exception):
                log.error("a telephone call failed", extra={"error": type(result).__name__}, exc_info=result)
        await telephone.ended(ticket, because)
        try:
            await socket.close(CLOSE_OVER, because[:60])
        except (WebSocketDisconnect, RuntimeError):
            log.debug("a telephone stream was closed already")


async def _because(passing: "asyncio.Task[Any]", call: Call) -> str:
    """Why the call is over: the call's own word where it has one."""
    if passing.done() and not passing.cancelled() and passing.exception() is None and not call.ended.done():
        side = passing.result()
        if side in _REASONS:
            return _REASONS[side]
        # The voice process has hung up, and says why on the other socket.
        await asyncio.wait((call.ended,), timeout=2)
    return call.ended.result() if call.ended.done() else "failed"


async def _start(socket: WebSocket) -> tuple[list[str], dict[str, object]]:
    """The first frames, and the `start` among them. Raises: TimeoutError, ValueError, WebSocketDisconnect."""
    before: list[str] = []
    async with asyncio.timeout(_START_WITHIN_S):
        while len(before) < _MOST_BEFORE:
            text = await receive_text(socket)
            before.append(text)
            event = _event(text)
            start = event.get("start")
            if event.get("event") == "start" and isinstance(start, dict):
                return before, start
    raise ValueError("no start")


def _event(text: str) -> dict[str, Any]:
    if len(text) > _LONGEST_TEXT:
        return {}
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _key(text: str) -> str | None:
    """The key that a frame tells of; None for every other frame. Fifty a second come by, nearly all of them sound."""
    if '"dtmf"' not in text or len(text) > _LONGEST_TEXT:
        return None
    event = _event(text)
    pressed = event.get("dtmf") if event.get("event") == "dtmf" else None
    digit = pressed.get("digit") if isinstance(pressed, dict) else None
    return digit if isinstance(digit, str) else None
