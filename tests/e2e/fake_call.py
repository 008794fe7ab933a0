"""The fake service's calls: real WebRTC and WebSocket sound on the other side, and a test that says what happens.

It hears nothing and understands nothing: tests tell it what to say by `tell`, `play` and `drop`.
"""

import asyncio
import contextlib
import fractions
import json
import math
import struct
from dataclasses import dataclass, field
from typing import Any

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from av import AudioFrame
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse, Response

RATE_HZ = 48_000
LINE_HZ = 16_000
TONE_HZ = 440


@dataclass
class FakeCall:
    """available: what the settings say. refuse: (status, code, message) of every new call, by way if it names one.

    uncovered: signals whose yes was to a notice without calls.
    deaf_to: ways that are answered and never carry anything, as a firewall does.
    begun: bodies of the calls that were begun. offers: later offers. ended: calls that the page ended.
    said: frames of the page. loudest: of the customer's sound, in [0, 1]. pictures: video frames that came.
    """

    available: bool = False
    transports: tuple[str, ...] = ("webrtc", "websocket")
    refuse: tuple[int, str, str] | None = None
    deaf_to: tuple[str, ...] = ()
    loses_offers: bool = False
    uncovered: tuple[str, ...] = ()
    begun: list[dict[str, Any]] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    loudest: float = 0.0
    sound_frames: int = 0
    pictures: int = 0
    plays: bool = False
    _peers: list[RTCPeerConnection] = field(default_factory=list)
    _lines: list[Any] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _api: Any = None

    def _covered(self, name: str) -> list[str]:
        said = {one["signal"] for one in self._api.consent_calls}
        granted = (signal for signal, on in self._api.consent[name].items() if on)
        return [signal for signal in granted if signal in said or signal not in self.uncovered]

    def attach(self, app: FastAPI, api: Any) -> None:
        """Add the routes. api: FakeApi."""
        self._api = api
        base = "/api/conversations/{name}/calls"

        def refusal(request: Request, name: str) -> JSONResponse | None:
            known = request.headers.get("authorization") == f"Bearer {api.tokens.get(name)}"
            return None if known else _error(404, "unknown_conversation", "This conversation does not exist.")

        @app.get(base + "/settings", response_model=None)
        async def settings(name: str, request: Request) -> Any:
            return refusal(request, name) or {
                "available": self.available,
                "because": None if self.available else "voice_down",
                "transports": self.transports,
                "ice_servers": [],
                "max_seconds": 1800,
                "covered": self._covered(name),
            }

        @app.post(base, status_code=201, response_model=None)
        async def begin(name: str, request: Request) -> Any:
            if self.refuse is not None:
                return _error(*self.refuse)
            body = await request.json()
            self.begun.append(body)
            call = f"call-{len(self.begun)}"
            answer = await self._answer(body["offer"]) if body["transport"] == "webrtc" else None
            return refusal(request, name) or {"call": call, "answer": answer, "ice_servers": []}

        @app.post(base + "/{call}/offer", response_model=None)
        async def offer(name: str, call: str, request: Request) -> Any:
            body = await request.json()
            self.offers.append(call)
            if self.loses_offers:
                return _error(404, "unknown_call", "This call has ended.")
            return refusal(request, name) or {"answer": await self._answer(body["offer"])}

        @app.delete(base + "/{call}", status_code=204, response_class=Response)
        async def end(name: str, call: str) -> None:
            self.ended.append(call)

        @app.websocket(base + "/{call}/audio")
        async def sound(line: WebSocket, name: str, call: str) -> None:
            await line.accept()
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self._carry(line, api.tokens.get(name))

    @property
    def peers(self) -> list[RTCPeerConnection]:
        return self._peers

    @property
    def lines(self) -> int:
        """How many lines are open for words."""
        return len(self._lines)

    def tell(self, **frame: Any) -> None:
        """A frame to the newest line."""
        self._api._run(self._tell(frame))

    def drop(self) -> None:
        """The voice process dies: every line breaks without a goodbye."""
        self._api._run(self._drop())

    def state(self, name: str) -> None:
        self.tell(type="state", state=name)

    def caption(self, reply: str, text: str, *, start: int = 0, seconds: float = 2.0, index: int = 0) -> None:
        end = start + len(text)
        frame = {"reply": reply, "index": index, "part": "text", "start": start, "end": end}
        self.tell(type="caption", text=text, seconds=seconds, **frame)

    async def _tell(self, frame: dict[str, Any]) -> None:
        line = self._lines[-1]
        text = json.dumps(frame)
        if isinstance(line, WebSocket):
            await line.send_text(text)
        else:
            line.send(text)

    async def _drop(self) -> None:
        for line in self._lines:
            if isinstance(line, WebSocket):
                with contextlib.suppress(RuntimeError):
                    await line.close(1011)
        for peer in self._peers:
            await peer.close()
        self._lines.clear()
        self._peers.clear()

    async def _answer(self, offer: str) -> str:
        peer = RTCPeerConnection()
        self._peers.append(peer)
        peer.addTrack(_Tone(self))

        @peer.on("track")
        def track(track: MediaStreamTrack) -> None:
            self._later(self._listen(track))

        @peer.on("datachannel")
        def channel(channel: Any) -> None:
            self._lines.append(channel)
            channel.on("message", lambda text: self._hear(channel, text))

        cut = _without_ways if "webrtc" in self.deaf_to else str
        await peer.setRemoteDescription(RTCSessionDescription(cut(offer), "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return cut(peer.localDescription.sdp)

    def _hear(self, channel: Any, text: str) -> None:
        frame = json.loads(text)
        if frame["type"] == "ping":
            channel.send(json.dumps({"type": "pong"}))
        else:
            self.said.append(frame)

    async def _listen(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(Exception):  # The end of a track arrives as one of several errors.
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    self.pictures += 1
                else:
                    self._heard(frame.to_ndarray().astype(float).__abs__().max() / 32_768)

    def _heard(self, level: float) -> None:
        self.sound_frames += 1
        self.loudest = max(self.loudest, float(level))

    async def _carry(self, line: WebSocket, token: str | None) -> None:
        first = await line.receive_json()
        if first != {"type": "auth", "token": token}:
            return await line.close(4401)
        if "websocket" in self.deaf_to:
            await asyncio.sleep(60)
        self._lines.append(line)
        playing = self._later(self._play(line))
        try:
            while True:
                message = await line.receive()
                if message["type"] == "websocket.disconnect":
                    return None
                if message.get("bytes") is not None:
                    block = message["bytes"]
                    self._heard(max(map(abs, struct.unpack(f"<{len(block) // 2}h", block))) / 32_768)
                elif (frame := json.loads(message["text"]))["type"] == "ping":
                    await line.send_text('{"type": "pong"}')
                else:
                    self.said.append(frame)
        finally:
            playing.cancel()

    async def _play(self, line: WebSocket) -> None:
        for n in range(10**6):
            await asyncio.sleep(0.02)
            await line.send_bytes(_tone(n * 320, 320, LINE_HZ, loud=self.plays))

    def _later(self, work: Any) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class _Tone(MediaStreamTrack):
    """440 Hz while the fake plays, else silence; 20 ms a frame, in real time."""

    kind = "audio"

    def __init__(self, owner: FakeCall) -> None:
        super().__init__()
        self._owner = owner
        self._at = 0
        self._began: float | None = None

    async def recv(self) -> AudioFrame:
        count = RATE_HZ // 50
        loop = asyncio.get_running_loop()
        self._began = self._began if self._began is not None else loop.time()
        await asyncio.sleep(max(0.0, self._began + self._at / RATE_HZ - loop.time()))
        frame = AudioFrame(format="s16", layout="mono", samples=count)
        frame.planes[0].update(_tone(self._at, count, RATE_HZ, loud=self._owner.plays))
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._at, fractions.Fraction(1, RATE_HZ)
        self._at += count
        return frame


def _without_ways(sdp: str) -> str:
    """A description that neither side can reach the other by, as behind a firewall."""
    return "\r\n".join(line for line in sdp.split("\r\n") if not line.startswith("a=candidate"))


def _tone(at: int, count: int, rate_hz: int, *, loud: bool) -> bytes:
    level = 8000 if loud else 0
    wave = (round(level * math.sin(2 * math.pi * TONE_HZ * n / rate_hz)) for n in range(at, at + count))
    return struct.pack(f"<{count}h", *wave)


def _error(status: int, code: str, message: str) -> JSONResponse:
    retryable = status >= 500
    return JSONResponse({"error": {"code": code, "message": message, "retryable": retryable}}, status_code=status)
