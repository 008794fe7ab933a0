"""What a transcribing worker does with one recording. Imports nothing of the web: workers stay small."""

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass
from functools import cache

from speech import AudioError, SpeechSetup, Transcriber, TranscriberError, Word, decode, open_transcriber
from vocabulary import Clip

NO_SPEECH = "I could not hear any words in this recording. Please try again, closer to the microphone, or type."


@dataclass(frozen=True)
class Heard:
    """A decoded recording and its words. words: with confidences. duration_ms: what the work took."""

    clip: Clip
    text: str
    words: tuple[Word, ...]
    engine: str
    duration_ms: int


@dataclass(frozen=True)
class NotHeard:
    """Why there are no words. retryable: the same recording may work later."""

    code: str
    message: str
    retryable: bool = False


def hear(sound: bytes, max_seconds: float, setup: SpeechSetup) -> Heard | NotHeard:
    """The words of a recording. Blocks for about a fifth of its length."""
    started = time.monotonic()
    try:
        clip = decode(sound, max_seconds=max_seconds)
        transcript = _transcriber(setup).transcribe(clip)
    except AudioError as err:
        return NotHeard(err.code, f"This recording cannot be used: {err}")
    except TranscriberError as err:
        return NotHeard(err.code, "Speech cannot be understood right now. Please type instead.", retryable=True)
    if not transcript.text:
        return NotHeard("no_speech", NO_SPEECH)
    took_ms = round((time.monotonic() - started) * 1000)
    return Heard(clip, transcript.text, transcript.words, transcript.engine, took_ms)


def prepare_worker() -> None:
    """Called once in each worker: the parent decides when it ends, and it ends when the parent is gone."""
    # Ctrl-C reaches the whole group of processes; the parent stops its workers in its own order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


@cache
def _transcriber(setup: SpeechSetup) -> Transcriber:
    return open_transcriber(setup)
