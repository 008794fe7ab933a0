"""What `attune doctor`, /health and the log at start say about reading aloud."""

from speech.errors import VoiceError
from speech.synthesis.choice import chosen_voice, open_voice, voice_presences
from speech.synthesis.voice import NONE, VoiceSetup
from speech.transcriber import EngineStatus

_CAPABILITY = "text to speech"


def describe_voice(setup: VoiceSetup | None = None) -> EngineStatus:
    """The voice in use, and what would be better. Starts no program. Never raises for a wrong setting: says it."""
    setup = setup or VoiceSetup()
    found = voice_presences(setup)
    best = next(iter(found.values()))
    try:
        name = chosen_voice(setup)
        voice = open_voice(setup)
    except VoiceError as err:
        return EngineStatus(_CAPABILITY, "none", False, None, str(err))
    if name is None or voice is None:
        if setup.voice == NONE:
            return EngineStatus(
                _CAPABILITY, "none", False, None, "switched off by ATTUNE_SPEECH_VOICE; answers are text"
            )
        return EngineStatus(_CAPABILITY, "none", False, best.name, f"answers are text; {best.how_to_get}")
    better = None
    for other, presence in found.items():
        if other == name:
            break
        # With a voice chosen by name, a better one may be here already: then there is nothing to get.
        better = better or presence
    if better is None:
        return EngineStatus(_CAPABILITY, voice.name, True, None, None)
    return EngineStatus(_CAPABILITY, voice.name, True, better.name, better.how_to_get or "unset ATTUNE_SPEECH_VOICE")
