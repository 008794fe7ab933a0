"""Piper: the most natural of the three, where its user has installed it and a voice. GPL-3, a program of its own."""

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from speech.errors import VoiceError
from speech.recognition.setup import Presence
from speech.synthesis.program import run_program
from speech.synthesis.voice import Sound, VoiceSetup, checked_rate, sound_of_samples, speakable

NAME: Final = "Piper"
_INSTALL: Final = "install it (GPL-3: .venvs/ml/bin/pip install piper-tts) and "
_RATES_HZ: Final = range(8_000, 48_001)


def presence(setup: VoiceSetup) -> Presence:
    """Whether Piper and a voice that it can use are here."""
    if _program() is None:
        return Presence(NAME, "Piper is not installed", _INSTALL + _put_voice(setup))
    model = _model(setup)
    if model is None:
        return Presence(NAME, "Piper has no voice", _put_voice(setup))
    try:
        _rate(model)
    except VoiceError as err:
        return Presence(f"{NAME}, {model.stem}", str(err), _put_voice(setup))
    return Presence(f"{NAME}, {model.stem}", None)


def open_voice(setup: VoiceSetup) -> "PiperVoice":
    """The voice; its model is loaded by Piper's own process. Raises: VoiceError."""
    program, model = _program(), _model(setup)
    if program is None or model is None:
        missing = f"Piper is not installed; {_INSTALL}" if program is None else "Piper has no voice; "
        raise VoiceError(missing + _put_voice(setup), code="voice_missing")
    return PiperVoice(program, model)


class PiperVoice:
    """One run of Piper for each sentence. model: the voice's .onnx, with its .onnx.json beside it."""

    def __init__(self, program: tuple[str, ...], model: Path) -> None:
        self._rate_hz = _rate(model)
        self._command = (*program, "--model", str(model), "--output-raw")
        self._voice = model.stem

    @property
    def name(self) -> str:
        """Engine and voice."""
        return f"{NAME}, {self._voice}"

    async def speak(self, sentence: str, *, rate: float = 1.0) -> Sound:
        """The sentence at the voice's own sample rate. Raises: VoiceError."""
        # Piper takes each line for a sentence.
        command = (*self._command, "--length-scale", f"{1 / checked_rate(rate):.3f}") if rate != 1.0 else self._command
        samples = await run_program(command, speakable(sentence) + "\n")
        return sound_of_samples(samples, self._rate_hz)


def _program() -> tuple[str, ...] | None:
    spec = find_spec("piper")
    # Another package may have this name; Piper can be run as a module.
    if spec is not None and spec.origin is not None and Path(spec.origin).with_name("__main__.py").is_file():
        return (sys.executable, "-m", "piper")
    command = shutil.which("piper")
    return None if command is None else (command,)


def _put_voice(setup: VoiceSetup) -> str:
    return (
        f"put an English voice, NAME.onnx with NAME.onnx.json, into {setup.shelf or 'speech/voices of the data folder'}"
    )


def _model(setup: VoiceSetup) -> Path | None:
    """The voice that is asked for by name or path, or the first on the shelf."""
    asked = setup.voice if setup.voice != "piper" else ""
    named = [Path(asked).expanduser()] if asked.endswith(".onnx") else []
    if setup.shelf is not None:
        named += [setup.shelf / f"{asked}.onnx"] if asked and "/" not in asked else []
        named += [] if asked else sorted(setup.shelf.glob("*.onnx"))
    return next((model for model in named if model.is_file()), None)


def _rate(model: Path) -> int:
    """The rate in Hz. Raises: VoiceError if the description is missing or the voice is not English."""
    description = model.with_name(model.name + ".json")
    try:
        told = json.loads(description.read_text(encoding="utf-8"))
        rate_hz, language = int(told["audio"]["sample_rate"]), str(told["espeak"]["voice"])
    except (OSError, ValueError, KeyError, TypeError):
        raise VoiceError(
            f"{description.name} is missing or is no description of a Piper voice", code="voice_missing"
        ) from None
    if rate_hz not in _RATES_HZ:
        raise VoiceError(f"the voice {model.stem} has a rate of {rate_hz} Hz; expected 8000 to 48000", code="settings")
    if language.split("-")[0] != "en":
        raise VoiceError(f"the voice {model.stem} speaks {language!r}; answers are read in English", code="settings")
    return rate_hz
