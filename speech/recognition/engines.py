"""Which recognisers there are, best first, and which of them is used here."""

from importlib import import_module
from typing import Final, Protocol

from speech.errors import TranscriberError
from speech.recognition.setup import AUTO, Presence, SpeechSetup
from speech.recognition.transcript import Engine

# Name → module with presence() and open_engine(). Best first; modules are imported when they are asked.
ENGINES: Final = {
    "faster-whisper": "speech.recognition.whisper_ctranslate2",
    "openai-whisper": "speech.recognition.whisper_openai",
    "transformers": "speech.recognition.whisper_transformers",
    "moonshine": "speech.recognition.moonshine",
    "pocketsphinx": "speech.recognition.sphinx",
}


class _EngineModule(Protocol):
    def presence(self, setup: SpeechSetup) -> Presence: ...

    def open_engine(self, setup: SpeechSetup) -> Engine: ...


def presences(setup: SpeechSetup) -> dict[str, Presence]:
    """Every engine, best first. Loads no model."""
    return {name: _module(name).presence(setup) for name in ENGINES}


def ready_engines(setup: SpeechSetup) -> tuple[str, ...]:
    """Names of the engines that can be opened here, best first. Loads no model."""
    return tuple(name for name, presence in presences(setup).items() if presence.ready)


def chosen(setup: SpeechSetup) -> str:
    """The engine that is asked for, or the best one that is ready. Raises: TranscriberError."""
    if setup.engine != AUTO:
        if setup.engine not in ENGINES:
            raise TranscriberError(
                f"engine {setup.engine!r}; expected {AUTO} or one of {', '.join(ENGINES)}.", code="settings"
            )
        presence = _module(setup.engine).presence(setup)
        if not presence.ready:
            raise TranscriberError(
                f"{setup.engine} cannot be used: {presence.missing}. {presence.how_to_get or ''}".strip(),
                code="engine_missing",
            )
        return setup.engine
    found = presences(setup)
    for name, presence in found.items():
        if presence.ready:
            return name
    # No wheel is here, or no engine that is here speaks the customers' language.
    reasons = "; ".join(f"{presence.name}: {presence.missing}" for presence in found.values())
    raise TranscriberError(f"no recogniser is ready. {reasons}. Run: attune doctor", code="engine_missing")


def open_engine(setup: SpeechSetup) -> Engine:
    """The chosen engine. Its model may be loaded with the first clip. Raises: TranscriberError."""
    return _module(chosen(setup)).open_engine(setup)


def _module(name: str) -> _EngineModule:
    module: _EngineModule = import_module(ENGINES[name])
    return module
