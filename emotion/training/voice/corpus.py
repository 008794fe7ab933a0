"""Acted speech as the models take it: every clip measured once, as recorded and in other recording situations."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from emotion.training.voice.domains import UNSEEN, Domain
from emotion.voice.measured import Measured, measure_clip
from vocabulary import SAMPLE_RATE_HZ, Absent, Clip

CLASSES: Final = ("anger", "disgust", "fear", "happiness", "sadness", "neutral", "boredom")
"""Boredom is learnt apart and counted as neutral in every result: docs/decisions/0021."""

VERSIONS: Final = 9
"""The recording and eight other situations of it."""

FEATURES_REVISION: Final = 7
"""Raise it when prosody, figures or domains change, so that cached ones are not mixed."""

_EMODB: Final = {
    "W": "anger",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
    "L": "boredom",
}
MEN: Final = frozenset({"03", "10", "11", "12", "15"})
"""Emo-DB's male speakers, from its speaker table; the others are women."""

Row = Measured | None


@dataclass(frozen=True)
class Corpus:
    """rows: VERSIONS × n measured clips, None where one could not be judged; version 0 is the recording.

    labels: names of CLASSES; speakers: who speaks; both n long, in the order of the rows.
    """

    rows: tuple[tuple[Row, ...], ...]
    labels: NDArray[np.str_]
    speakers: NDArray[np.str_]

    def part(self, chosen: NDArray[np.bool_]) -> "Corpus":
        """The chosen clips in all their versions. chosen: shape (n,)."""
        where = np.flatnonzero(chosen)
        rows = tuple(tuple(version[at] for at in where) for version in self.rows)
        return Corpus(rows, self.labels[chosen], self.speakers[chosen])


def emodb_label(path: Path) -> str:
    """Emotion of an Emo-DB file name such as 03a01Wa: one of CLASSES. Raises: TrainingError."""
    try:
        return _EMODB[path.name[5]]
    except (IndexError, KeyError):
        raise TrainingError(f"{path.name} is no Emo-DB file name; expected one such as 03a01Wa.flac.") from None


def load_emodb(folder: Path, cache: Path) -> Corpus:
    """Measure every clip of an Emo-DB folder. Raises: TrainingError."""
    paths = sorted(folder.glob("*.flac"))
    if not paths:
        raise TrainingError(f"{folder} holds no .flac files; expected Emo-DB. Name its parent's parent with --data.")
    return measure_corpus(paths, [emodb_label(path) for path in paths], [path.name[:2] for path in paths], cache)


def measure_corpus(paths: Sequence[Path], labels: Sequence[str], speakers: Sequence[str], cache: Path) -> Corpus:
    """Measure clips in VERSIONS situations; cached by their names and sizes. Some 25 ms for each version of a clip."""
    rows = [_cached(paths, speakers, cache, None)]
    rows += [_cached(paths, speakers, cache, str(version)) for version in range(1, VERSIONS)]
    return Corpus(tuple(rows), np.array(labels), np.array(speakers))


def measure_unseen(
    paths: Sequence[Path], speakers: Sequence[str], cache: Path, situation: str | None
) -> tuple[Row, ...]:
    """Measure clips in one situation of UNSEEN, or as recorded (None); cached."""
    return _cached(paths, speakers, cache, situation)


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


def _cached(paths: Sequence[Path], speakers: Sequence[str], cache: Path, situation: str | None) -> tuple[Row, ...]:
    from emotion.training.voice.shelf import load_rows, save_rows

    content = "\n".join(f"{path.name} {path.stat().st_size}" for path in paths)
    digest = hashlib.sha256(f"{content}\n{FEATURES_REVISION}".encode()).hexdigest()[:12]
    stored = cache / "voice" / f"{digest}-{(situation or 'recorded').replace(' ', '-')}.npz"
    if (rows := load_rows(stored)) is None:
        rows = tuple(
            _measure(path, speaker, situation, at)
            for at, (path, speaker) in enumerate(zip(paths, speakers, strict=True))
        )
        save_rows(stored, rows)
    return rows


def _measure(path: Path, speaker: str, situation: str | None, at: int) -> Row:
    clip = read_clip(path)
    if situation is not None:
        # The situation is the speaker's, echo and noise are the clip's own.
        seed = int.from_bytes(hashlib.sha256(f"{speaker} {situation}".encode()).digest()[:4])
        rng = np.random.default_rng(seed)
        domain = UNSEEN[situation](rng) if situation in UNSEEN else Domain.draw(rng)
        changed = domain.apply(clip.samples.astype(np.float64), np.random.default_rng([seed, at]))
        clip = Clip(changed.astype(np.float32))
    found = measure_clip(clip)
    return None if isinstance(found, Absent) else found
