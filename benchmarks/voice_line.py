"""Customers on the line, in a process of their own: python -P benchmarks/voice_line.py

Their sound goes by WebSocket (16-bit little-endian mono at 16 kHz, frames of 20 ms on a steady clock); what comes back
is noted with the time at which it sounds. Lines of JSON in, lines of JSON out, each with the number of its request:
{"id", "do": "open", "line", "url", "headers", "hello"}, {"id", "do": "run", "line", "steps"}, {"id", "do": "close",
"line"}. All times are of CLOCK_MONOTONIC, which the processes of a machine share.

Steps, each a list of a word and its values: ["rest", seconds]; ["play", file of float32, name];
["sounding", bool, for_s, within_s]; ["message", {key: value, …}, within_s], which has not been waited for before; and
["tell", JSON object], which the other side gets.
"""

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from vocabulary import SAMPLE_RATE_HZ

FRAME_S: Final = 0.02
FRAME_SAMPLES: Final = round(FRAME_S * SAMPLE_RATE_HZ)
AUDIBLE: Final = 10 ** (-50 / 20)
"""Peak of a stretch of 5 ms from which on it sounds, of 1: quiet speech is 20 dB above, a codec's noise below."""
_LOOK_SAMPLES: Final = 80
# Shorter pauses lie within words; a voice's stop consonants last up to a tenth of a second.
_ONE_SOUND_S: Final = 0.12
# A microphone is never digitally silent.
_ROOM_LEVEL: Final = 1e-4


class StepError(Exception):
    """What a step waits for did not come, or the line ended."""


class Line:
    """One customer's end. sounds: when the other side was audible, as [begin, end]; messages: (time, JSON object).

    frames, late: frames that came while the other side was speaking, and those that came more than a frame after the
    one before had ended; a listener hears a gap then.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._queue: NDArray[np.float32] = np.zeros(0, np.float32)
        self._sent = asyncio.Event()
        self._rng = np.random.default_rng(20_240)
        self._next_at = time.monotonic()
        self._heard_until = 0.0
        self.sounds: list[list[float]] = []
        self.messages: list[tuple[float, dict[str, Any]]] = []
        self._read_messages = 0
        self.frames = self.late = 0
        self.ended: str | None = None
        self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]

    async def close(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(ConnectionClosed, OSError):
            await self._socket.close()

    async def run(self, steps: list[list[Any]]) -> dict[str, Any]:
        """Go through the steps. Result: ok, why (if not ok), began, marks, sounds and messages of the whole call."""
        began, marks, why = time.monotonic(), {}, None
        try:
            for word, *values in steps:
                if word == "rest":
                    await asyncio.sleep(values[0])
                elif word == "play":
                    marks[values[1]] = await self._play(np.load(values[0]))
                elif word == "sounding":
                    await self._until(lambda v=values: self._is_sounding(v[0], v[1]), values[2], f"sounding {values}")
                elif word == "message":
                    await self._until(lambda v=values: self._has(v[0]), values[1], f"message {values}")
                elif word == "tell":
                    await self._socket.send(json.dumps(values[0]))
                else:
                    raise StepError(f"step {word!r} is not one of rest, play, sounding, message, tell.")
        except (StepError, ConnectionClosed) as err:
            why = str(err)
        return {
            "ok": why is None,
            "why": why,
            "began": began,
            "marks": marks,
            "sounds": self.sounds,
            "messages": self.messages,
            "frames": self.frames,
            "late": self.late,
            "ended": self.ended,
        }

    async def _play(self, samples: NDArray[np.float32]) -> list[float]:
        """Speak; when the first and the last audible sample left, in seconds of the clock."""
        audible = np.flatnonzero(np.abs(samples) > AUDIBLE)
        self._sent.clear()
        began = self._next_at
        self._queue = np.asarray(samples, np.float32)
        await self._sent.wait()
        if self.ended is not None:
            raise StepError(f"the line ended: {self.ended}")
        first, last = (int(audible[0]), int(audible[-1]) + 1) if audible.size else (0, len(samples))
        return [began + first / SAMPLE_RATE_HZ, began + last / SAMPLE_RATE_HZ]

    async def _send(self) -> None:
        try:
            while True:
                frame, self._queue = self._queue[:FRAME_SAMPLES], self._queue[FRAME_SAMPLES:]
                if not self._queue.size:
                    self._sent.set()
                full = np.zeros(FRAME_SAMPLES, np.float32)
                full[: frame.size] = frame
                full += self._rng.normal(0, _ROOM_LEVEL, FRAME_SAMPLES).astype(np.float32)
                # A frame exists once its last sample has been spoken.
                self._next_at += FRAME_S
                await asyncio.sleep(max(0.0, self._next_at - time.monotonic()))
                await self._socket.send((np.clip(full, -1, 1) * 32_767).astype("<i2").tobytes())
        except ConnectionClosed:
            self._sent.set()

    async def _receive(self) -> None:
        try:
            async for frame in self._socket:
                now = time.monotonic()
                if isinstance(frame, bytes):
                    whole = np.frombuffer(frame[: len(frame) // 2 * 2], "<i2")
                    self._hear(whole.astype(np.float32) / np.float32(32_768), now)
                else:
                    self.messages.append((now, json.loads(frame)))
        except ConnectionClosed:
            pass
        finally:
            self.ended = f"closed with {self._socket.close_code}"
            self._sent.set()

    def _hear(self, samples: NDArray[np.float32], now: float) -> None:
        """A frame sounds when it comes, or when the one before has ended."""
        at = max(now, self._heard_until)
        was_speaking = bool(self.sounds) and self._heard_until - self.sounds[-1][1] < FRAME_S
        stretches = np.abs(samples[: len(samples) // _LOOK_SAMPLES * _LOOK_SAMPLES]).reshape(-1, _LOOK_SAMPLES)
        audible = np.flatnonzero(stretches.max(axis=1) > AUDIBLE)
        if audible.size and was_speaking:
            self.frames += 1
            self.late += now - self._heard_until > FRAME_S
        self._heard_until = at + len(samples) / SAMPLE_RATE_HZ
        for place in audible:
            begin = at + place * _LOOK_SAMPLES / SAMPLE_RATE_HZ
            end = begin + _LOOK_SAMPLES / SAMPLE_RATE_HZ
            if self.sounds and begin - self.sounds[-1][1] < _ONE_SOUND_S:
                self.sounds[-1][1] = end
            else:
                self.sounds.append([begin, end])

    def _is_sounding(self, wanted: bool, for_s: float) -> bool:
        now = time.monotonic()
        last = self.sounds[-1] if self.sounds else [0.0, 0.0]
        if wanted:
            return now - last[1] < _ONE_SOUND_S and now - last[0] >= for_s
        return now - last[1] >= for_s

    def _has(self, wanted: dict[str, Any]) -> bool:
        for place, (_, message) in enumerate(self.messages[self._read_messages :], self._read_messages + 1):
            if wanted.items() <= message.items():
                self._read_messages = place
                return True
        return False

    async def _until(self, holds: Any, within_s: float, what: str) -> None:
        deadline = time.monotonic() + within_s
        while not holds():
            if self.ended is not None:
                raise StepError(f"the line ended ({self.ended}) while waiting for {what}.")
            if time.monotonic() > deadline:
                raise StepError(f"waited {within_s:.1f} s in vain for {what}.")
            await asyncio.sleep(0.005)


class Exchange:
    """All lines of the process."""

    def __init__(self) -> None:
        self.lines: dict[int, Line] = {}

    async def do(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer one request."""
        number = asked["line"]
        if asked["do"] == "open":
            # Compression costs time on sound and saves nothing.
            socket = await connect(
                asked["url"], additional_headers=asked["headers"], compression=None, max_size=2**22, max_queue=1024
            )
            if asked.get("hello"):
                await socket.send(json.dumps(asked["hello"]))
            self.lines[number] = Line(socket)
            return {"ok": True}
        if asked["do"] == "run":
            return await self.lines[number].run(asked["steps"])
        line = self.lines.pop(number, None)
        if line is not None:
            await line.close()
        return {"ok": True}


async def serve() -> None:
    """Answer requests until the input ends."""
    exchange, tasks = Exchange(), set()
    reader = asyncio.StreamReader(limit=2**22)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    async def answer(asked: dict[str, Any]) -> None:
        try:
            told = await exchange.do(asked)
        except Exception as err:  # noqa: BLE001 - whoever asked decides what it means
            told = {"ok": False, "why": f"{type(err).__name__}: {err}"}
        sys.stdout.write(json.dumps({"id": asked["id"], **told}) + "\n")
        sys.stdout.flush()

    while line := await reader.readline():
        task = asyncio.create_task(answer(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    for open_line in list(exchange.lines.values()):
        await open_line.close()


def keep(clip: NDArray[np.float32], folder: Path, name: str) -> str:
    """Write a clip where ["play", …] finds it; the file's path."""
    path = folder / f"{name}.npy"
    np.save(path, np.asarray(clip, np.float32))
    return str(path)


if __name__ == "__main__":
    asyncio.run(serve())
