"""Connections that trickle, swell or come in crowds are refused; everybody else is served."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import PlainTextResponse
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from privacy import ContentFreeFormatter
from service import Settings
from service.addresses import address_key
from service.protection.gate import Gate, GateLimits
from tests.service.served import served

LIMITS = GateLimits(
    connections=20,
    connections_of_address=10,
    headers_within_s=0.4,
    header_bytes=4096,
    body_grace_s=0.4,
    body_bytes_per_s=10_000,
    look_every_s=0.1,
    write_within_s=0.4,
    request_burst=60,
    requests_per_s=100,
    longest_wait_s=0.2,
    frame_burst=30,
    frames_per_s=5,
    byte_burst=300_000,
    bytes_per_s=1000,
)
BIG = "x" * 30_000_000


def small_app() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def hello() -> str:
        return "hello"

    @app.get("/big")
    async def big() -> PlainTextResponse:
        return PlainTextResponse(BIG)

    @app.post("/upload")
    async def upload(request: Request, wait_s: float = 0) -> int:
        await asyncio.sleep(wait_s)
        return len(await request.body())

    @app.websocket("/echo")
    @app.websocket("/calls/one/audio")
    @app.websocket("/telephone/media")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text)

    return app


class Door:
    """The small application behind the product's server."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self.gate: Gate = app.state.gate
        self.url, self.ws = f"http://{address}", f"ws://{address}/echo"
        self.host, _, port = address.partition(":")
        self.port = int(port)

    async def raw(self, *pieces: bytes, pause_s: float = 0.0) -> bytes:
        """Send pieces over a connection of its own; all that comes back until it is closed."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause_s)
            async with asyncio.timeout(5):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def still_serves(self) -> None:
        async with httpx.AsyncClient(base_url=self.url) as client:
            assert (await client.get("/")).status_code == 200


async def until(true: Callable[[], bool], within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.02)


@asynccontextmanager
async def opened(**changes: float) -> AsyncIterator[Door]:
    app = small_app()
    app.state.services = SimpleNamespace(settings=Settings())
    limits = GateLimits(**{**vars(LIMITS), **changes})
    async with served(app, limits=limits) as address:
        door = Door(app, address)
        yield door
        await door.still_serves()
        await until(lambda: not door.gate.open)


async def test_headers_that_trickle_are_cut_off_in_time() -> None:
    async with opened() as door:
        loop = asyncio.get_running_loop()
        started = loop.time()
        answer = await door.raw(b"GET / HTTP/1.1\r\n", *[b"X-A: 1\r\n"] * 20, pause_s=0.05)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
        assert loop.time() - started < 3
        assert door.gate.refused["headers_slow"] == 1


async def test_a_second_request_that_trickles_is_cut_off_as_well() -> None:
    async with opened() as door:
        whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        answer = await door.raw(whole, b"\r\n", b"GET / HT", pause_s=0.1)
        assert answer.startswith(b"HTTP/1.1 200") and b"HTTP/1.1 408" in answer
        assert door.gate.refused["headers_slow"] == 1


async def test_silent_connections_are_closed_without_a_word() -> None:
    async with opened() as door:
        assert await asyncio.gather(*(door.raw() for _ in range(5))) == [b""] * 5
        assert not door.gate.refused


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 100_000,
        b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 5000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 20_000,
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * 100_000,
    ],
    ids=["endless value", "long value", "many headers", "long path", "endless path"],
)
async def test_headers_that_swell_are_refused(request_bytes: bytes) -> None:
    async with opened() as door:
        answer = await door.raw(request_bytes)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 431")
        assert door.gate.refused["headers_too_large"] == 1


async def test_what_is_no_http_is_refused_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async with opened() as door:
        with caplog.at_level(logging.DEBUG):
            for _ in range(5):
                assert (await door.raw(b"\x16\x03\x01 zebra-7319\r\n\r\n")).startswith(b"HTTP/1.1 400")
        lines = [ContentFreeFormatter().format(record) for record in caplog.records if record.levelno >= logging.INFO]
        assert len([line for line in lines if "refused" in line]) == 1
        assert not any("zebra" in line for line in lines)


async def test_a_body_that_trickles_is_cut_off_and_a_quick_one_is_not() -> None:
    async with opened() as door:
        head = b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
        answer = await door.raw(head, *[b"ab"] * 12, pause_s=0.1)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
        assert door.gate.refused["body_slow"] == 1
        async with httpx.AsyncClient(base_url=door.url) as client:
            assert (await client.post("/upload", content=b"a" * 1_000_000)).json() == 1_000_000


async def test_a_client_is_not_blamed_while_the_application_does_not_read() -> None:
    async with opened() as door, httpx.AsyncClient(base_url=door.url) as client:
        answer = await client.post("/upload?wait_s=1.5", content=b"a" * 3_000_000)
        assert answer.json() == 3_000_000 and not door.gate.refused


async def test_a_refused_body_is_not_read_to_its_end_but_its_answer_arrives() -> None:
    async with opened(linger_s=0.2) as door:
        reader, writer = await asyncio.open_connection(door.host, door.port)
        answer = asyncio.create_task(reader.readline())
        writer.write(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 500000000\r\n\r\n")
        sent = 0
        with contextlib.suppress(ConnectionError, TimeoutError):
            while sent < 500_000_000:
                writer.write(b"a" * 100_000)
                async with asyncio.timeout(3):
                    await writer.drain()
                sent += 100_000
        assert (await answer).startswith(b"HTTP/1.1 404")
        assert sent < 50_000_000 and door.gate.refused["body_unwanted"] == 1
        writer.close()


async def test_a_small_body_that_comes_after_its_refusal_keeps_the_connection() -> None:
    async with opened() as door:
        reader, writer = await asyncio.open_connection(door.host, door.port)
        for _ in range(2):
            writer.write(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 404")
            await reader.readexactly(len(b'{"detail":"Not Found"}'))
            writer.write(b"hello")
        writer.close()


async def test_an_answer_that_nobody_takes_is_dropped() -> None:
    async with opened() as door:
        _, writer = await asyncio.open_connection(door.host, door.port, limit=1024)
        writer.write(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        await until(lambda: door.gate.refused["answer_not_taken"] == 1)
        writer.close()


async def test_one_address_has_so_many_connections_and_gets_them_back() -> None:
    async with opened() as door:
        held = [await asyncio.open_connection(door.host, door.port) for _ in range(10)]
        assert (await door.raw(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")).startswith(b"HTTP/1.1 503")
        assert door.gate.refused["connections_of_address"] == 1
        for _, writer in held:
            writer.close()
        await until(lambda: not door.gate.open)


async def test_more_requests_than_a_person_makes_wait_their_turn_and_then_are_refused() -> None:
    async with opened(request_burst=5, requests_per_s=10, longest_wait_s=0.35) as door:
        loop = asyncio.get_running_loop()
        started = loop.time()

        async def ask(client: httpx.AsyncClient) -> tuple[int, float]:
            return (await client.get("/")).status_code, loop.time() - started

        async with httpx.AsyncClient(base_url=door.url) as client:
            answers = sorted(await asyncio.gather(*(ask(client) for _ in range(10))))
        assert [status for status, _ in answers] == [200] * 8 + [429] * 2
        assert all(seconds > 0.25 for _, seconds in answers[7:])
        with pytest.raises(InvalidStatus) as refused:
            for _ in range(9):
                async with connect(door.ws):
                    pass
        assert refused.value.response.status_code == 429
        await asyncio.sleep(0.6)


Attack = Callable[..., Awaitable[None]]


async def _texts(socket: "object", *, count: int = 100) -> None:
    for _ in range(count):
        await socket.send("hello")  # type: ignore[attr-defined]
    await socket.recv()  # type: ignore[attr-defined]


async def _pings(socket: "object") -> None:
    for _ in range(100):
        await socket.ping()  # type: ignore[attr-defined]


async def _pieces(socket: "object") -> None:
    await socket.send("a" for _ in range(200))  # type: ignore[attr-defined]


async def _bytes(socket: "object") -> None:
    for _ in range(4):
        await socket.send("a" * 100_000)  # type: ignore[attr-defined]


async def _huge(socket: "object") -> None:
    await socket.send("a" * 290_000)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("attack", "code", "reason"),
    [
        (_texts, 1008, "socket_frames"),
        (_pings, 1008, "socket_frames"),
        (_pieces, 1008, "socket_frames"),
        (_bytes, 1008, "socket_bytes"),
        (_huge, 1009, "socket_frame"),
    ],
)
async def test_a_socket_that_floods_is_closed(attack: Attack, code: int, reason: str) -> None:
    async with opened() as door:
        async with connect(door.ws, max_size=None, ping_interval=None) as socket:
            await socket.send("first")
            assert await socket.recv() == "first"
            with pytest.raises(ConnectionClosed) as closed:
                await attack(socket)
                async with asyncio.timeout(5):
                    while True:
                        await socket.recv()
        assert door.gate.refused[reason] == 1
        if closed.value.rcvd is not None:
            assert closed.value.rcvd.code == code


@pytest.mark.parametrize("path", ["/calls/one/audio", "/telephone/media"])
async def test_a_socket_with_a_call_s_sound_may_send_more(path: str) -> None:
    """Two hundred frames at once are too many for it as well."""
    async with opened(sound_frames_per_s=400) as door:
        async with connect(door.ws.replace("/echo", path), ping_interval=None) as socket:
            for _ in range(90):
                await socket.send("20 ms")
                await asyncio.sleep(0.004)
            assert [await socket.recv() for _ in range(90)] == ["20 ms"] * 90
            assert not door.gate.refused
            with pytest.raises(ConnectionClosed):
                await _texts(socket, count=200)
                async with asyncio.timeout(5):
                    while True:
                        await socket.recv()
        assert door.gate.refused["socket_frames"] == 1


async def test_a_socket_of_a_person_is_left_alone() -> None:
    async with opened() as door, connect(door.ws) as socket:
        for number in range(20):
            await socket.send(f"message {number}")
            assert await socket.recv() == f"message {number}"
        assert not door.gate.refused


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_counts_as_its_subscriber(address: str, key: str) -> None:
    assert address_key(address) == key


def test_refusals_are_counted_and_told_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    gate = Gate(GateLimits(), clock=lambda: now[0])
    with caplog.at_level(logging.WARNING):
        for _ in range(500):
            gate.note("headers_slow")
        now[0] = 11.0
        gate.note("headers_slow")
    assert [(vars(record)["reason"], vars(record)["count"]) for record in caplog.records] == [
        ("headers_slow", 1),
        ("headers_slow", 500),
    ]
