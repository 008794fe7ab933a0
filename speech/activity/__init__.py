"""Where somebody speaks in a clip."""

from speech.activity.level import has_speech, speech_seconds, speech_segments

__all__ = ["has_speech", "speech_seconds", "speech_segments"]
