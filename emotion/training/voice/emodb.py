"""Emo-DB (Burkhardt et al. 2005, CC0): ten German speakers act seven emotions on ten sentences."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from emotion.training.voice.degrade import DEGRADATIONS
from emotion.voice.functionals import NAMES, summarise
from emotion.voice.prosody_rev3 import Prosody
from vocabulary import SAMPLE_RATE_HZ, Clip

CLASSES: Final = ("anger", "disgust", "fear", "happiness", "sadness", "neutral", "boredom")
"""Boredom is learnt apart and counted as neutral in every result: docs/decisions/0021."""

_LETTERS: Final = {
    "W": "anger",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
    "L": "boredom",
}
FEATURES_REVISION: Final = 3
"""Raise it when prosody, functionals or degradations change, so that cached figures are not mixed."""


@dataclass(frozen=True)
class ActedClips:
    """x: functionals, shape (versions, n, len(NAMES)), NaN where a degraded clip could not be judged.

    Version 0 is the recording, the others are its degradations. labels: index into CLASSES, shape (n,).
    speakers: shape (n,), two digits each.
    """

    x: NDArray[np.float32]
    labels: NDArray[np.intp]
    speakers: NDArray[np.str_]


def load_acted(folder: Path, cache: Path) -> ActedClips:
    """Measure every clip of `folder`, degraded versions included; cached. Raises: TrainingError."""
    paths = sorted(folder.glob("*.flac"))
    if not paths:
        raise TrainingError(f"{folder} holds no .flac files; expected Emo-DB. Name its parent's parent with --data.")
    stored = cache / f"emodb-{len(paths)}-r{FEATURES_REVISION}.npy"
    if stored.is_file():
        x = np.load(stored)
    else:
        x = np.stack([_measure(paths, seed, change) for seed, change in enumerate((None, *DEGRADATIONS.values()))])
        cache.mkdir(parents=True, exist_ok=True)
        np.save(stored, x)
    return ActedClips(
        x=x,
        labels=np.array([CLASSES.index(_LETTERS[path.name[5]]) for path in paths]),
        speakers=np.array([path.name[:2] for path in paths]),
    )


def read_clip(path: Path) -> Clip:
    """A sound file as a mono clip at 16 kHz, for measuring."""
    import soundfile
    from scipy.signal import resample_poly

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if rate != SAMPLE_RATE_HZ:
        shared = np.gcd(rate, SAMPLE_RATE_HZ)
        mono = resample_poly(mono, SAMPLE_RATE_HZ // shared, rate // shared)
    return Clip(np.clip(mono, -1.0, 1.0).astype(np.float32))


def _measure(
    paths: list[Path],
    seed: int,
    change: Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]] | None,
) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    rows = []
    for path in paths:
        clip = read_clip(path)
        if change is not None:
            changed = change(clip.samples.astype(np.float64), rng)
            clip = Clip((0.5 * changed / np.abs(changed).max()).astype(np.float32))
        prosody = Prosody.of(clip)
        row = summarise(prosody) if prosody else None
        rows.append(np.full(len(NAMES), np.nan, dtype=np.float32) if row is None else row)
    return np.stack(rows)
