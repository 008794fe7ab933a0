"""One attacker as a process of its own: `python benchmarks/attackers.py KIND PORT SECONDS`, from 127.0.0.2.

Prints a line when it begins, and one JSON object at the end: how many attempts it made, and what became of them. It
attacks only this machine.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

HOST: Final = "127.0.0.1"
FROM: Final = ("127.0.0.2", 0)
MARKER: Final = "zebra-marker-7319"
"""Stands in whatever is sent; it must not be in the server's log."""

_HEAD: Final = f"Host: {HOST}\r\nX-Marker: {MARKER}\r\n"
_STOPPED: Final = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError)


class Attack:
    """What one attacker knows: where, and until when."""

    def __init__(self, port: int, seconds: float) -> None:
        self.port = port
        self.until = time.monotonic() + seconds
        self.results: Counter[str] = Counter()

    @property
    def goes_on(self) -> bool:
        """Whether there is time for one more."""
        return time.monotonic() < self.until

    async def connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection from the attacker's address."""
        return await asyncio.open_connection(HOST, self.port, local_addr=FROM)

    async def exchange(self, *pieces: bytes, pause_s: float = 0.0) -> None:
        """One connection: send the pieces, and note the answer's status, or that there was none."""
        writer = None
        try:
            async with asyncio.timeout(max(0.1, self.until - time.monotonic())):
                reader, writer = await self.connection()
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    if pause_s:
                        await asyncio.sleep(pause_s)
                line = await reader.readline()
                self.results[line[9:12].decode("ascii", "replace") or "closed"] += 1
        except _STOPPED:
            self.results["cut"] += 1
        finally:
            if writer is not None:
                writer.close()

    async def crowd(self, size: int, one: Callable[[], Awaitable[None]], *, pause_s: float = 0.0) -> None:
        """So many at once, each again and again."""

        async def repeat() -> None:
            while self.goes_on:
                await one()
                await asyncio.sleep(pause_s)

        await asyncio.gather(*(repeat() for _ in range(size)))


async def slow_headers(attack: Attack) -> None:
    """Three hundred connections, a header a second each."""
    lines = [f"X-{number}: {MARKER}\r\n".encode() for number in range(60)]
    await attack.crowd(
        300, lambda: attack.exchange(f"GET / HTTP/1.1\r\n{_HEAD}".encode(), *lines, pause_s=1.0), pause_s=0.5
    )


async def slow_bodies(attack: Attack) -> None:
    """Three hundred bodies, a byte a second each."""
    head = f"POST /api/events HTTP/1.1\r\n{_HEAD}Content-Length: 60000\r\n\r\n".encode()
    await attack.crowd(300, lambda: attack.exchange(head, *[b"z"] * 60, pause_s=1.0), pause_s=0.5)


async def big_bodies(attack: Attack) -> None:
    """Bodies of 8 MB where 64 kB are allowed, announced and not."""
    piece = (MARKER * 5000).encode()
    announced = f"POST /api/conversations HTTP/1.1\r\n{_HEAD}Content-Length: {100 * len(piece)}\r\n\r\n".encode()
    chunked = f"POST /api/events HTTP/1.1\r\n{_HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
    chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    await asyncio.gather(
        attack.crowd(4, lambda: attack.exchange(announced, *[piece] * 100), pause_s=0.05),
        attack.crowd(4, lambda: attack.exchange(chunked, *[chunk] * 100), pause_s=0.05),
    )


async def big_headers(attack: Attack) -> None:
    """Headers of a megabyte."""
    header = b"X-Long: " + (MARKER * 60_000).encode()
    await attack.crowd(8, lambda: attack.exchange(b"GET / HTTP/1.1\r\n", header), pause_s=0.05)


async def connections(attack: Attack) -> None:
    """Connections that come and go without a word."""

    async def one() -> None:
        try:
            _, writer = await attack.connection()
            attack.results["opened"] += 1
            writer.close()
        except OSError:
            attack.results["cut"] += 1

    await attack.crowd(10, one, pause_s=0.02)


async def requests(attack: Attack) -> None:
    """Two hundred connections that ask for a page as quickly as they get it."""
    whole = f"GET /chat HTTP/1.1\r\n{_HEAD}\r\n".encode()

    async def one() -> None:
        writer = None
        try:
            reader, writer = await attack.connection()
            async with asyncio.timeout(max(0.1, attack.until - time.monotonic())):
                while attack.goes_on:
                    writer.write(whole)
                    head = await reader.readuntil(b"\r\n\r\n")
                    attack.results[head[9:12].decode()] += 1
                    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                    await reader.readexactly(int(length or 0))
        except _STOPPED:
            attack.results["cut"] += 1
        finally:
            if writer is not None:
                writer.close()

    await attack.crowd(200, one, pause_s=0.05)


async def logins(attack: Attack) -> None:
    """Passwords, guessed as quickly as they are refused."""
    body = json.dumps({"email": "ana@example.org", "password": f"{MARKER}-guess"})
    whole = (
        f"POST /api/account/login HTTP/1.1\r\n{_HEAD}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    await attack.crowd(20, lambda: attack.exchange(whole), pause_s=0.01)


def _frame(opcode: int, payload: bytes) -> bytes:
    """A masked WebSocket frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65536:
        length = bytes([0x80 | 126]) + size.to_bytes(2)
    else:
        length = bytes([0x80 | 127]) + size.to_bytes(8)
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
    return bytes([0x80 | opcode]) + length + mask + masked


async def _socket(attack: Attack, frame: bytes, count: int) -> None:
    handshake = (
        f"GET /api/conversations/c_{'x' * 22}/socket HTTP/1.1\r\n{_HEAD}Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await attack.exchange(handshake.encode(), *[frame] * count)


async def socket_frames(attack: Attack) -> None:
    """Sockets that send small frames as quickly as they can."""
    frame = _frame(1, MARKER.encode()) * 50
    await attack.crowd(20, lambda: _socket(attack, frame, 40), pause_s=0.05)


async def huge_frames(attack: Attack) -> None:
    """Sockets that send frames of 2 MB."""
    frame = _frame(1, (MARKER * 120_000).encode())
    await attack.crowd(8, lambda: _socket(attack, frame, 1), pause_s=0.05)


ATTACKS: Final = {
    attack.__name__: attack
    for attack in (
        slow_headers,
        slow_bodies,
        big_bodies,
        big_headers,
        connections,
        requests,
        logins,
        socket_frames,
        huge_frames,
    )
}


def main() -> None:
    """Attack, and print what came of it."""
    kind, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    attack = Attack(port, seconds)

    sys.stdout.write("attacking\n")
    sys.stdout.flush()

    async def run() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await ATTACKS[kind](attack)

    asyncio.run(run())
    sys.stdout.write(json.dumps({"attempts": attack.results.total(), "answers": dict(attack.results)}) + "\n")


if __name__ == "__main__":
    main()
