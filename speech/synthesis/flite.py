"""flite: a small synthesiser of Carnegie Mellon University that Debian and others ship."""

import shutil
from typing import Final

from speech.errors import VoiceError
from speech.recognition.setup import Presence
from speech.synthesis.program import run_program
from speech.synthesis.voice import Sound, VoiceSetup, checked_rate, sound_of_wav, speakable

# The one of its five voices that our recogniser understands best: docs/decisions/0071-spoken-answers.md.
_VOICE: Final = "slt"
HOW_TO_GET: Final = "run: apt-get install flite"


def presence(setup: VoiceSetup) -> Presence:
    """Whether flite is installed."""
    if flite_program() is None:
        return Presence("flite", "the program flite is not installed", HOW_TO_GET)
    return Presence("flite", None)


def flite_program() -> str | None:
    """The path of flite; None where it is not installed."""
    return shutil.which("flite")


def open_voice(setup: VoiceSetup) -> "FliteVoice":
    """flite with its clearest voice. Raises: VoiceError."""
    program = flite_program()
    if program is None:
        raise VoiceError(f"flite is not installed; {HOW_TO_GET}", code="voice_missing")
    return FliteVoice(program)


class FliteVoice:
    """One run of flite for each sentence. It has no SSML unless asked, and reads its text from standard input."""

    def __init__(self, program: str, *, voice: str = _VOICE) -> None:
        self._program = program
        self._voice = voice

    @property
    def name(self) -> str:
        """Engine and voice."""
        return f"flite, {self._voice}"

    async def speak(self, sentence: str, *, rate: float = 1.0) -> Sound:
        """The sentence at 16 kHz (voice kal: 8 kHz). Raises: VoiceError."""
        pace = ("--setf", f"duration_stretch={1 / checked_rate(rate):.3f}") if rate != 1.0 else ()
        command = (self._program, "-voice", self._voice, *pace, "-f", "/dev/stdin", "-o", "/dev/stdout")
        return sound_of_wav(await run_program(command, speakable(sentence)))
