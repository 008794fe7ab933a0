"""The web process's side of a call, and the customer's: a real voice application on a real port, in this loop."""

import asyncio
import json
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import uvicorn
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect

from benchmarks import free_port
from privacy import Secrets
from service.calls import wire
from service.hearing import Heard
from service.settings import Settings
from service.voice.app import create_app
from speech import EngineStatus, Sound, Voice, Word, decode
from speech.synthesis.voice import sound_of_samples

FRAME_BYTES = 640
T = TypeVar("T")


class FakeEars:
    """A double at the seam of the recogniser: it hears what it is told to, after a while. sounds: what it was given."""

    def __init__(self, text: str = "where is my order", took_s: float = 0.02) -> None:
        self.text = text
        self.took_s = took_s
        self.sounds: list[float] = []
        self.failure: Exception | None = None
        self.engines = [EngineStatus("speech to text", "a double", True, None, None)]

    async def hear(self, sound: bytes, *, whose: str = "") -> Heard:
        """The text, for whatever sound."""
        clip = decode(sound)
        self.sounds.append(clip.seconds)
        await asyncio.sleep(self.took_s)
        if self.failure is not None:
            raise self.failure
        words = tuple(Word(word, 0.1 * at, 0.1 * at + 0.1, 0.9) for at, word in enumerate(self.text.split()))
        return Heard(clip, self.text, words, "a double", 20)

    def warm(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to end."""


class FakeVoice:
    """A double of a synthesiser: a tone as long as the sentence. spoken: (text, rate)."""

    name = "a tone"

    def __init__(self, seconds_a_character: float = 0.03) -> None:
        self.spoken: list[tuple[str, float]] = []
        self._pace = seconds_a_character

    async def speak(self, sentence: str, *, rate: float = 1.0) -> Sound:
        """A tone of 220 Hz at 16 kHz."""
        self.spoken.append((sentence, rate))
        await asyncio.sleep(0.02)
        at = np.arange(int(len(sentence) * self._pace / rate * 16_000)) / 16_000
        return sound_of_samples((8000 * np.sin(2 * np.pi * 220 * at)).astype("<i2").tobytes(), 16_000)


@dataclass
class WebSide:
    """The control socket of one call. got: every message so far, with its payload."""

    socket: ClientConnection
    got: list[tuple[Any, bytes]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    async def send(self, message: wire.ToVoice) -> None:
        """One message to the voice process."""
        await self.socket.send(wire.pack(message))

    async def read(self) -> None:
        """Collect until the socket ends."""
        async for frame in self.socket:
            assert isinstance(frame, bytes)
            self.got.append(wire.unpack(frame))
            self.came.set()
        self.closed = True
        self.came.set()

    async def wait(self, kind: type[T], which: Callable[[T], bool] = lambda _: True, within_s: float = 10) -> T:
        """The first message of a kind; within_s it must have come."""
        async with asyncio.timeout(within_s):
            while True:
                for message, _ in self.got:
                    if isinstance(message, kind) and which(message):
                        return message
                self.came.clear()
                await self.came.wait()

    def all(self, kind: type[T]) -> list[T]:
        """Every message of a kind so far."""
        return [message for message, _ in self.got if isinstance(message, kind)]

    def payload_of(self, kind: type) -> bytes:
        """The payload of the first message of a kind."""
        return next(payload for message, payload in self.got if isinstance(message, kind))


@dataclass
class Customer:
    """A browser's side of the WebSocket sound. heard: the sound that came, told: the messages."""

    socket: ClientConnection
    heard: bytearray = field(default_factory=bytearray)
    told: list[dict[str, Any]] = field(default_factory=list)
    arrivals: list[tuple[float, bool]] = field(default_factory=list)
    """When each frame of sound came, and whether it was more than silence."""

    async def read(self) -> None:
        """Collect until the socket ends."""
        async for frame in self.socket:
            if isinstance(frame, bytes):
                self.heard += frame
                loud = bool(np.abs(np.frombuffer(frame, dtype="<i2").astype(int)).max(initial=0) > 200)
                self.arrivals.append((asyncio.get_running_loop().time(), loud))
            else:
                self.told.append(json.loads(frame))

    async def say(self, samples: NDArray[np.int16]) -> float:
        """Speak in real time, 20 ms a frame; when the last frame was sent."""
        loop = asyncio.get_running_loop()
        began, pcm = loop.time(), samples.astype("<i2").tobytes()
        for number, first in enumerate(range(0, len(pcm), FRAME_BYTES)):
            await asyncio.sleep(max(0.0, began + number * 0.02 - loop.time()))
            await self.socket.send(pcm[first : first + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"))
        return loop.time()

    async def be_quiet(self, seconds: float) -> None:
        """Send silence, as a microphone does."""
        await self.say(np.zeros(int(seconds * 16_000), dtype=np.int16))

    def types(self) -> list[str]:
        """What kinds of messages came."""
        return [str(told["type"]) for told in self.told]


@dataclass
class VoiceProcess:
    """A running application. url: without a scheme."""

    port: int
    token: str
    app: Any
    ears: FakeEars | None
    voice: FakeVoice | None

    @property
    def headers(self) -> dict[str, str]:
        """What opens its sockets."""
        return {"Authorization": f"Bearer {self.token}"}

    @asynccontextmanager
    async def call(self, start: wire.Start, call_id: str = "call-1") -> AsyncIterator[WebSide]:
        """Begin a call and wait for its Answer (or its refusal)."""
        uri = f"ws://127.0.0.1:{self.port}/calls/{call_id}"
        async with connect(uri, additional_headers=self.headers, max_size=None, compression=None) as socket:
            side = WebSide(socket)
            reading = asyncio.create_task(side.read())
            try:
                await side.send(start)
                await side.wait((wire.Answer, wire.Ended))  # type: ignore[arg-type]
                yield side
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    @asynccontextmanager
    async def customer(self, call_id: str = "call-1") -> AsyncIterator[Customer]:
        """The customer's WebSocket."""
        uri = f"ws://127.0.0.1:{self.port}/calls/{call_id}/audio"
        async with connect(uri, additional_headers=self.headers, compression=None) as socket:
            customer = Customer(socket)
            reading = asyncio.create_task(customer.read())
            try:
                yield customer
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)


@asynccontextmanager
async def voice_process(
    home: Path, *, ears: FakeEars | None = None, voice: Voice | None = None, **settings: Any
) -> AsyncIterator[VoiceProcess]:
    """The application, served on a free port until the block ends. Without doubles: the real recogniser and voice."""
    chosen = {"home": home, "turn_strategy": "timeout", "voice_port": free_port(), **settings}
    made = Settings(**chosen)
    app = create_app(made, ears=ears, voice=voice)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=made.voice_port, log_config=None, ws_max_size=2**24, timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    token = Secrets.load_or_create(made.secrets_file).voice_token
    try:
        yield VoiceProcess(made.voice_port, token, app, ears, voice if isinstance(voice, FakeVoice) else None)
    finally:
        server.should_exit = True
        await serving


def samples_of(path: Path) -> NDArray[np.int16]:
    """A WAV file of 16-bit mono sound at 16 kHz, (n_samples,)."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
