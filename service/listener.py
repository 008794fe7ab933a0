"""One worker process that hears recordings, and its restart when it dies."""

import contextlib
import logging
import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from service.hearing import Awake, Heard, NotHeard, work
from speech import SpeechSetup

log = logging.getLogger(__name__)


class ListenerDied(Exception):  # noqa: N818 - reads as a sentence where it is caught
    """The process ended while it heard a recording: killed for want of memory, most likely."""


class Listener:
    """A process of its own, because recognisers hold Python's interpreter lock (docs/decisions/0043).

    Not thread-safe: one call at a time, from a thread, since every method but kill() blocks.
    """

    def __init__(self, setup: SpeechSetup, max_seconds: float) -> None:
        self._setup = setup
        self._max_seconds = max_seconds
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._closed = False
        self.awake: Awake | None = None
        """What the engine said when it had loaded its model; None while it has not."""

    @property
    def pid(self) -> int | None:
        """The process, if there is one."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process and wait until its model is loaded. Raises: ListenerDied."""
        if self._closed or (self._process is not None and self._process.is_alive()):
            return
        self._drop()
        # spawn: a fork would copy open sockets and a running event loop.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=work, args=(theirs, self._setup, self._max_seconds), name="listener", daemon=True
        )
        try:
            self._process.start()
        except OSError as err:
            # No memory or no process left for it.
            log.error("listener cannot start", extra={"errno": err.errno})
            self._process = None
            self._drop()
            raise ListenerDied from None
        # With our copy open, the end of the process would not be seen.
        theirs.close()
        if self._closed:
            self._process.kill()
        awake = self._answer(self._pipe)
        assert isinstance(awake, Awake)
        self.awake = awake
        if awake.failure is None:
            log.info("listener ready", extra={"engine": awake.engine, "duration_ms": awake.duration_ms})
        else:
            log.error("speech cannot be recognised", extra={"code": awake.failure, "reason": awake.reason})

    def hear(self, sound: bytes) -> Heard | NotHeard:
        """The words of a recording. Raises: ListenerDied; the next call starts another process."""
        self.start()
        if self._pipe is None:
            raise ListenerDied
        try:
            self._pipe.send_bytes(sound)
        except OSError:
            self._drop()
            raise ListenerDied from None
        answer = self._answer(self._pipe)
        assert not isinstance(answer, Awake)
        return answer

    def kill(self) -> None:
        """End the process now, whatever it does; hear() raises ListenerDied. From any thread."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End it for good."""
        self._closed = True
        self.kill()

    def _answer(self, pipe: Connection) -> Awake | Heard | NotHeard:
        try:
            answer: Awake | Heard | NotHeard = pipe.recv()
        except (EOFError, OSError):
            self._drop()
            raise ListenerDied from None
        return answer

    def _drop(self) -> None:
        self.awake = None
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None
