"""WebSockets that send no more than a person and a page can."""

from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

from service.addresses import address_key
from service.limits import RateLimiter
from service.protection.gate import Gate

_POLICY_VIOLATION: Final = 1008
_ONE: Final = ""
# The paths at which calls send their sound.
_SOUND: Final = ("/audio", "/media")


def guarded_sockets(gate: Gate) -> type[WebSocketsSansIOProtocol]:
    """uvicorn's WebSocket protocol, held to the gate's limits."""
    limits = gate.limits

    class GuardedSocket(WebSocketsSansIOProtocol):
        """One socket. It has entered the gate as an HTTP connection, and leaves it here."""

        _failed = False

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._address = address_key(self.client[0]) if self.client else ""
            self._frames_left = self._limiter(limits.frames_per_s)
            self._bytes_left = limits.byte_burst
            self._bytes_at = self.loop.time()

        def handle_connect(self, event: Request) -> None:
            # Nothing was counted before the handshake.
            if event.path.partition("?")[0].endswith(_SOUND):
                self._frames_left = self._limiter(limits.sound_frames_per_s)
            super().handle_connect(event)

        def connection_lost(self, exc: Exception | None) -> None:
            gate.leave(self._address)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._failed:
                return
            now = self.loop.time()
            refilled = self._bytes_left + (now - self._bytes_at) * limits.bytes_per_s
            self._bytes_left = min(limits.byte_burst, int(refilled)) - len(data)
            self._bytes_at = now
            if self._bytes_left < 0:
                self._fail("socket_bytes")
                return
            super().data_received(data)

        def handle_text(self, event: Frame) -> None:
            if self._counts():
                super().handle_text(event)

        def handle_bytes(self, event: Frame) -> None:
            if self._counts():
                super().handle_bytes(event)

        def handle_cont(self, event: Frame) -> None:
            if self._counts():
                super().handle_cont(event)

        def handle_ping(self) -> None:
            if self._counts():
                super().handle_ping()

        def handle_pong(self, event: Frame) -> None:
            if self._counts():
                super().handle_pong(event)

        def handle_parser_exception(self) -> None:
            gate.note("socket_frame")
            super().handle_parser_exception()

        def _limiter(self, per_s: float) -> RateLimiter:
            return RateLimiter(burst=limits.frame_burst, per_s=per_s)

        def _counts(self) -> bool:
            if self._failed:
                return False
            if self._frames_left.take(_ONE):
                self._fail("socket_frames")
                return False
            return True

        def _fail(self, reason: str) -> None:
            self._failed = True
            gate.note(reason)
            if self.handshake_complete and not self.close_sent:
                self.close_sent = True
                self.conn.fail(_POLICY_VIOLATION, "too much at once")
                self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    return GuardedSocket
