"""A voice process of the bench's own, and the web process's side of its calls: what it says is what a measure needs."""

import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.stack import free_port
from benchmarks.voice_customers import CustomerLine, Customers
from cli.processes import ROOT
from privacy import Secrets
from service import Settings
from service.calls import wire
from vocabulary import Author

READY_WITHIN_S: Final = 60.0
AnyMessage = TypeVar("AnyMessage", bound=wire._Message)


class VoiceBenchError(Exception):
    """The voice process did not do what a measure needs."""

    code = "bench_invalid"


class VoiceProcess:
    """`python -m MODULE` as a voice process over a data folder of its own, on a free port."""

    def __init__(self, home: Path, *, module: str = "service.voice", environment: Mapping[str, str] | None = None):
        self.port = free_port()
        self._secrets = Secrets.load_or_create(Settings(home=home).secrets_file)
        self.log = home / "voice.log"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ATTUNE_")}
        own = {"ATTUNE_HOME": str(home), "ATTUNE_VOICE_PORT": str(self.port), "OMP_NUM_THREADS": "2"}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env={**kept, "MALLOC_ARENA_MAX": "2", "PYTHONPATH": str(ROOT), **own, **(environment or {})},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        """Where it listens, for WebSockets."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        """What opens it."""
        return {"Authorization": f"Bearer {self._secrets.voice_token}"}

    async def wait_ready(self) -> dict[str, Any]:
        """Wait until it answers; its health. Raises: VoiceBenchError with the end of its log."""
        deadline = time.monotonic() + READY_WITHIN_S
        async with httpx.AsyncClient(timeout=3) as client:
            while time.monotonic() < deadline and self.process.poll() is None:
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.get(f"http://127.0.0.1:{self.port}/health", headers=self.headers)
                    if answer.is_success:
                        return dict(answer.json())
                await asyncio.sleep(0.1)
        tail = self.log.read_text(errors="replace")[-2000:]
        raise VoiceBenchError(f"the voice process did not answer within {READY_WITHIN_S:.0f} s.\n{tail}")

    def resident_mb(self) -> float:
        """Resident memory with its workers, in millions of bytes."""
        parent, total = psutil.Process(self.process.pid), 0
        for process in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
        return total / 1e6

    def own_mb(self) -> float:
        """Resident memory of the process itself, in millions of bytes."""
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def voice_process(home: Path, **options: Any) -> Iterator[VoiceProcess]:
    """A VoiceProcess that ends with the block."""
    home.mkdir(parents=True, exist_ok=True)
    process = VoiceProcess(home, **options)
    try:
        yield process
    finally:
        process.stop()


class Call:
    """The web process's side of one call. replies: what to say to a Heard at once; None says nothing.

    messages: (time of CLOCK_MONOTONIC, message) of all that the voice process has told.
    """

    def __init__(self, socket: ClientConnection, replies: Callable[[wire.Heard], Sequence[str] | None] | None) -> None:
        self._socket = socket
        self._replies = replies
        self._news = asyncio.Event()
        self._numbers = itertools.count(1)
        self.messages: list[tuple[float, wire.ToWeb | wire.ToVoice]] = []
        self._reading = asyncio.create_task(self._read())

    async def send(self, message: wire.ToVoice) -> None:
        """Tell the voice process something."""
        await self._socket.send(wire.pack(message))

    async def say(self, *sentences: str, answers: str | None = None, **options: Any) -> str:
        """Have sentences read out; the reply's id. options: fields of Say."""
        reply = f"reply-{next(self._numbers)}"
        said = tuple(wire.Sentence(text=text) for text in sentences)
        await self.send(wire.Say(reply=reply, author=Author.BOT, sentences=said, answers=answers, **options))
        return reply

    def told(self, kind: type[AnyMessage], since: float = 0.0) -> list[tuple[float, AnyMessage]]:
        """What came of a kind since then."""
        return [(at, message) for at, message in self.messages if at >= since and isinstance(message, kind)]

    async def wait(
        self,
        kind: type[AnyMessage],
        within_s: float,
        *,
        since: float = 0.0,
        holds: Callable[[AnyMessage], bool] = lambda _: True,
    ) -> AnyMessage | None:
        """The first message of a kind since then; None if it does not come in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while True:
                    found = next((message for _, message in self.told(kind, since) if holds(message)), None)
                    if found is not None:
                        return found
                    if self._reading.done():
                        return None
                    self._news.clear()
                    await self._news.wait()
        return None

    async def end(self) -> wire.Ended | None:
        """Hang up, as the customer asked; what the voice process counted."""
        with contextlib.suppress(ConnectionClosed):
            await self.send(wire.End(because="asked"))
        ended = await self.wait(wire.Ended, 5)
        await self._socket.close()
        await self._reading
        return ended

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                if isinstance(frame, str):
                    continue
                message, _ = wire.unpack(frame)
                self.messages.append((time.monotonic(), message))
                self._news.set()
                if isinstance(message, wire.Heard):
                    await self.send(wire.Taken(message=message.message, text=message.text))
                    said = self._replies(message) if self._replies else None
                    if said:
                        await self.say(*said, answers=message.message)
        except ConnectionClosed:
            pass
        finally:
            self._news.set()


@contextlib.asynccontextmanager
async def call(
    process: VoiceProcess,
    on_the_line: Customers,
    *,
    replies: Callable[[wire.Heard], Sequence[str] | None] | None = None,
    **start: Any,
) -> AsyncIterator[tuple[Call, CustomerLine]]:
    """A call by WebSocket sound with a customer on the line. start: fields of Start. Raises: VoiceBenchError."""
    name = uuid.uuid4().hex
    async with connect(
        f"{process.url}/calls/{name}", additional_headers=process.headers, compression=None, max_size=2**24
    ) as socket:
        side = Call(socket, replies)
        await side.send(wire.Start(transport="websocket", **start))
        if await side.wait(wire.Answer, 10) is None:
            raise VoiceBenchError(f"a call was not answered: {[message.type for _, message in side.messages]}")
        async with on_the_line.line(f"{process.url}/calls/{name}/audio", headers=process.headers) as line:
            try:
                if await side.wait(wire.Ready, 10) is None:
                    raise VoiceBenchError("a call was answered, but its sound did not begin to flow within 10 s.")
                yield side, line
            finally:
                await side.end()
