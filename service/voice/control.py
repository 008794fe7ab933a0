"""The control socket of one call: from Start to Ended."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from fastapi import WebSocket, WebSocketDisconnect

from service.calls import wire
from service.voice.call import Call
from service.voice.calls import Calls
from service.voice.errors import CallError, OfferError
from service.voice.line import Line
from service.voice.pipeline import open_peer_line

log = logging.getLogger(__name__)

START_WITHIN_S: Final = 10.0
# A line that is lost may come back on another network; the page tries for as long.
LINE_WITHIN_S: Final = 25.0
_SEND_WITHIN_S: Final = 5.0
_MOST_WAITING: Final = 2
# Codes of closing sockets, RFC 6455 and its registry.
NORMAL: Final = 1000
TRY_AGAIN: Final = 1013


class Control:
    """Serves the socket that the web process has opened for a call."""

    def __init__(self, socket: WebSocket, call_id: str, calls: Calls, *, longest_s: float) -> None:
        self._socket = socket
        self._call_id = call_id
        self._calls = calls
        self._longest_s = longest_s
        self._lines: dict[asyncio.Task[None], Line] = {}
        self._answering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until the call has ended on either side. The socket is accepted already, and closed afterwards."""
        try:
            start = await self._start()
            call = self._calls.begin(self._call_id, start)
        except CallError as err:
            log.info("call refused", extra={"code": err.code})
            await self._last(wire.Ended(because=err.code), code=TRY_AGAIN if err.retryable else NORMAL)
            return
        log.info("call begun", extra={"call_id": call.id, "transport": start.transport})
        try:
            await self._serve(call)
        finally:
            await self._calls.finish(call)
            tasks = (*self._answering, *self._lines)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            log.info("call ended", extra={"call_id": call.id, "because": call.because, "late": call.clock.late})
            await self._last(wire.Ended(because=call.because, frames=call.clock.frames, late=call.clock.late))

    async def _start(self) -> wire.Start:
        try:
            async with asyncio.timeout(START_WITHIN_S):
                message, _ = wire.unpack(await self._socket.receive_bytes())
        except (TimeoutError, WebSocketDisconnect, KeyError, wire.WireError):
            raise CallError("the first message is no start; expected one within 10 s.") from None
        if not isinstance(message, wire.Start):
            raise CallError(f"the first message is {message.type}; expected start.")
        return message

    async def _serve(self, call: Call) -> None:
        if call.start.transport == "webrtc":
            if call.start.offer is None or not await self._answer(call, call.start.offer):
                call.end("offer")
                return
        else:
            await self._send(wire.Answer())
        tasks = [
            asyncio.create_task(work)
            for work in (self._read(call), self._write(call), self._watch(call), call.ended.wait())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._write_rest(call)

    async def _read(self, call: Call) -> None:
        while True:
            try:
                message, _ = wire.unpack(await self._socket.receive_bytes())
            except (WebSocketDisconnect, RuntimeError):
                call.end("web_gone")
                return
            except (wire.WireError, KeyError):
                log.warning("message not understood", extra={"call_id": call.id})
                call.end("wire")
                return
            if isinstance(message, wire.Offer):
                # Finding candidates takes seconds; a withdrawal must not wait behind it.
                task = asyncio.create_task(self._answer_again(call, message.sdp))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)
            elif isinstance(message, (wire.Say, wire.Permitted, wire.Owned, wire.Taken, wire.Stop, wire.End)):
                call.told(message)

    async def _answer_again(self, call: Call, offer: str) -> None:
        try:
            await self._answer(call, offer)
        except Exception as err:  # noqa: BLE001 - whatever it is, the call must not go on half-open
            call.failed(err)

    async def _answer(self, call: Call, offer: str) -> bool:
        try:
            line = await open_peer_line(call, offer, call.start.ice_servers)
        except OfferError as err:
            log.warning("offer not answered", extra={"call_id": call.id, "code": err.code})
            await self._send(wire.Trouble(code=err.code))
            return False
        task = asyncio.create_task(self._carry(line))
        self._lines[task] = line
        task.add_done_callback(lambda done: self._lines.pop(done, None))
        # Each waits for its page with a socket of its own; a page has use for the newest only.
        waiting = [one for one, line in self._lines.items() if line is not call.line]
        for late in waiting[:-_MOST_WAITING]:
            late.cancel()
        await self._send(wire.Answer(sdp=line.answer))
        return True

    async def _carry(self, line: Line) -> None:
        try:
            await line.run()
        except Exception as err:  # noqa: BLE001 - the call ends when no other line comes; its log line must not quote
            log.error("line failed", extra={"call_id": self._call_id, "reason": type(err).__name__})

    async def _write(self, call: Call) -> None:
        while True:
            message, payload = await call.outbox.get()
            if not await self._send(message, payload):
                call.end("web_gone")
                return

    async def _write_rest(self, call: Call) -> None:
        while not call.outbox.empty():
            message, payload = call.outbox.get_nowait()
            if not await self._send(message, payload):
                return

    async def _watch(self, call: Call) -> None:
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._longest_s
        while not call.ended.is_set():
            now = loop.time()
            if now >= ends:
                call.end("too_long")
            elif call.lost_at is not None and now - call.lost_at > LINE_WITHIN_S:
                call.end("line")
            call.look_after()
            await asyncio.sleep(0.25)

    async def _send(self, message: wire.ToWeb, payload: bytes = b"") -> bool:
        try:
            async with asyncio.timeout(_SEND_WITHIN_S):
                await self._socket.send_bytes(wire.pack(message, payload))
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            return False
        return True

    async def _last(self, message: wire.Ended, code: int = NORMAL) -> None:
        await self._send(message)
        with suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.close(code)
