"""Sound: decoding, where somebody speaks, and what is said."""

from speech.activity import has_speech, speech_seconds, speech_segments
from speech.decode import decode
from speech.errors import AudioError, SpeechError, TranscriberError
from speech.transcriber import EngineStatus, Transcriber, Transcript, describe_engines, open_transcriber

__all__ = [
    "AudioError",
    "EngineStatus",
    "SpeechError",
    "Transcriber",
    "TranscriberError",
    "Transcript",
    "decode",
    "describe_engines",
    "has_speech",
    "open_transcriber",
    "speech_seconds",
    "speech_segments",
]
