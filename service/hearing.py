"""What a transcribing worker does with one recording. Imports nothing of the web: workers stay small."""

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from speech import AudioError, SpeechSetup, Transcriber, TranscriberError, Word, decode, has_two_sides, open_transcriber
from vocabulary import Clip

NO_SPEECH = "I could not hear any words in this recording. Please try again, closer to the microphone, or type."
_NO_ENGINE = "Speech cannot be understood right now. Please type instead."


@dataclass(frozen=True)
class Heard:
    """A decoded recording and its words. words: with confidences. duration_ms: what decoding and recognising took.

    two_sides: the channels hold different sound, as those of a recorded call do.
    """

    clip: Clip
    text: str
    words: tuple[Word, ...]
    engine: str
    duration_ms: int
    two_sides: bool = False


@dataclass(frozen=True)
class NotHeard:
    """Why there are no words. retryable: the same recording may work later."""

    code: str
    message: str
    retryable: bool = False


@dataclass(frozen=True)
class Awake:
    """A worker's first word. engine: in words. failure: code of what is wrong with the engine, else None.

    reason: the same in words for the operator; a path or a setting may stand in it, nothing of a customer.
    """

    engine: str
    duration_ms: int
    failure: str | None = None
    reason: str | None = None


def hear(sound: bytes, max_seconds: float, transcriber: Transcriber) -> Heard | NotHeard:
    """The words of a recording. Blocks."""
    started = time.monotonic()
    try:
        clip = decode(sound, max_seconds=max_seconds)
        two_sides = has_two_sides(sound)
        transcript = transcriber.transcribe(clip)
    except AudioError as err:
        return NotHeard(err.code, f"This recording cannot be used: {err}")
    except TranscriberError as err:
        return NotHeard(err.code, _NO_ENGINE, retryable=True)
    if not transcript.text:
        return NotHeard("no_speech", NO_SPEECH)
    took_ms = round((time.monotonic() - started) * 1000)
    return Heard(clip, transcript.text, transcript.words, transcript.engine, took_ms, two_sides)


def work(pipe: Connection, setup: SpeechSetup, max_seconds: float) -> None:
    """A worker's life: load the model, say so, then hear one recording after the other until the parent is gone."""
    _prepare()
    # The parent's end of the pipe closes with it.
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        started = time.monotonic()
        transcriber: Transcriber | None = None
        failure: TranscriberError | None = None
        try:
            transcriber = open_transcriber(setup)
            transcriber.warm_up()
        except TranscriberError as err:
            failure = err
        name = "none" if transcriber is None else transcriber.engine
        took_ms = round((time.monotonic() - started) * 1000)
        pipe.send(Awake(name, took_ms, failure.code if failure else None, str(failure) if failure else None))
        while True:
            sound = pipe.recv_bytes()
            if transcriber is None:
                pipe.send(NotHeard("transcriber", _NO_ENGINE, retryable=True))
            else:
                pipe.send(hear(sound, max_seconds, transcriber))


def _prepare() -> None:
    """The parent decides when a worker ends, and it ends when the parent is gone."""
    # Ctrl-C reaches the whole group of processes; the parent stops its workers in its own order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
