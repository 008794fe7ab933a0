"""A customer's browser, played by aiortc: sound both ways, the data channel, a camera that shows a colour."""

import asyncio
import fractions
import json
from collections import deque
from typing import Any

import numpy as np
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, AudioResampler, VideoFrame
from numpy.typing import NDArray

_CHUNK = 960


class Microphone(MediaStreamTrack):
    """Silence, until something is to be said. 48 kHz, 20 ms a frame."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[NDArray[np.int16]] = deque()
        self._sent = 0
        self._began = 0.0

    def say(self, samples: NDArray[np.int16]) -> None:
        """samples: 16 kHz mono."""
        raised = np.repeat(samples, 3)
        raised = np.concatenate([raised, np.zeros(-raised.size % _CHUNK, dtype=np.int16)])
        self._waiting.extend(raised.reshape(-1, _CHUNK))

    async def recv(self) -> AudioFrame:
        """In real time."""
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        await asyncio.sleep(max(0.0, self._began + self._sent / 48_000 - loop.time()))
        chunk = self._waiting.popleft() if self._waiting else np.zeros(_CHUNK, dtype=np.int16)
        frame = AudioFrame.from_ndarray(chunk[None, :], layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self._sent, fractions.Fraction(1, 48_000)
        self._sent += _CHUNK
        return frame


class Camera(MediaStreamTrack):
    """Ten pictures a second of 960 × 720, all of one colour. shown: how many."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.shown = 0

    async def recv(self) -> VideoFrame:
        """The next picture."""
        await asyncio.sleep(0.1)
        frame = VideoFrame.from_ndarray(np.full((720, 960, 3), (30, 120, 200), dtype=np.uint8), format="rgb24")
        frame.pts, frame.time_base = self.shown * 9_000, fractions.Fraction(1, 90_000)
        self.shown += 1
        return frame


class Browser:
    """One peer connection. heard: 16 kHz sound that came; told: the messages of the data channel."""

    def __init__(self, *, camera: bool = False) -> None:
        self.peer = RTCPeerConnection()
        self.microphone = Microphone()
        self.camera = Camera() if camera else None
        self.heard = bytearray()
        self.told: list[dict[str, Any]] = []
        self.open = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.peer.addTrack(self.microphone)
        if self.camera is not None:
            self.peer.addTransceiver(self.camera, direction="sendonly")
        self.channel = self.peer.createDataChannel("attune")
        self.channel.on("open", self.open.set)
        self.channel.on("message", lambda text: self.told.append(json.loads(text)))
        self.peer.on("track", lambda track: self._tasks.append(asyncio.create_task(self._listen(track))))

    async def offer(self) -> str:
        """The SDP with all candidates."""
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return str(self.peer.localDescription.sdp)

    async def take(self, answer: str) -> None:
        """The answer; returns once the data channel is open."""
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        async with asyncio.timeout(10):
            await self.open.wait()

    def send(self, **told: Any) -> None:
        """A message over the data channel."""
        self.channel.send(json.dumps(told))

    def types(self) -> list[str]:
        """What kinds of messages came."""
        return [str(told["type"]) for told in self.told]

    async def close(self) -> None:
        """Gone, without a word."""
        for task in self._tasks:
            task.cancel()
        await self.peer.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self, track: MediaStreamTrack) -> None:
        resampler = AudioResampler("s16", "mono", 16_000)
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, AudioFrame):
                for part in resampler.resample(frame):
                    self.heard += part.to_ndarray().astype("<i2").tobytes()
