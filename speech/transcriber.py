"""Speech to text: voice activity, an engine, guards, and the words as one writes them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec

from speech.activity import speech_segments
from speech.language import write
from speech.recognition.engines import chosen, open_engine, presences
from speech.recognition.setup import SpeechSetup
from speech.recognition.transcript import Engine, Hints, Passage, Transcript, Word
from vocabulary import SAMPLE_RATE_HZ, Clip

Partial = Callable[[str], None]


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
        """The words of a clip; silence gives an empty text, never invented words.

        on_partial: told the text so far after each stretch of speech. Raises: TranscriberError.
        """
        began = time.perf_counter()
        segments = speech_segments(clip)
        words: list[Word] = []
        language = None
        for start_s, end_s in segments:
            samples = clip.samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
            for passage in self._engine.recognise(samples, hints or self._hints):
                language = language or passage.language
                words += _moved(passage, start_s)
                if on_partial is not None and words:
                    on_partial(_text(write(words)))
        written = write(words)
        reason = None if written else ("not_understood" if segments else "no_speech")
        return Transcript(
            text=_text(written),
            engine=self.engine,
            seconds=time.perf_counter() - began,
            audio_seconds=clip.seconds,
            speech_seconds=sum(end_s - start_s for start_s, end_s in segments),
            reason=reason,
            words=written,
            language=language,
        )


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
        EngineStatus("audio decoding", "libsndfile and FFmpeg (PyAV)", find_spec("av") is not None, None, None),
    ]


def _speech_to_text(setup: SpeechSetup) -> EngineStatus:
    found = presences(setup)
    used = chosen(setup)
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


def _moved(passage: Passage, start_s: float) -> list[Word]:
    """The passage's words, with times from the beginning of the clip."""
    words = passage.words or tuple(Word(word) for word in passage.text.split())
    return [
        replace(
            word,
            start_s=None if word.start_s is None else start_s + word.start_s,
            end_s=None if word.end_s is None else start_s + word.end_s,
        )
        for word in words
    ]


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)
