"""What voices take and give: one readable sentence in, one WAV out."""

import io
import re
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from speech.audio import wav_of
from speech.errors import VoiceError

LONGEST_CHARS: Final = 1600
"""The longest sentence that a voice takes. sentences() makes them of at most 240 characters of the reply."""
NONE: Final = "none"

# What reading knows. Neither SSML nor an engine's own marks for phonemes can be written with these.
_SPEAKABLE = re.compile(r"[A-Za-z0-9 .,;:?!'-]*")


@dataclass(frozen=True)
class VoiceSetup:
    """Which voice to open.

    voice: empty for the best one that is present; "none" for text only; "piper", "flite" or "espeak-ng"; else a Piper
    voice by name (in shelf) or by the path of its .onnx file. shelf: folder of Piper voices.
    """

    voice: str = ""
    shelf: Path | None = None


@dataclass(frozen=True)
class Sound:
    """Speech. wav: a WAV file of 16-bit mono samples. rate_hz: their rate. seconds: how long it is."""

    wav: bytes
    rate_hz: int
    seconds: float


class Voice(Protocol):
    """One synthesiser. Each sentence is spoken by a process of its own, so several may be spoken at once."""

    @property
    def name(self) -> str:
        """Engine and voice, as shown to people."""
        ...

    async def speak(self, sentence: str, *, rate: float = 1.0) -> Sound:
        """The sentence, as sentences() gives it. rate: times the usual pace, 0.5 to 2, at the same pitch.

        Cancelling ends the process. Raises: VoiceError.
        """
        ...


def checked_rate(rate: float) -> float:
    """The rate, if a voice can speak at it. Raises: VoiceError (rate)."""
    if not 0.5 <= rate <= 2.0:
        raise VoiceError(f"a pace of {rate:g} times the usual one; expected 0.5 to 2.", code="rate")
    return rate


def speakable(sentence: str) -> str:
    """The sentence, if it holds only what reading knows. Raises: VoiceError (empty, too_long, not_speakable)."""
    if len(sentence) > LONGEST_CHARS:
        raise VoiceError(
            f"a sentence of {len(sentence):,} characters; expected at most {LONGEST_CHARS:,}. Cut it with sentences().",
            code="too_long",
        )
    if not _SPEAKABLE.fullmatch(sentence):
        raise VoiceError(
            "a sentence with signs that are not read; expected letters, digits and plain punctuation. "
            "Pass it through sentences().",
            code="not_speakable",
        )
    if not any(char.isalnum() for char in sentence):
        raise VoiceError("a sentence without a word; expected letters or digits.", code="empty")
    return sentence


def sound_of_wav(wav: bytes) -> Sound:
    """A program's WAV, written anew with a right header. Raises: VoiceError if it is none, or not 16-bit mono."""
    try:
        with wave.open(io.BytesIO(wav)) as file:
            shape = (file.getnchannels(), file.getsampwidth())
            rate_hz, frames = file.getframerate(), file.readframes(file.getnframes())
    except (wave.Error, EOFError):
        raise VoiceError("the voice gave no WAV file. Run: attune doctor", code="voice_failed") from None
    if shape != (1, 2):
        raise VoiceError(
            f"the voice gave {shape[0]} channels of {8 * shape[1]} bits; expected one of 16 bits.", code="voice_failed"
        )
    return sound_of_samples(frames, rate_hz)


def sound_of_samples(samples: bytes, rate_hz: int) -> Sound:
    """16-bit little-endian mono samples as a WAV file. Raises: VoiceError if there are none."""
    samples = samples[: len(samples) // 2 * 2]
    if not samples:
        raise VoiceError("the voice gave no sound. Run: attune doctor", code="voice_failed")
    return Sound(wav_of(samples, rate_hz), rate_hz, len(samples) / 2 / rate_hz)
