"""HTTP connections that neither trickle nor swell."""

import asyncio
import logging
from typing import Any, Final

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.addresses import address_key
from service.protection.gate import Gate

# What a stranger can cause a hundred times a second is counted by the gate, not written line by line.
_QUIET: Final = logging.getLogger("uvicorn.guarded")
_QUIET.setLevel(logging.ERROR)
# A socket costs a handshake, tasks of its own and a look into the database.
_SOCKET_WEIGHT: Final = 4
_ANSWERS: Final = {
    408: b"Request Timeout",
    429: b"Too Many Requests",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}


def guarded_http(gate: Gate) -> type[HttpToolsProtocol]:
    """uvicorn's HTTP protocol, held to the gate's limits."""
    limits = gate.limits

    class GuardedHttp(HttpToolsProtocol):
        """One connection: waiting for headers, reading a body, or answering."""

        _address = ""
        _entered = False
        _handed_on = False
        _counted = 0
        _upgrade_refused = False
        _deadline: asyncio.TimerHandle | None = None
        _write_deadline: asyncio.TimerHandle | None = None
        _in_headers = True
        _header_bytes = 0
        _body_bytes = 0
        _unwanted_bytes = 0
        _body_time_s = 0.0

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.logger = _QUIET
            self._address = address_key(self.client[0]) if self.client else ""
            self._entered = gate.enter(self._address)
            if not self._entered:
                self._refuse(503)
                return
            self._await_headers()

        def connection_lost(self, exc: Exception | None) -> None:
            self._disarm()
            self._disarm_writing()
            if self._entered:
                gate.leave(self._address)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if not self._entered or self.transport.is_closing():
                return
            if self._in_headers:
                if self._deadline is None:
                    self._await_headers()
                self._header_bytes += len(data)
            elif self.cycle is not None and self.cycle.response_complete and self._is_unwanted(data):
                return
            super().data_received(data)
            if self._in_headers and self._header_bytes > limits.header_bytes and not self._handed_on:
                gate.note("headers_too_large")
                self._refuse(431)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._counted = 0

        def on_url(self, url: bytes) -> None:
            self._counted += len(url)
            super().on_url(url)

        def on_header(self, name: bytes, value: bytes) -> None:
            self._counted += len(name) + len(value)
            super().on_header(name, value)

        def on_headers_complete(self) -> None:
            self._in_headers = False
            self._disarm()
            if self._counted > limits.header_bytes:
                gate.note("headers_too_large")
                self._upgrade_refused = True
                self._refuse(431)
                return
            upgrades = self.parser.should_upgrade() and self._should_upgrade()
            wait_s = gate.wait_s(self._address, _SOCKET_WEIGHT if upgrades else 1)
            self._upgrade_refused = wait_s is None or wait_s > 0
            if wait_s is None:
                self.app = _refused_after(limits.longest_wait_s)
            else:
                self.app = self._in_turn(wait_s) if wait_s else self.config.loaded_app
            super().on_headers_complete()
            if not upgrades:
                self._body_bytes, self._body_time_s, self._unwanted_bytes = 0, 0.0, 0
                self._deadline = self.loop.call_later(limits.look_every_s, self._check_body)

        def on_body(self, body: bytes) -> None:
            if not self.transport.is_closing():
                self._body_bytes += len(body)
                super().on_body(body)

        def on_message_complete(self) -> None:
            if self.transport.is_closing():
                return
            self._disarm()
            self._in_headers, self._header_bytes = True, 0
            super().on_message_complete()

        def handle_websocket_upgrade(self) -> None:
            self._handed_on = True
            self._disarm()
            self._disarm_writing()
            if self._upgrade_refused:
                self._refuse(429)
                return
            super().handle_websocket_upgrade()

        def send_400_response(self, msg: str) -> None:
            gate.note("not_http")
            super().send_400_response(msg)

        def pause_writing(self) -> None:
            super().pause_writing()
            if self._write_deadline is None:
                self._write_deadline = self.loop.call_later(limits.write_within_s, self._not_taken)

        def resume_writing(self) -> None:
            super().resume_writing()
            self._disarm_writing()

        def _await_headers(self) -> None:
            self._deadline = self.loop.call_later(limits.headers_within_s, self._headers_late)

        def _headers_late(self) -> None:
            self._deadline = None
            # A connection that never sent anything is a browser's reserve: closed without a word.
            if self._header_bytes:
                gate.note("headers_slow")
                self._refuse(408)
            else:
                self.transport.close()

        def _check_body(self) -> None:
            # While the application does not read, the client cannot send.
            if not self.flow.read_paused:
                self._body_time_s += limits.look_every_s
            if self._body_bytes < (self._body_time_s - limits.body_grace_s) * limits.body_bytes_per_s:
                self._deadline = None
                gate.note("body_slow")
                self._refuse(408)
                return
            self._deadline = self.loop.call_later(limits.look_every_s, self._check_body)

        def _not_taken(self) -> None:
            gate.note("answer_not_taken")
            self.transport.abort()

        def _is_unwanted(self, data: bytes) -> bool:
            """Whether too much came of a body that is refused already. The client gets a moment to read the answer."""
            self._unwanted_bytes += len(data)
            if self._unwanted_bytes <= limits.unwanted_bytes:
                return False
            self._disarm()
            gate.note("body_unwanted")
            self.transport.pause_reading()
            self.loop.call_later(limits.linger_s, self.transport.close)
            return True

        def _in_turn(self, wait_s: float) -> Any:
            """The application, when it is this address's turn."""
            app, address = self.config.loaded_app, self._address

            async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
                await asyncio.sleep(wait_s)
                async with gate.lanes.turn(address):
                    await app(scope, receive, send)

            return waiting

        def _refuse(self, status: int) -> None:
            if self.transport.is_closing():
                return
            # Between the beginning and the end of an answer there is no place for another one.
            if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
                self.transport.write(
                    b"HTTP/1.1 %d %s\r\nconnection: close\r\ncontent-length: 0\r\n\r\n" % (status, _ANSWERS[status])
                )
            self.transport.close()

        def _disarm(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _disarm_writing(self) -> None:
            if self._write_deadline is not None:
                self._write_deadline.cancel()
                self._write_deadline = None

    return GuardedHttp


def _refused_after(wait_s: float) -> Any:
    """An answer that takes its time: whoever asks in a hurry on many connections waits on each."""

    async def refusing(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(wait_s)
        headers = [
            (b"content-length", b"0"),
            (b"connection", b"close"),
            (b"retry-after", b"%d" % max(1, round(wait_s))),
        ]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return refusing
