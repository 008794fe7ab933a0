"""Minimal pairs: two messages that differ in one respect, and the reading that must be higher in the second."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from emotion.errors import TrainingError
from vocabulary import LABELS, Absent, ModalityScore

SPLITS: Final = ("dev", "test")
"""dev pairs were looked at while training phrases were written; test pairs are only reported."""

Score = Callable[[str], ModalityScore | Absent]


@dataclass(frozen=True)
class Pair:
    """reading: frustration, valence, arousal, one of LABELS or a nuance; lower, higher: the two messages."""

    split: str
    phenomenon: str
    reading: str
    lower: str
    higher: str


@dataclass(frozen=True)
class PairFigures:
    """pairs: how many. ordered: share in the right order. by_phenomenon: name → (pairs, ordered).

    calm_below, frustrated_above: of pairs of frustration, the share of messages on their side of 0.4; None without.
    """

    pairs: int
    ordered: float
    by_phenomenon: dict[str, tuple[int, float]]
    calm_below: float | None
    frustrated_above: float | None


def read_pairs(path: Path, split: str | None = None) -> list[Pair]:
    """Lines of split, phenomenon, reading, lower and higher, tab-separated; # a comment. Raises: TrainingError."""
    if not path.is_file():
        raise TrainingError(f"{path} is missing; expected minimal pairs, five columns, tab-separated.")
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 5 or columns[0] not in SPLITS:
            raise TrainingError(
                f"{path.name} line {number}: expected dev or test, phenomenon, reading and two messages, tab-separated."
            )
        pairs.append(Pair(*columns))
    return [pair for pair in pairs if split in (None, pair.split)]


def measure_pairs(score: Score, pairs: Sequence[Pair]) -> PairFigures:
    """Score both messages of every pair without a talk around them."""
    values = [
        (reading_of(score(pair.lower), pair.reading), reading_of(score(pair.higher), pair.reading)) for pair in pairs
    ]
    ordered = np.array([lower < higher for lower, higher in values])
    kinds = np.array([pair.phenomenon for pair in pairs])
    cues = [value for pair, value in zip(pairs, values, strict=True) if pair.reading == "frustration"]
    calm, hot = (np.array(side) for side in zip(*cues, strict=True)) if cues else (None, None)
    return PairFigures(
        pairs=len(pairs),
        ordered=float(ordered.mean()),
        by_phenomenon={
            kind: (int((kinds == kind).sum()), float(ordered[kinds == kind].mean()))
            for kind in dict.fromkeys(kinds.tolist())
        },
        calm_below=None if calm is None else float((calm < 0.4).mean()),
        frustrated_above=None if hot is None else float((hot >= 0.4).mean()),
    )


def reading_of(score: ModalityScore | Absent, reading: str) -> float:
    """One number of a score by its name; what is absent is 0. Raises: TrainingError for a name that is none."""
    if isinstance(score, Absent):
        return 0.0
    if reading in LABELS:
        return score.probabilities[LABELS.index(reading)]
    named = {"frustration": score.frustration_cue, "valence": score.valence, "arousal": score.arousal}
    value = named.get(reading, score.nuances.get(reading))
    if value is None:
        raise TrainingError(f"{reading} is no reading of a text score; expected frustration, valence, arousal, ...")
    return value
