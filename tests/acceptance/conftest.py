"""Spoken clips for the acceptance tests."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def flite_clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Speak a sentence into a WAV file; skips where flite is not installed."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed: apt-get install flite")
    folder = tmp_path_factory.mktemp("clips")

    def speak(text: str) -> Path:
        path = folder / f"{abs(hash(text))}.wav"
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(path)], check=True)
        return path

    return speak
