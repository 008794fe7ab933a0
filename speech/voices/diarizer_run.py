"""One run of the diarization program: what is written to it, and what it answers (docs/decisions/0073)."""

import contextlib
import json
import os
import subprocess
import threading
import time
from typing import IO, Any, Final

import numpy as np

from speech.errors import WhoSpeaksError
from speech.voices.diarization_setup import DiarizationSetup
from speech.voices.turns import SpeakerTurn
from vocabulary import SAMPLE_RATE_HZ, Clip

# An answer about two minutes of sound has a few kilobytes; more is no answer of ours.
_LONGEST_ANSWER: Final = 1_000_000
# The process gets what a program needs, and nothing of the service's environment: no secrets, no tokens.
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class DiarizerRun:
    """Starts the program. A thread reads its answers, so that no read can block a turn. Raises: WhoSpeaksError."""

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
        """Of the process."""
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether it runs and answers what can be read."""
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
        """Wait for its pipeline. until: of time.monotonic(). Raises: WhoSpeaksError."""
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._failed is not None, max(0.0, until - time.monotonic()))
            if self._failed is not None:
                raise WhoSpeaksError(f"diarization could not be loaded ({self._failed}).", code="not_loaded")
            if not self._ready:
                raise later("loading", "diarization is still loading")

    def ask(self, clip: Clip, until: float) -> tuple[SpeakerTurn, ...]:
        """Who speaks when, by start. until: of time.monotonic(). Raises: WhoSpeaksError."""
        with self._changed:
            # A clip whose turn did not wait for it is still being worked on.
            self._changed.wait_for(
                lambda: self._unanswered is None or self._failed is not None, max(0.0, until - time.monotonic())
            )
            if self._unanswered is not None:
                raise later("busy", "an earlier clip is still being looked at")
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
            raise later("too_slow", "diarization did not answer in time")
        if "error" in answer:
            raise WhoSpeaksError(f"diarization failed ({answer.get('kind', 'unknown')}).", code="failed")
        try:
            turns = tuple(_turn(turn, clip.seconds) for turn in answer["turns"])
        except (KeyError, TypeError, ValueError):
            self._fail("unreadable answer")
            raise WhoSpeaksError("diarization gave an answer that cannot be read.", code="failed") from None
        return tuple(sorted(turns, key=lambda turn: (turn.start_s, turn.end_s, turn.speaker)))

    def kill(self) -> None:
        """End it now; whoever waits for it is told."""
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


def later(code: str, why: str) -> WhoSpeaksError:
    """An error of this moment: it is retryable."""
    error = WhoSpeaksError(f"{why}; the next clip may do better.", code=code)
    error.retryable = True
    return error
