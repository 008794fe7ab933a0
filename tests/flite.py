"""A synthetic but clear voice for tests: flite, which comes as a system package."""

import shutil
import subprocess
from pathlib import Path
from typing import Protocol

import pytest


class Speak(Protocol):
    """Gives a WAV file of the sentence: mono, 16 kHz (voice kal: 8 kHz)."""

    def __call__(self, sentence: str, voice: str = "rms") -> Path: ...


def needs_flite() -> None:
    """Skips where flite is not installed."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed: apt-get install flite")


def say(sentence: str, voice: str, path: Path) -> Path:
    """Write the sentence to `path`."""
    subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(path)], check=True, capture_output=True)
    return path
