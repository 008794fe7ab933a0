"""The side that asks: one diarization process, started when it is first needed, one clip at a time."""

import contextlib
import json
import logging
import os
import subprocess
import threading
import time
from typing import IO, Any, Final

import numpy as np

from speech.errors import WhoSpeaksError
from speech.voices.diarization_setup import DiarizationSetup, pipeline_missing
from speech.voices.turns import SpeakerTurn
from vocabulary import SAMPLE_RATE_HZ, Clip

log = logging.getLogger(__name__)

# An answer about two minutes of sound has a few kilobytes; more is no answer of ours.
_LONGEST_ANSWER: Final = 1_000_000
_TRY_AGAIN_S: Final = 60.0
# The process gets what a program needs, and nothing of the service's environment: no secrets, no tokens.
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class Diarizer:
    """Asks the process who speaks. Safe to share between threads; turns() blocks, never longer than its budget.

    The process is started with the first clip; loading takes many seconds, so that clip usually goes without.
    A process that dies, hangs or answers nonsense is replaced at the next clip. It ends when this one does,
    also by kill -9, because its input ends then.
    """

    def __init__(self, setup: DiarizationSetup) -> None:
        self._setup = setup
        self._turn = threading.Lock()
        self._process: _Process | None = None
        self._closed = False
        self._try_again_at = time.monotonic() + _TRY_AGAIN_S

    @property
    def missing(self) -> str | None:
        """Why it cannot be used, in words; None if it can."""
        return pipeline_missing(self._setup)

    @property
    def process_id(self) -> int | None:
        """Of the running process, for health and tests."""
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
            raise _later("busy", "another clip is being looked at")
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

    def _running(self) -> "_Process":
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
        self._process = _Process(self._setup)
        return self._process


class _Process:
    """One run of the program. A thread reads its answers, so that no read can block a turn."""

    def __init__(self, setup: DiarizationSetup) -> None:
        self._setup = setup
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"OMP_NUM_THREADS": str(setup.threads), "PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_OFFLINE": "1"}
        command = [str(setup.python), str(setup.program), str(setup.pipeline)]
        command += ["--max-seconds", str(setup.max_seconds), "--memory-mb", str(setup.memory_mb)]
        command += ["--threads", str(setup.threads)]
        try:
            self._popen: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                # Ctrl-C reaches the whole group; this process ends by its input instead.
                start_new_session=True,
            )
        except OSError as err:
            raise WhoSpeaksError(f"diarization cannot be started ({err.strerror}).", code="died") from None
        self._changed = threading.Condition()
        self._ready = False
        self._failed: str | None = None
        self._answers: dict[int, Any] = {}
        self._last_id = 0
        self._unanswered: int | None = None
        self._since = time.monotonic()
        threading.Thread(target=self._listen, daemon=True, name="diarization answers").start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._failed is None and self._popen.poll() is None

    @property
    def was_ready(self) -> bool:
        """Whether it has loaded its pipeline."""
        return self._ready

    def hangs(self) -> bool:
        """Whether it has been silent for longer than any clip may take."""
        waited = time.monotonic() - self._since
        if not self._ready:
            return waited > self._setup.load_s
        return self._unanswered is not None and waited > self._setup.hang_s

    def wait_ready(self, until: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._failed is not None, max(0.0, until - time.monotonic()))
            if self._failed is not None:
                raise WhoSpeaksError(f"diarization could not be loaded ({self._failed}).", code="not_loaded")
            if not self._ready:
                raise _later("loading", "diarization is still loading")

    def ask(self, clip: Clip, until: float) -> tuple[SpeakerTurn, ...]:
        with self._changed:
            # A clip whose turn did not wait for it is still being worked on.
            self._changed.wait_for(
                lambda: self._unanswered is None or self._failed is not None, max(0.0, until - time.monotonic())
            )
            if self._unanswered is not None:
                raise _later("busy", "an earlier clip is still being looked at")
            self._last_id = number = self._last_id + 1
            self._unanswered = number
            self._since = time.monotonic()
        # Written by a thread: a process that does not read would block this one at 64 kB.
        threading.Thread(target=self._send, args=(number, clip), daemon=True, name="diarization clip").start()
        with self._changed:
            self._changed.wait_for(
                lambda: number in self._answers or self._failed is not None, max(0.0, until - time.monotonic())
            )
            answer = self._answers.pop(number, None)
            self._answers.clear()
        if answer is None:
            if self._failed is not None:
                raise WhoSpeaksError(f"diarization ended while it worked ({self._failed}).", code="died")
            raise _later("too_slow", "diarization did not answer in time")
        if "error" in answer:
            raise WhoSpeaksError(f"diarization failed ({answer.get('kind', 'unknown')}).", code="failed")
        try:
            turns = tuple(_turn(turn, clip.seconds) for turn in answer["turns"])
        except (KeyError, TypeError, ValueError):
            self._fail("unreadable answer")
            raise WhoSpeaksError("diarization gave an answer that cannot be read.", code="failed") from None
        return tuple(sorted(turns, key=lambda turn: (turn.start_s, turn.end_s, turn.speaker)))

    def kill(self) -> None:
        self._fail("stopped")

    def _send(self, number: int, clip: Clip) -> None:
        header = json.dumps({"id": number, "samples": int(clip.samples.size), "rate_hz": SAMPLE_RATE_HZ}).encode()
        stream = self._popen.stdin
        assert stream is not None
        # Its end shows in the other thread.
        with contextlib.suppress(OSError, ValueError):
            stream.write(len(header).to_bytes(4, "big") + header)
            stream.write(np.ascontiguousarray(clip.samples, dtype="<f4").tobytes())
            stream.flush()

    def _listen(self) -> None:
        stream = self._popen.stdout
        assert stream is not None
        while True:
            answer = _read(stream)
            if answer is None:
                self._fail("its output ended or is not readable")
                stream.close()
                return
            with self._changed:
                if not self._ready:
                    if "error" in answer:
                        self._failed = str(answer.get("kind", "unknown"))
                    self._ready = self._failed is None
                elif answer.get("id") == self._unanswered:
                    self._answers[int(answer["id"])] = answer
                    self._unanswered = None
                self._changed.notify_all()

    def _fail(self, why: str) -> None:
        """Nothing more is expected of it: it is killed and reaped."""
        with self._changed:
            self._failed = self._failed or why
            self._changed.notify_all()
        with contextlib.suppress(OSError):
            self._popen.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(5)
        if self._popen.stdin is not None:
            with contextlib.suppress(OSError):
                self._popen.stdin.close()


def _read(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next answer; None at the end or when it is none of ours."""
    try:
        length = int.from_bytes(stream.read(4), "big")
        if not 0 < length <= _LONGEST_ANSWER:
            return None
        answer = json.loads(stream.read(length))
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


def _turn(turn: Any, seconds: float) -> SpeakerTurn:
    start, end, speaker = turn
    start, end = float(start), float(end)
    # The pipeline pads a clip to whole windows, and rounds.
    if not (-1.0 <= start <= end <= seconds + 15.0) or not isinstance(speaker, str):
        raise ValueError
    return SpeakerTurn(start, end, speaker)


def _later(code: str, why: str) -> WhoSpeaksError:
    error = WhoSpeaksError(f"{why}; the next clip may do better.", code=code)
    error.retryable = True
    return error
