"""Which voices there are, best first, and which of them reads here."""

from importlib import import_module
from typing import Final, Protocol

from speech.errors import VoiceError
from speech.recognition.setup import Presence
from speech.synthesis.voice import NONE, Voice, VoiceSetup

# Name → module with presence() and open_voice(). Best first; modules are imported when they are asked.
VOICES: Final = {
    "piper": "speech.synthesis.piper",
    "flite": "speech.synthesis.flite",
    "espeak-ng": "speech.synthesis.espeak",
}


class _VoiceModule(Protocol):
    def presence(self, setup: VoiceSetup) -> Presence: ...

    def open_voice(self, setup: VoiceSetup) -> Voice: ...


def voice_presences(setup: VoiceSetup) -> dict[str, Presence]:
    """Every engine, best first. Starts no program."""
    return {name: _module(name).presence(setup) for name in VOICES}


def open_voice(setup: VoiceSetup | None = None) -> Voice | None:
    """The voice that is asked for, or the best one that is here; None where answers are text only.

    Raises: VoiceError when the one that is asked for is not here.
    """
    setup = setup or VoiceSetup()
    name = chosen_voice(setup)
    return None if name is None else _module(name).open_voice(setup)


def chosen_voice(setup: VoiceSetup) -> str | None:
    """The engine's name in VOICES; None where answers are text only. Raises: VoiceError."""
    if setup.voice == NONE:
        return None
    if setup.voice:
        # What is no engine's name is a voice of Piper's.
        name = setup.voice if setup.voice in VOICES else "piper"
        presence = _module(name).presence(setup)
        if not presence.ready:
            raise VoiceError(
                f"voice {setup.voice!r} cannot be used: {presence.missing}; expected {NONE}, "
                f"{', '.join(VOICES)}, or a Piper voice. {presence.how_to_get or ''}".strip(),
                code="voice_missing",
            )
        return name
    return next((name for name, presence in voice_presences(setup).items() if presence.ready), None)


def _module(name: str) -> _VoiceModule:
    module: _VoiceModule = import_module(VOICES[name])
    return module
