"""Where somebody speaks in a clip, and the sound between two pauses that is recognised at once."""

from speech.activity.detector import detector_name, has_speech, speech_seconds, speech_segments, speech_stretches
from speech.activity.live import LiveActivity
from speech.activity.packing import Chunk, halves, packed
from speech.activity.silero import NAME as SILERO
from speech.activity.silero import model_path
from speech.activity.stretches import Stretch

__all__ = [
    "SILERO",
    "Chunk",
    "LiveActivity",
    "Stretch",
    "detector_name",
    "halves",
    "has_speech",
    "model_path",
    "packed",
    "speech_seconds",
    "speech_segments",
    "speech_stretches",
]
