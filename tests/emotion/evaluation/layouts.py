"""Tiny corpora in the layouts in which the real ones are published."""

from pathlib import Path

import numpy as np
import soundfile

from tests.emotion.builders import voice
from vocabulary import SAMPLE_RATE_HZ


def sound(path: Path, seed: int = 0, *, high: float = 190.0, seconds: float = 1.2) -> Path:
    """Write something like speech; the ending says the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, voice(seed, seconds=seconds, high=high).samples, SAMPLE_RATE_HZ)
    return path


def emodb(folder: Path, speakers: tuple[str, ...] = ("03", "08", "09"), ending: str = "wav") -> Path:
    """Two takes of three emotions by each speaker."""
    for at, speaker in enumerate(speakers):
        for letter, high in (("W", 320.0), ("N", 150.0), ("T", 120.0)):
            for take in "ab":
                sound(folder / f"{speaker}a01{letter}{take}.{ending}", at + ord(take), high=high)
    return folder


def ravdess(folder: Path, actors: tuple[str, ...] = ("01", "02"), ending: str = "flac", flat: bool = False) -> Path:
    """One clip of every emotion by each actor."""
    for at, actor in enumerate(actors):
        for emotion in ("01", "02", "03", "04", "05", "06", "07", "08"):
            home = folder if flat else folder / f"Actor_{actor}"
            sound(home / f"03-01-{emotion}-01-01-01-{actor}.{ending}", at, high=120.0 + 30 * int(emotion))
    return folder


def crema_d(folder: Path, actors: tuple[str, ...] = ("1001", "1002"), ending: str = "ogg") -> Path:
    """One clip of every emotion by each actor."""
    for at, actor in enumerate(actors):
        for number, emotion in enumerate(("ANG", "DIS", "FEA", "HAP", "NEU", "SAD")):
            sound(folder / f"{actor}_DFA_{emotion}_XX.{ending}", at, high=330.0 - 30 * number)
    return folder


def faces(path: Path, per_class: int = 3, size: int = 48) -> Path:
    """Random grey squares for each of the seven numbers."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(7), per_class)
    np.savez(path, images=rng.integers(0, 255, (labels.size, size, size), dtype=np.uint8), labels=labels)
    return path
