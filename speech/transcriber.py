"""Speech to text: voice activity, an engine, guards, and the words as one writes them."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech.activity import SILERO, Chunk, detector_name, halves, model_path, packed, speech_stretches
from speech.errors import TranscriberError
from speech.language import write
from speech.recognition.engines import chosen, open_engine, presences
from speech.recognition.guards import LOOPS, Evidence, refusal
from speech.recognition.setup import SpeechSetup
from speech.recognition.transcript import Engine, Hints, Passage, Transcript, Word
from vocabulary import SAMPLE_RATE_HZ, Clip

log = logging.getLogger(__name__)
Partial = Callable[[str], None]
# How often a chunk is halved after a loop, and what is too short for it.
_AGAIN: Final = 2
_WORTH_HALVING_S: Final = 4.0


class Transcriber:
    """One engine behind the guards. transcribe() blocks; call it from worker threads, several at once if needed."""

    def __init__(self, engine: Engine, *, language: str | None = "en") -> None:
        self._engine = engine
        self._hints = Hints(language=language)

    @property
    def engine(self) -> str:
        """Name and model."""
        return self._engine.name

    def transcribe(self, clip: Clip, *, hints: Hints | None = None, on_partial: Partial | None = None) -> Transcript:
        """The words of a clip; silence and noise give an empty text, never invented words.

        Speech is recognised in chunks of the engine's longest length, so that memory does not grow with the clip.
        on_partial: told the text so far after each passage. Raises: TranscriberError.
        """
        began = time.perf_counter()
        found = speech_stretches(clip)
        listening = _Listening(self._engine, clip.samples, hints or self._hints, on_partial)
        for chunk in packed(found, clip.samples, self._engine.longest_s):
            listening.hear(chunk)
        written = write(listening.words)
        if written:
            reason = None
        elif not found:
            reason = "no_speech"
        else:
            reason = "not_believed" if listening.refused else "not_understood"
        return Transcript(
            text=_text(written),
            engine=self.engine,
            seconds=time.perf_counter() - began,
            audio_seconds=clip.seconds,
            speech_seconds=sum(stretch.seconds for stretch in found),
            reason=reason,
            words=written,
            language=listening.language,
        )

    def warm_up(self) -> None:
        """Load what is loaded with the first clip, by hearing a second of silence. Raises: TranscriberError."""
        silence = np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)
        speech_stretches(Clip(silence))
        for _ in self._engine.recognise(silence, self._hints):
            pass


class _Listening:
    """One clip's words as they are found. refused: how many passages were not believed."""

    def __init__(self, engine: Engine, samples: NDArray[np.float32], hints: Hints, on_partial: Partial | None) -> None:
        self._engine = engine
        self._samples = samples
        self._hints = hints
        self._on_partial = on_partial
        self.words: list[Word] = []
        self.language: str | None = None
        self.refused = 0

    def hear(self, chunk: Chunk, *, again: int = _AGAIN) -> None:
        """Add the chunk's words. A chunk in which the engine ran into a loop is heard again in two halves."""
        evidence = Evidence(chunk.seconds, chunk.peak)
        believed, refusals = 0, []
        for passage in self._engine.recognise(chunk.samples(self._samples), self._hints):
            reason = refusal(passage, evidence, language=self._hints.language)
            if reason is not None:
                refusals.append(reason)
                continue
            believed += 1
            self.language = self.language or passage.language
            self.words += _moved(passage, chunk)
            if self._on_partial is not None:
                self._on_partial(_text(write(self.words)))
        if not refusals:
            return
        log.info(
            "words not believed",
            extra={"engine": self._engine.name, "reasons": ",".join(refusals), "audio_ms": round(chunk.seconds * 1000)},
        )
        if not believed and again and LOOPS.intersection(refusals) and chunk.seconds > _WORTH_HALVING_S:
            for half in halves(chunk, self._samples):
                self.hear(half, again=again - 1)
        else:
            self.refused += len(refusals)


def open_transcriber(setup: SpeechSetup | None = None) -> Transcriber:
    """The best engine that is present, or the one that is asked for. Raises: TranscriberError."""
    setup = setup or SpeechSetup()
    return Transcriber(open_engine(setup), language=setup.language)


@dataclass(frozen=True)
class EngineStatus:
    """One capability: the engine in use, and what would be better.

    better: None when nothing better is known. how_to_get: one line for the person who installs.
    """

    capability: str
    engine: str
    in_use: bool
    better: str | None
    how_to_get: str | None


def describe_engines(setup: SpeechSetup | None = None) -> list[EngineStatus]:
    """What this room uses, for `attune doctor`, /health and the log at start. Loads no model."""
    return [
        _speech_to_text(setup or SpeechSetup()),
        _voice_activity(),
        EngineStatus("audio decoding", "libsndfile and FFmpeg (PyAV)", find_spec("av") is not None, None, None),
    ]


def _speech_to_text(setup: SpeechSetup) -> EngineStatus:
    found = presences(setup)
    try:
        used = chosen(setup)
    except TranscriberError as err:
        first = next(iter(found.values()))
        # Another model is no help where a setting is wrong.
        how_to_get = f"set ATTUNE_SPEECH_ENGINE: {err}" if err.code == "settings" else first.how_to_get
        return EngineStatus("speech to text", "none", False, first.name, how_to_get)
    better = None
    for name, presence in found.items():
        if name == used:
            break
        better = better or presence
    return EngineStatus(
        "speech to text",
        found[used].name,
        True,
        better.name if better else None,
        better.how_to_get if better else None,
    )


def _voice_activity() -> EngineStatus:
    found = model_path() is not None
    return EngineStatus(
        "voice activity",
        detector_name(),
        True,
        None if found else SILERO,
        None if found else "run: make setup (the model comes with faster-whisper)",
    )


def _moved(passage: Passage, chunk: Chunk) -> list[Word]:
    """The passage's words, with times from the beginning of the clip."""
    words = passage.words or tuple(Word(word) for word in passage.text.split())
    return [
        replace(
            word,
            start_s=None if word.start_s is None else chunk.clip_s(word.start_s),
            end_s=None if word.end_s is None else chunk.clip_s(word.end_s),
        )
        for word in words
    ]


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)
