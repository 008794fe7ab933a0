"""Sound: decoding, where somebody speaks, and what is said."""

from speech.activity import has_speech, speech_seconds, speech_segments
from speech.decode import decode
from speech.errors import AudioError, SpeechError, TranscriberError
from speech.phrases import build_language_model, spoken_form
from speech.rivals import word_errors
from speech.transcriber import (
    PHRASES,
    EngineStatus,
    Transcriber,
    Transcript,
    describe_engines,
    open_transcriber,
)

__all__ = [
    "PHRASES",
    "AudioError",
    "EngineStatus",
    "SpeechError",
    "Transcriber",
    "TranscriberError",
    "Transcript",
    "build_language_model",
    "decode",
    "describe_engines",
    "has_speech",
    "open_transcriber",
    "speech_seconds",
    "speech_segments",
    "spoken_form",
    "word_errors",
]
