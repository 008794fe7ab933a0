"""Voices for tests: flite, which is synthetic but clear."""

import shutil
import subprocess
from pathlib import Path
from typing import Protocol

import pytest

from speech import Transcriber, decode, open_transcriber
from vocabulary import Clip


class Speak(Protocol):
    def __call__(self, sentence: str, voice: str = "rms") -> Path: ...


@pytest.fixture(scope="session")
def speak(tmp_path_factory: pytest.TempPathFactory) -> Speak:
    """Makes a wav file of a sentence (16 kHz mono)."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed: apt-get install flite")
    folder = tmp_path_factory.mktemp("voices")

    def say(sentence: str, voice: str = "rms") -> Path:
        path = folder / f"{abs(hash((sentence, voice)))}.wav"
        if not path.exists():
            subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(path)], check=True)
        return path

    return say


@pytest.fixture(scope="session")
def spoken_order(speak: Speak) -> Clip:
    return decode(speak("where is my order four one seven two zero three"))


@pytest.fixture(scope="session")
def transcriber() -> Transcriber:
    return open_transcriber()
