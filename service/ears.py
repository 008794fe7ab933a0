"""Spoken messages: sound in, words out, off the event loop and never more at once than there are workers."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from service.errors import Refused, Unavailable
from speech import AudioError, Transcriber, decode, has_speech
from vocabulary import Clip

log = logging.getLogger(__name__)
_T = TypeVar("_T")

_NO_SPEECH = "I could not hear any words in this recording. Please try again, closer to the microphone, or type."


@dataclass(frozen=True)
class Heard:
    """A decoded recording and its words. duration_ms: what the work took."""

    clip: Clip
    text: str
    engine: str
    duration_ms: int


class Ears:
    """Decodes and transcribes recordings in a bounded pool of workers.

    The transcriber is opened in the worker at the first recording, so that a process that never hears
    anything does not carry a model.
    """

    def __init__(
        self,
        open_transcriber: Callable[[], Transcriber],
        *,
        workers: int,
        queue: int,
        max_seconds: float,
    ) -> None:
        self._open = open_transcriber
        self._places = workers + queue
        self._busy = 0
        self._max_seconds = max_seconds
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="ears")
        self._idle: list[Transcriber] = []

    async def hear(self, sound: bytes) -> Heard:
        """The words of a recording.

        Raises: Refused (no sound file, too long, no speech), Unavailable when all places are taken.
        """
        if self._busy >= self._places:
            raise Unavailable(
                "busy",
                "Many people are speaking right now. Please send the recording again in a moment, or type.",
                retry_after_s=5,
            )
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._hear, sound)
        finally:
            self._busy -= 1

    def close(self) -> None:
        """Let running work finish unheard, and start no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _hear(self, sound: bytes) -> Heard:
        started = time.monotonic()
        try:
            clip = decode(sound, max_seconds=self._max_seconds)
        except AudioError as err:
            raise Refused(err.code, str(err)) from None
        if not has_speech(clip):
            raise Refused("no_speech", _NO_SPEECH)
        transcriber = self._idle.pop() if self._idle else self._open()
        try:
            transcript = transcriber.transcribe(clip)
        finally:
            self._idle.append(transcriber)
        if not transcript.text.strip():
            raise Refused("no_speech", _NO_SPEECH)
        duration_ms = round((time.monotonic() - started) * 1000)
        log.info(
            "recording transcribed",
            extra={
                "engine": transcript.engine,
                "duration_ms": duration_ms,
                "audio_ms": round(transcript.audio_seconds * 1000),
            },
        )
        return Heard(clip, transcript.text.strip(), transcript.engine, duration_ms)
