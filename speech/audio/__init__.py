"""Files of sound become clips."""

from speech.audio.decode import decode

__all__ = ["decode"]
