"""Sound: decoding, where somebody speaks, and what is said."""

from speech.activity import has_speech, speech_seconds, speech_segments
from speech.audio import decode
from speech.errors import AudioError, SpeechError, TranscriberError
from speech.language import ArpaModel, build_language_model, spoken_form, write, written_form
from speech.recognition.engines import ENGINES
from speech.recognition.rivals import word_errors
from speech.recognition.setup import AUTO, PHRASES, SpeechSetup
from speech.recognition.transcript import Hints, Transcript, Word
from speech.transcriber import EngineStatus, Transcriber, describe_engines, open_transcriber

__all__ = [
    "AUTO",
    "ENGINES",
    "PHRASES",
    "ArpaModel",
    "AudioError",
    "EngineStatus",
    "Hints",
    "SpeechError",
    "SpeechSetup",
    "Transcriber",
    "TranscriberError",
    "Transcript",
    "Word",
    "build_language_model",
    "decode",
    "describe_engines",
    "has_speech",
    "open_transcriber",
    "speech_seconds",
    "speech_segments",
    "spoken_form",
    "word_errors",
    "write",
    "written_form",
]
