"""A voice process at the edge: it speaks the real protocol over real sockets, and hears what the test tells it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import numpy as np
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from service.calls.wire import (
    Answer,
    End,
    Ended,
    Heard,
    Measured,
    Offer,
    Permitted,
    Picture,
    Ready,
    Say,
    Stages,
    Start,
    Taken,
    ToVoice,
    ToWeb,
    Word,
    pack,
    unpack,
)
from tests.service.talk import until

JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


def tone(seconds: float) -> bytes:
    """A steady sound: nothing that could be taken for two people."""
    samples = 0.2 * np.sin(2 * np.pi * 150 * np.arange(int(16_000 * seconds)) / 16_000)
    return (samples * 32767).astype("<i2").tobytes()


class FakeCall:
    """One call as the voice process has it. told: everything that the web process sent, in order."""

    def __init__(self, call_id: str, socket: ServerConnection) -> None:
        self.id = call_id
        self.socket = socket
        self.told: list[ToVoice] = []

    @property
    def start(self) -> Start:
        assert isinstance(self.told[0], Start)
        return self.told[0]

    def of(self, kind: type[Any]) -> list[Any]:
        """What was told of one kind."""
        return [message for message in self.told if isinstance(message, kind)]

    def words(self) -> list[str]:
        """Every sentence to be said so far."""
        return [sentence.text for say in self.of(Say) for sentence in say.sentences]

    def permitted(self) -> tuple[bool, bool]:
        """Voice and face, as they stand now."""
        last = (self.of(Permitted) or [self.start])[-1]
        return last.voice, last.face

    async def send(self, message: ToWeb, payload: bytes = b"") -> None:
        await self.socket.send(pack(message, payload))

    async def hear(
        self, text: str, *, message: str | None = None, sound: bytes | None = None, stages: Stages | None = None
    ) -> str:
        """A whole turn of the customer; its message id. sound: as permitted now, unless the test says otherwise."""
        message = message or str(uuid4())
        if sound is None:
            sound = tone(0.6) if self.permitted()[0] else b""
        await self.send(
            Heard(
                message=message,
                text=text,
                words=tuple(Word(text=word, confidence=0.9) for word in text.split()),
                seconds=0.6,
                stages=stages or Stages(turn_end=0.6, transcript=0.7),
            ),
            sound,
        )
        return message

    async def see(self, message: str) -> None:
        """A picture for the message that comes next."""
        await self.send(Picture(message=message), JPEG)

    async def taken(self, message: str) -> Taken:
        """What became of a turn."""
        await until(lambda: any(one.message == message for one in self.of(Taken)))
        return next(one for one in self.told if isinstance(one, Taken) and one.message == message)

    async def said(self, text: str) -> Say:
        """The Say that holds this sentence, once it has come."""
        await until(lambda: text in self.words())
        says = [message for message in self.told if isinstance(message, Say)]
        return next(say for say in says if any(one.text == text for one in say.sentences))

    async def measure(self, message: str, **stages: float) -> None:
        await self.send(Measured(message=message, stages=Stages(**stages)))


class FakeVoice:
    """A voice process. answers: whether it answers a Start; ready: whether sound flows at once."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.url = ""
        self.places = 12
        self.answers = True
        self.ready = True
        self.busy = 0
        self.calls: list[FakeCall] = []
        self._server: Server | None = None

    @property
    def call(self) -> FakeCall:
        """The newest call."""
        return self.calls[-1]

    async def begun(self, count: int = 1) -> FakeCall:
        """The newest call, once there were this many and the newest has been told its start."""
        await until(lambda: len(self.calls) >= count and bool(self.calls[-1].told))
        return self.calls[-1]

    async def kill(self) -> None:
        """End at once, in the middle of everything."""
        assert self._server is not None
        for call in self.calls:
            call.socket.transport.abort()
        self._server.close(close_connections=False)

    def _health(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/health":
            now = self.busy + sum(call.socket.state.name == "OPEN" for call in self.calls)
            body = json.dumps({"status": "ok", "calls": now, "places": self.places})
            return connection.respond(HTTPStatus.OK, body)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return connection.respond(HTTPStatus.UNAUTHORIZED, "no token\n")
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        _, _, rest = socket.request.path.partition("/calls/")
        call_id, _, sound = rest.partition("/")
        with suppress(ConnectionClosed):
            if sound == "audio":
                await self._echo(socket)
            else:
                await self._control(FakeCall(call_id, socket))

    async def _echo(self, socket: ServerConnection) -> None:
        async for frame in socket:
            await socket.send(frame)

    async def _control(self, call: FakeCall) -> None:
        self.calls.append(call)
        async for frame in call.socket:
            assert isinstance(frame, bytes)
            message, _ = unpack(frame)
            call.told.append(message)  # type: ignore[arg-type]
            match message:
                case Start():
                    if self.answers:
                        await call.send(Answer(sdp=f"answer to {message.offer}" if message.offer else None))
                    if self.ready:
                        await call.send(Ready(engine="fake", voice="fake"))
                case Offer():
                    await call.send(Answer(sdp=f"answer to {message.sdp}"))
                case End():
                    await call.send(Ended(because=message.because, frames=100, late=1))
                    await call.socket.close()
                    return


@asynccontextmanager
async def voice_process(token: str) -> AsyncIterator[FakeVoice]:
    """A running voice process on a free port."""
    voice = FakeVoice(token)
    async with serve(
        voice._serve, "127.0.0.1", 0, process_request=voice._health, max_size=16 * 1024 * 1024, compression=None
    ) as server:
        voice._server = server
        port = next(iter(server.sockets)).getsockname()[1]
        voice.url = f"http://127.0.0.1:{port}"
        yield voice
        await asyncio.sleep(0)
