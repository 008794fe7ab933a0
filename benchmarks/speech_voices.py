"""Sentences spoken by flite, a synthetic voice that comes as a system package."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from speech import decode
from vocabulary import Clip


def has_voices() -> bool:
    """Whether flite is installed."""
    return shutil.which("flite") is not None


def spoken(sentences: Sequence[str], voice: str) -> Iterator[tuple[str, Clip]]:
    """Each sentence and its sound (16 kHz mono). Raises: CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        for number, sentence in enumerate(sentences):
            path = Path(folder) / f"{number}.wav"
            subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(path)], check=True)
            yield sentence, decode(path)
