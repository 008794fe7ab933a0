"""Spoken messages: sound in, words out, never more at once than there are workers, and everybody in turn."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from service.errors import Refused, Unavailable
from service.hearing import Heard, NotHeard
from service.listener import Listener, ListenerDied
from service.waiting import FairLine, Place
from speech import EngineStatus, SpeechSetup, describe_engines

log = logging.getLogger(__name__)
# A recording of 25 MB within it needs 1.7 Mbit/s; a spoken minute as the page sends it needs 20 kbit/s.
_UPLOAD_WITHIN_S: Final = 120.0
# Work that nobody waits for any more may end by itself within it; a new process costs about as much.
_ABANDONED_S: Final = 2.0
_ATTEMPTS: Final = 2
# How much sound waits at once, as a multiple of the largest recording that is allowed.
_LARGEST_AT_ONCE: Final = 4
_FIRST_GUESS_S: Final = 0.5
_T = TypeVar("_T")


@dataclass(frozen=True)
class Listening:
    """How busy the ears are. ready: workers whose model is loaded."""

    workers: int
    ready: int
    hearing: int
    waiting: int
    places: int


@dataclass(eq=False)
class _Guest:
    """A recording's place with what its request waits for: the upload's time limit, then a worker.

    given_up: its place went to somebody else. abandoned: nobody waits for its words any more.
    """

    place: Place
    turn: asyncio.Future[Listener]
    upload: asyncio.Timeout | None = None
    given_up: bool = False
    abandoned: bool = False


class Ears:
    """Decodes and transcribes recordings in a fixed number of worker processes (docs/decisions/0043, 0067)."""

    def __init__(
        self,
        *,
        workers: int,
        queue: int,
        max_seconds: float,
        setup: SpeechSetup,
        max_bytes: int = 25 * 1024 * 1024,
    ) -> None:
        self._places = queue + workers
        self._max_bytes = max_bytes
        self._setup = setup
        self._listeners = [Listener(setup, max_seconds) for _ in range(workers)]
        self._idle = list(self._listeners)
        self._line = FairLine(places=self._places, most_bytes=_LARGEST_AT_ONCE * max_bytes)
        self._guests: dict[Place, _Guest] = {}
        # Their own threads: the default ones serve the media store.
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="ears")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._took_s = _FIRST_GUESS_S
        self._closed = False

    @property
    def engines(self) -> list[EngineStatus]:
        """What hears here, and what would be better."""
        return describe_engines(self._setup)

    @property
    def listening(self) -> Listening:
        """How busy the ears are now."""
        return Listening(
            workers=len(self._listeners),
            ready=sum(listener.awake is not None for listener in self._listeners),
            hearing=len(self._listeners) - len(self._idle),
            waiting=len(self._line),
            places=self._places,
        )

    def warm(self) -> None:
        """Start the workers and load their models beside everything else, so that the first customer does not wait."""
        for status in self.engines:
            log.info(
                "engine",
                extra={
                    "capability": status.capability,
                    "engine": status.engine,
                    "better": status.better,
                    "how_to_get": status.how_to_get,
                },
            )
        for listener in list(self._idle):
            self._idle.remove(listener)
            self._keep(self._warm(listener))

    async def hear(self, sound: bytes, *, whose: str = "") -> Heard:
        """The words of a recording that is here already; see listen()."""

        async def read() -> bytes:
            return sound

        return await self.listen(read, whose=whose, size_bytes=len(sound))

    async def listen(self, read: Callable[[], Awaitable[bytes]], *, whose: str, size_bytes: int | None) -> Heard:
        """The words of a recording that arrives with read().

        whose: customers take turns. size_bytes: as announced; None counts as the largest. Cancelling frees the place.
        Raises: Refused (too slow, no sound file, too long, no speech); Unavailable when all places are taken, before
        anything is read, or when no worker could hear it.
        """
        guest = self._enter(whose, self._max_bytes if size_bytes is None else size_bytes)
        try:
            sound = await self._uploaded(guest, read)
            self._line.arrive(guest.place, len(sound))
            self._dispatch()
            listener = await guest.turn
        except BaseException:
            self._guests.pop(guest.place, None)
            self._line.leave(guest.place)
            if guest.turn.done() and not guest.turn.cancelled() and guest.turn.exception() is None:
                # Cancelled in the moment in which its turn came.
                self._release(guest.turn.result(), guest.place)
            raise
        heard = await self._heard(listener, guest, sound)
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
        """End the workers; what they hear now is not answered."""
        self._closed = True
        for listener in self._listeners:
            listener.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _enter(self, whose: str, size_bytes: int) -> _Guest:
        place, given_up = self._line.enter(whose, size_bytes)
        for other in given_up:
            guest = self._guests.pop(other)
            guest.given_up = True
            if not guest.place.arrived and guest.upload is not None:
                guest.upload.reschedule(asyncio.get_running_loop().time())
            elif not guest.turn.done():
                guest.turn.set_exception(self._busy())
        if place is None:
            raise self._busy()
        guest = _Guest(place, asyncio.get_running_loop().create_future())
        self._guests[place] = guest
        return guest

    async def _uploaded(self, guest: _Guest, read: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            async with asyncio.timeout(_UPLOAD_WITHIN_S) as guest.upload:
                sound = await read()
        except TimeoutError:
            if guest.given_up:
                raise self._busy() from None
            raise Refused(
                "too_slow",
                f"The recording did not arrive within {_UPLOAD_WITHIN_S:.0f} s. Please send a shorter one, or type.",
                status=408,
            ) from None
        if guest.given_up:
            raise self._busy()
        return sound

    async def _heard(self, listener: Listener, guest: _Guest, sound: bytes) -> Heard | NotHeard:
        work = self._keep(self._in_worker(listener, guest, sound))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            guest.abandoned = True
            asyncio.get_running_loop().call_later(_ABANDONED_S, lambda: None if work.done() else listener.kill())
            raise

    async def _in_worker(self, listener: Listener, guest: _Guest, sound: bytes) -> Heard | NotHeard:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    heard = await loop.run_in_executor(self._threads, listener.hear, sound)
                except ListenerDied:
                    if self._closed or guest.abandoned:
                        break
                    # Killed by the system for want of memory most likely; a file may be at fault, so not for ever.
                    log.error("listener died", extra={"attempt": attempt})
                    continue
                self._took_s += 0.2 * (loop.time() - started - self._took_s)
                return heard
            return NotHeard(
                "transcriber", "The recording could not be heard. Please send it again, or type.", retryable=True
            )
        finally:
            self._release(listener, guest.place)

    async def _warm(self, listener: Listener) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, listener.start)
        except ListenerDied:
            if not self._closed:
                log.error("listener died", extra={"attempt": 0})
        finally:
            self._idle.append(listener)
            self._dispatch()

    def _release(self, listener: Listener, place: Place) -> None:
        self._line.heard(place)
        if listener.awake is None and not self._closed:
            self._keep(self._warm(listener))
        else:
            self._idle.append(listener)
        self._dispatch()

    def _dispatch(self) -> None:
        while self._idle and not self._closed and (place := self._line.next()) is not None:
            turn = self._guests.pop(place).turn
            if turn.done():
                # Its caller hung up in this very moment, and leaves the line with its next step.
                self._line.heard(place)
                continue
            # The most recently used worker has its model in the processor's cache.
            turn.set_result(self._idle.pop())

    def _busy(self) -> Unavailable:
        waits_s = self._took_s * (len(self._line) + 1) / len(self._listeners)
        return Unavailable(
            "busy",
            "Many people are speaking right now. Please send the recording again in a moment, or type.",
            retry_after_s=min(60.0, max(2.0, waits_s)),
        )

    def _keep(self, work: Coroutine[Any, Any, _T]) -> "asyncio.Task[_T]":
        """Start it; the loop itself keeps no task alive."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
