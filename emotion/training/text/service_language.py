"""Service language for training: what GoEmotions, being Reddit, does not have."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from vocabulary import LABELS

_FOLDER: Final = Path(__file__).parent
_FILLERS: Final = {
    "{item}": (
        "kettle",
        "washing machine",
        "toaster",
        "vacuum cleaner",
        "fridge",
        "headphones",
        "coffee machine",
        "phone",
        "television",
        "iron",
        "blender",
        "router",
        "oven",
        "lamp",
    ),
    "{number}": ("417203", "400518", "#481120", "455 019", "490377"),
    "{time}": (
        "three weeks ago",
        "last Monday",
        "two days ago",
        "yesterday",
        "last week",
        "ten days ago",
        "on Tuesday",
    ),
}

# How a label's mass is spread: service anger is mostly anger, never certain.
_SOFT: Final = {
    "anger": {"anger": 0.85, "disgust": 0.05, "sadness": 0.1},
    "disgust": {"disgust": 0.7, "anger": 0.3},
    "fear": {"fear": 0.9, "neutral": 0.1},
    "happiness": {"happiness": 0.95, "neutral": 0.05},
    "sadness": {"sadness": 0.8, "anger": 0.1, "neutral": 0.1},
    "surprise": {"surprise": 0.9, "neutral": 0.1},
    "neutral": {"neutral": 0.95, "surprise": 0.05},
}


@dataclass(frozen=True)
class Phrases:
    """soft: shape (n, 7), rows summing to 1. frustration: shape (n,), in [0, 1]."""

    texts: tuple[str, ...]
    soft: NDArray[np.float32]
    frustration: NDArray[np.float32]


def write_phrases(seed: int, *, fillings: int = 2, combinations: int = 3000) -> Phrases:
    """All phrases with their gaps filled, and requests combined with the clauses that colour them.

    A combination is as frustrated as its most frustrated part: a polite request before an outburst
    does not calm it, and a problem stated calmly stays calm.
    """
    rng = np.random.default_rng(seed)
    phrases, clauses = _read("service_phrases.tsv"), _read("service_clauses.tsv")
    rows: list[tuple[float, str, str]] = []
    for frustration, label, text in phrases:
        rows.extend((frustration, label, _fill(text, rng)) for _ in range(fillings if "{" in text else 1))
    requests = [row for row in phrases if row[1] == "neutral"]
    hot = [row for row in (*clauses, *phrases) if row[0] >= 0.5]
    cool = [row for row in clauses if row[0] < 0.5]
    for _ in range(combinations):
        draw = rng.random()
        first = requests[rng.integers(len(requests))]
        pool = hot if draw < 0.45 else cool if draw < 0.85 else requests
        second = pool[rng.integers(len(pool))]
        pair = [first, second] if rng.random() < 0.6 else [second, first]
        leading = max(pair, key=lambda row: row[0])
        rows.append((leading[0], leading[1], " ".join(_fill(text, rng) for _, _, text in pair)))
    # Customers write without capitals and full stops, too.
    rows += [
        (frustration, label, text.lower().rstrip("."))
        for frustration, label, text in rows
        if rng.random() < 0.3 and not text.isupper()
    ]
    soft = np.zeros((len(rows), len(LABELS)), dtype=np.float32)
    for row, (_, label, _) in enumerate(rows):
        for name, mass in _SOFT[label].items():
            soft[row, LABELS.index(name)] = mass
    return Phrases(
        tuple(text for _, _, text in rows),
        soft,
        np.array([frustration for frustration, _, _ in rows], dtype=np.float32),
    )


def _read(name: str) -> list[tuple[float, str, str]]:
    rows = []
    for number, line in enumerate((_FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            frustration, label, text = line.split("\t")
            rows.append((float(frustration), label, text))
        except ValueError:
            raise TrainingError(
                f"{name} line {number}: expected frustration, emotion and text, tab-separated."
            ) from None
        if label not in LABELS:
            raise TrainingError(f"{name} line {number}: emotion {label}; expected one of {', '.join(LABELS)}.")
    return rows


def _fill(text: str, rng: np.random.Generator) -> str:
    for gap, fillers in _FILLERS.items():
        while gap in text:
            text = text.replace(gap, fillers[rng.integers(len(fillers))], 1)
    return text
