"""A telephone provider's side of calls: it signs what it sends, obeys TwiML, and carries sound as Twilio does."""

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from service.telephone.signature import signature
from speech import ToTelephone, decode_mulaw

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
SITE = "https://shop.example"
SETTINGS: dict[str, Any] = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "public_url": SITE}
FRAME = 160
SILENCE = b"\xff" * FRAME


def new_call() -> str:
    """A call's id."""
    return f"CA{secrets.token_hex(16)}"


@dataclass
class Stream:
    """One open stream. got: every frame of ours, parsed; sound: what the caller has heard."""

    socket: ClientConnection
    call: str
    ticket: str
    sid: str = field(default_factory=lambda: f"MZ{secrets.token_hex(16)}")
    got: list[dict[str, Any]] = field(default_factory=list)
    sound: bytearray = field(default_factory=bytearray)
    number: int = 0
    answers_marks: bool = True

    async def send(self, event: str, **parts: Any) -> None:
        """One event, numbered as the provider does."""
        self.number += 1
        await self.raw(json.dumps({"event": event, "sequenceNumber": str(self.number), "streamSid": self.sid, **parts}))

    async def raw(self, frame: str | bytes) -> None:
        """Anything."""
        await self.socket.send(frame)

    async def begin(self, **changes: Any) -> None:
        """`connected` and `start`."""
        await self.raw(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        start = {
            "streamSid": self.sid,
            "accountSid": ACCOUNT,
            "callSid": self.call,
            "tracks": ["inbound"],
            "customParameters": {"ticket": self.ticket},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        await self.send("start", start={**start, **changes})

    async def media(self, codes: bytes, track: str = "inbound") -> None:
        """One frame of the caller's sound."""
        await self.send("media", media={"track": track, "payload": base64.b64encode(codes).decode()})

    async def say(self, samples: NDArray[np.int16]) -> None:
        """Speak in real time; samples at 16 kHz."""
        line, loop = ToTelephone(), asyncio.get_running_loop()
        codes, began = line.take(samples), loop.time()
        for number, first in enumerate(range(0, len(codes), FRAME)):
            await asyncio.sleep(max(0.0, began + number * 0.02 - loop.time()))
            await self.media(codes[first : first + FRAME].ljust(FRAME, b"\xff"))

    async def quiet(self, seconds: float) -> None:
        """Nothing is said; the line goes on."""
        await self.say(np.zeros(int(seconds * 16_000), dtype=np.int16))

    async def press(self, key: str) -> None:
        """A key of the telephone."""
        await self.send("dtmf", dtmf={"track": "inbound_track", "digit": key})

    async def read(self) -> None:
        """Take what comes; a mark comes back once it is reached, as the sound before it plays at once here."""
        async for frame in self.socket:
            message = json.loads(frame)
            assert message["streamSid"] == self.sid
            assert message["event"] in ("media", "mark", "clear"), "the provider knows no other message"
            self.got.append(message)
            if message["event"] == "media":
                self.sound += base64.b64decode(message["media"]["payload"], validate=True)
            if message["event"] == "mark" and self.answers_marks:
                await self.send("mark", mark=message["mark"])

    def count(self, event: str) -> int:
        """How many messages of a kind came."""
        return sum(message["event"] == event for message in self.got)

    def loud_s(self) -> float:
        """Seconds of what came that are more than silence."""
        return float(np.count_nonzero(np.abs(decode_mulaw(bytes(self.sound)).astype(int)) > 200)) / 8000

    async def until(self, holds: "Any", within_s: float = 8) -> None:
        """Wait for something to become true of this stream."""
        async with asyncio.timeout(within_s):
            while not holds(self):  # noqa: ASYNC110 - frames come all the time
                await asyncio.sleep(0.02)

    async def closed(self, within_s: float = 8) -> tuple[int | None, str | None]:
        """Wait until our side closes; code and reason."""
        async with asyncio.timeout(within_s):
            await self.socket.wait_closed()
        return self.socket.close_code, self.socket.close_reason


@dataclass
class Provider:
    """Speaks to one served application. host: where it listens; what is signed is the public address."""

    host: str
    token: str = TOKEN

    async def post(self, path: str, call: str, *, signed: str | None = None, **fields: str) -> httpx.Response:
        """A webhook. signed: in place of the right signature."""
        form = {"AccountSid": ACCOUNT, "CallSid": call, "From": "+4915112345678", "To": "+49301234567", **fields}
        right = signature(self.token, f"{SITE}/api/telephone/twilio/{path}", list(form.items()))
        headers = {"X-Twilio-Signature": right if signed is None else signed}
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        async with httpx.AsyncClient(trust_env=False) as client:
            address = f"http://{self.host}/api/telephone/twilio/{path}"
            return await client.post(address, headers=headers, content=urlencode(form))

    async def rings(self, call: str, **fields: str) -> "Document":
        """A call comes in."""
        response = await self.post("voice", call, CallStatus="ringing", Direction="inbound", **fields)
        assert response.status_code == 200, response.text
        return Document.of(response)

    async def after(self, call: str) -> "Document":
        """The stream has ended; what follows?"""
        response = await self.post("after", call, CallStatus="in-progress")
        assert response.status_code == 200, response.text
        return Document.of(response)

    @asynccontextmanager
    async def stream(self, call: str, ticket: str, *, signed: str | None = None) -> AsyncIterator[Stream]:
        """The call's WebSocket, open and reading; nothing is sent yet."""
        path = "/api/telephone/twilio/media"
        right = signature(self.token, f"wss://{SITE.removeprefix('https://')}{path}")
        headers = {"x-twilio-signature": right if signed is None else signed}
        async with connect(f"ws://{self.host}{path}", additional_headers=headers, proxy=None) as socket:
            stream = Stream(socket, call, ticket)
            reading = asyncio.create_task(stream.read())
            try:
                yield stream
            finally:
                reading.cancel()
                for result in await asyncio.gather(reading, return_exceptions=True):
                    if isinstance(result, Exception) and not isinstance(result, ConnectionClosed):
                        raise result


@dataclass(frozen=True)
class Document:
    """A TwiML document. says: its own words. ticket: of the stream that it opens; None if it opens none."""

    verbs: list[str]
    says: str
    ticket: str | None
    stream_url: str | None
    action: str | None

    @classmethod
    def of(cls, response: httpx.Response) -> "Document":
        """Read as the provider reads it."""
        assert response.headers["content-type"].startswith("application/xml")
        root = ElementTree.fromstring(response.text)
        assert root.tag == "Response"
        stream, connect_ = root.find("Connect/Stream"), root.find("Connect")
        parameter = root.find("Connect/Stream/Parameter")
        return cls(
            [verb.tag for verb in root],
            " ".join(str(say.text) for say in root.iter("Say")),
            None if parameter is None else parameter.get("value"),
            None if stream is None else stream.get("url"),
            None if connect_ is None else connect_.get("action"),
        )
