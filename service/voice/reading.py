"""Sentences become sound ahead of their turn, at the pace that the customer needs."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from service.calls.wire import Say
from service.voice.playback import Pcm, Playback, Spoken
from speech import Sound, Voice, VoiceError, decode
from vocabulary import SAMPLE_RATE_HZ

log = logging.getLogger(__name__)

# One that sounds, one that is ready, one in the making: more is made in vain when the customer interrupts.
_READY: Final = 2
# A synthesiser begins and ends with silence of its own; the pauses between sentences are ours.
_QUIET: Final = 180
_MARGIN: Final = int(0.02 * SAMPLE_RATE_HZ)


@dataclass(frozen=True)
class SaidNothing:
    """A sentence that could not be made into sound. code: as VoiceError has it."""

    reply: str
    index: int
    code: str


class VoiceRoom:
    """The synthesiser that all calls of a process share. voice: None where answers are text only.

    at_once: sentences in the making; each is a process of its own.
    """

    def __init__(self, voice: Voice | None, *, at_once: int = 3) -> None:
        self._voice = voice
        self._at_once = asyncio.Semaphore(at_once)

    @property
    def name(self) -> str:
        """Engine and voice in words."""
        return "none" if self._voice is None else self._voice.name

    async def speak(self, text: str, rate: float) -> Pcm:
        """The sentence as int16 mono at 16 kHz, without silence around it. Raises: VoiceError."""
        if self._voice is None:
            raise VoiceError("no voice is installed. Run: attune doctor", code="voice_missing")
        async with self._at_once:
            sound = await self._voice.speak(text, rate=rate)
            return await asyncio.to_thread(_samples, sound)


def _samples(sound: Sound) -> Pcm:
    samples = (decode(sound.wav).samples * 32767.0).astype(np.int16)
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    if loud.size == 0:
        return samples
    return samples[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN]


class Reader:
    """Reads the replies of one call into its playback, never further ahead than it must.

    missing: hears of a sentence without sound. ready: hears the moment at which the first sentence of a reply is sound.
    """

    def __init__(
        self,
        room: VoiceRoom,
        playback: Playback,
        *,
        missing: Callable[[SaidNothing], None],
        ready: Callable[[str], None],
    ) -> None:
        self._room = room
        self._playback = playback
        self._missing = missing
        self._ready = ready
        self._replies: deque[Say] = deque()
        self._work: asyncio.Task[None] | None = None
        self._reading: Say | None = None
        self._room_ahead = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is left to be made."""
        return self._reading is None and not self._replies

    def read(self, reply: Say) -> None:
        """After everything that is being read."""
        self._replies.append(reply)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run())

    def advanced(self) -> None:
        """A sentence has begun to sound: the next may be made."""
        self._room_ahead.set()

    def cancel(self) -> None:
        """Make no more of what may be broken off."""
        self._replies = deque(reply for reply in self._replies if not reply.interruptible)
        if self._reading is not None and self._reading.interruptible and self._work is not None:
            self._work.cancel()
            self._reading = self._work = None
            if self._replies:
                self._work = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Make nothing more."""
        self._replies.clear()
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def _run(self) -> None:
        while self._replies:
            reply = self._reading = self._replies.popleft()
            for index, sentence in enumerate(reply.sentences):
                await self._wait_for_room()
                try:
                    samples = await self._room.speak(sentence.text, reply.manner.rate)
                except VoiceError as err:
                    log.warning("sentence not spoken", extra={"code": err.code, "engine": self._room.name})
                    self._missing(SaidNothing(reply.reply, index, err.code))
                    continue
                if index == 0:
                    self._ready(reply.reply)
                last = index == len(reply.sentences) - 1
                self._playback.add(Spoken(reply.reply, index, samples, reply.manner.pause_s, last, reply.interruptible))
            self._reading = None

    async def _wait_for_room(self) -> None:
        while self._playback.sentences_ahead >= _READY:
            self._room_ahead.clear()
            await self._room_ahead.wait()
