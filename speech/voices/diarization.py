"""The side that asks: one diarization process, started when it is first needed, one clip at a time."""

import logging
import threading
import time
from typing import Final

from speech.errors import WhoSpeaksError
from speech.voices.diarization_setup import DiarizationSetup, pipeline_missing
from speech.voices.diarizer_run import DiarizerRun, later
from speech.voices.turns import SpeakerTurn
from vocabulary import Clip

log = logging.getLogger(__name__)

_TRY_AGAIN_S: Final = 60.0


class Diarizer:
    """Asks the process who speaks. Safe to share between threads; turns() blocks, never longer than its budget.

    The process is started with the first clip; loading takes many seconds, so that clip usually goes without.
    A process that dies, hangs or answers nonsense is replaced at the next clip. It ends when this one does,
    also by kill -9, because its input ends then.
    """

    def __init__(self, setup: DiarizationSetup) -> None:
        self._setup = setup
        self._turn = threading.Lock()
        self._process: DiarizerRun | None = None
        self._closed = False
        self._try_again_at = time.monotonic() + _TRY_AGAIN_S

    @property
    def missing(self) -> str | None:
        """Why it cannot be used, in words; None if it can."""
        return pipeline_missing(self._setup)

    @property
    def process_id(self) -> int | None:
        """Of the running process; None while none runs."""
        process = self._process
        return process.pid if process is not None and process.alive else None

    def turns(self, clip: Clip, *, budget_s: float | None = None) -> tuple[SpeakerTurn, ...]:
        """Who speaks when, by start. Raises: WhoSpeaksError; retryable if the next clip may do better."""
        until = time.monotonic() + (self._setup.budget_s if budget_s is None else budget_s)
        if self._closed or self.missing is not None:
            raise WhoSpeaksError(f"diarization is not available: {self.missing or 'closed'}.", code="not_installed")
        if clip.seconds > self._setup.max_seconds:
            raise WhoSpeaksError(
                f"the clip lasts {clip.seconds:.0f} s; expected at most {self._setup.max_seconds:g} s.", code="too_long"
            )
        if not self._turn.acquire(timeout=max(0.0, until - time.monotonic())):
            raise later("busy", "another clip is being looked at")
        try:
            process = self._running()
            process.wait_ready(until)
            return process.ask(clip, until)
        finally:
            self._turn.release()

    def warm_up(self) -> None:
        """Start the process without waiting for it."""
        if self._turn.acquire(blocking=False):
            try:
                if not self._closed and self.missing is None:
                    self._running()
            finally:
                self._turn.release()

    def close(self) -> None:
        """End the process."""
        self._closed = True
        if self._process is not None:
            self._process.kill()

    def _running(self) -> DiarizerRun:
        process = self._process
        if process is not None and process.hangs():
            log.error("diarization does not answer and is stopped")
            process.kill()
        if process is not None and process.alive:
            return process
        if process is not None and not process.was_ready:
            # What could not be loaded will hardly load a second later, and loading takes the processor.
            if time.monotonic() < self._try_again_at:
                raise WhoSpeaksError("diarization could not be loaded a moment ago.", code="not_loaded")
            self._try_again_at = time.monotonic() + _TRY_AGAIN_S
        self._process = DiarizerRun(self._setup)
        return self._process
