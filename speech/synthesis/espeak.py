"""espeak-ng: robotic, but a wheel carries it. GPL-3: it runs in a process of its own, never in this one."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from speech.errors import VoiceError
from speech.recognition.setup import Presence
from speech.synthesis.program import run_program
from speech.synthesis.voice import Sound, VoiceSetup, checked_rate, sound_of_wav, speakable

NAME: Final = "espeak-ng, English"
HOW_TO_GET: Final = "run: make setup"
_PROCESS: Final = Path(__file__).with_name("espeak_process.py")


def presence(setup: VoiceSetup) -> Presence:
    """Whether the wheel with the library and its data is installed."""
    if _folder() is None:
        return Presence(NAME, "its wheel espeakng-loader is not installed", HOW_TO_GET)
    return Presence(NAME, None)


def open_voice(setup: VoiceSetup) -> "EspeakVoice":
    """The voice; nothing is loaded in this process. Raises: VoiceError."""
    folder = _folder()
    if folder is None:
        raise VoiceError(f"espeak-ng is not installed; {HOW_TO_GET}", code="voice_missing")
    return EspeakVoice(folder)


class EspeakVoice:
    """One process for each sentence. folder: of the library and of espeak-ng-data."""

    name = NAME

    def __init__(self, folder: Path) -> None:
        # Isolated and without site-packages: it starts in a twentieth of a second and carries nothing of ours.
        self._command = (sys.executable, "-I", "-S", str(_PROCESS), str(folder))

    async def speak(self, sentence: str, *, rate: float = 1.0) -> Sound:
        """The sentence at 22,050 Hz. Raises: VoiceError."""
        command = (*self._command, f"{checked_rate(rate):.3f}")
        return sound_of_wav(await run_program(command, speakable(sentence)))


def _folder() -> Path | None:
    spec = find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return folder if (folder / "espeak-ng-data").is_dir() and any(folder.glob("libespeak-ng.*")) else None
