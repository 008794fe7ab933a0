"""Spoken messages: sound in, words out, never more at once than there are workers."""

import asyncio
import logging
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from service.errors import Refused, Unavailable
from service.hearing import Heard, NotHeard, hear, prepare_worker
from speech import SpeechSetup, describe_engines

log = logging.getLogger(__name__)


class Ears:
    """Decodes and transcribes recordings in a bounded pool of worker processes.

    Processes, because the recogniser holds Python's interpreter lock while it searches: in a thread it
    stops every conversation (docs/decisions/0043). They start with the first recording and stay.
    """

    def __init__(self, *, workers: int, queue: int, max_seconds: float, setup: SpeechSetup) -> None:
        self._workers = workers
        self._places = workers + queue
        self._busy = 0
        self._max_seconds = max_seconds
        self._setup = setup
        self._pool: ProcessPoolExecutor | None = None

    @property
    def engine(self) -> str:
        """The engine in use, in words."""
        return describe_engines(self._setup)[0].engine

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
            heard = await self._in_worker(sound)
        finally:
            self._busy -= 1
        if isinstance(heard, NotHeard):
            if heard.retryable:
                raise Unavailable(heard.code, heard.message, retry_after_s=5)
            raise Refused(heard.code, heard.message)
        log.info(
            "recording transcribed",
            extra={
                "engine": heard.engine,
                "duration_ms": heard.duration_ms,
                "audio_ms": round(heard.clip.seconds * 1000),
            },
        )
        return heard

    def close(self) -> None:
        """Let running work finish unheard, and start no more."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _in_worker(self, sound: bytes) -> Heard | NotHeard:
        if self._pool is None:
            # spawn: a fork would copy open sockets and a running event loop.
            self._pool = ProcessPoolExecutor(
                self._workers, mp_context=multiprocessing.get_context("spawn"), initializer=prepare_worker
            )
        work = partial(hear, sound, self._max_seconds, self._setup)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except BrokenProcessPool:
            # A worker was killed, by the system for want of memory most likely.
            self._pool = None
            log.error("transcribing worker died")
            raise Unavailable(
                "transcriber", "The recording could not be heard. Please send it again, or type.", retry_after_s=2
            ) from None
