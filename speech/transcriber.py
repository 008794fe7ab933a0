"""Speech to text: the interface, and which engine is used and why."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from vocabulary import Clip


@dataclass(frozen=True)
class Transcript:
    """What was said.

    text: lower-case words, numbers spelled out; empty when nothing was said or understood.
    engine: name and model. seconds: what it took. reason: why text is empty, else None
    ("no_speech": nobody speaks in the clip; "not_understood": somebody does, without words).
    """

    text: str
    engine: str
    seconds: float
    audio_seconds: float
    speech_seconds: float
    reason: str | None = None


class Transcriber(Protocol):
    """One engine. transcribe() blocks; call it from worker threads, several at once if needed."""

    @property
    def engine(self) -> str:
        """Name and model."""
        ...

    def transcribe(self, clip: Clip) -> Transcript:
        """The words of a clip; silence gives an empty text, never invented words. Raises: TranscriberError."""
        ...


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


PHRASES: Final = Path(__file__).resolve().parent.parent / "models" / "speech" / "phrases.lm"
"""The shop's language model that ships; `attune speech prepare` makes it from the bot's training phrases."""


def open_transcriber(language_model: Path | None = PHRASES, *, decoders: int = 2) -> Transcriber:
    """The best engine that is present.

    language_model: a file made by build_language_model(); with None, or while it is missing, only the
    general English model is used. decoders: how many clips at once; they are made when first needed.
    Raises: TranscriberError.
    """
    from speech.sphinx import SphinxTranscriber

    present = language_model if language_model is not None and language_model.is_file() else None
    return SphinxTranscriber(language_model=present, decoders=decoders)


def describe_engines(language_model: Path | None = PHRASES) -> list[EngineStatus]:
    """What this room uses, for `attune doctor`, /health and the log at start. Loads no model."""
    adapted = language_model is not None and language_model.is_file()
    sphinx = "PocketSphinx, English" + (", with this shop's phrases" if adapted else ", general phrases only")
    return [
        EngineStatus(
            "speech to text",
            sphinx if _is_importable("pocketsphinx") else "none: pocketsphinx is missing",
            _is_importable("pocketsphinx"),
            "PocketSphinx with this shop's phrases" if not adapted else "Whisper (faster-whisper)",
            "run: attune speech prepare" if not adapted else "not yet supported by this version",
        ),
        EngineStatus(
            "voice activity",
            "level and periodicity",
            True,
            "Silero (ONNX)",
            "not yet supported by this version",
        ),
        EngineStatus("audio decoding", "libsndfile and FFmpeg (PyAV)", _is_importable("av"), None, None),
    ]


def _is_importable(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None
