"""The speech room's errors.

SpeechError
├── AudioError        the bytes are no audio that can be used
├── TranscriberError  the engine cannot start or failed
└── VoiceError        a sentence cannot be read out
"""


class SpeechError(Exception):
    """Base of every error of this room."""

    code = "speech"
    retryable = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class AudioError(SpeechError):
    """The bytes are no audio that can be used.

    code: empty, not_audio, truncated, too_long, not_finite, unsupported.
    """

    code = "not_audio"


class TranscriberError(SpeechError):
    """The engine cannot start or failed."""

    code = "transcriber"


class VoiceError(SpeechError):
    """A sentence cannot be read out.

    code: voice_missing, voice_slow, voice_failed, settings; of the sentence: empty, too_long, not_speakable.
    """

    code = "voice_failed"


class WhoSpeaksError(SpeechError):
    """Nothing can be said about whose voices are in a clip: no model, no process, or not in time.

    code: voices, settings, not_installed, not_loaded, loading, busy, too_slow, too_long, died, failed.
    """

    code = "voices"
