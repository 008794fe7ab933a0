"""Service language for training: what GoEmotions, being Reddit, does not have."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from emotion.text.affect import GOEMOTIONS, GROUPS
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
_VALENCE: Final = {"neutral": 0.0, "happiness": 0.7, "sadness": -0.6, "disgust": -0.7, "fear": -0.5, "surprise": 0.0}
_NUANCES: Final = ("none", "annoyance", "disappointment", "confusion", "gratitude")
_THANKS: Final = re.compile(r"\b(?:thank|thx|cheers|appreciat|grateful|obliged)", re.IGNORECASE)
_UNSURE: Final = re.compile(
    r"\b(?:not sure|(?:don't|do not|didn't) (?:know|understand|get)|no idea|confus|unclear"
    r"|what (?:does|do you) |how (?:does|do) )",
    re.IGNORECASE,
)

_SHOUTED: Final = 0.12  # what capitals or "!!!" add to the frustration of a message that is not happy
_CROSS_SIGNS: Final = ("😡", "😠", "😤", "🤬", "🙄", "👎", "😒", ":(", ">:(")
_GLAD_SIGNS: Final = ("😊", "🙂", "👍", "🎉", "❤️", ":)", "😀", "🙏")
_HESITATIONS: Final = ("um, ", "uh, ", "hmm... ", "er, well, ", "um… ", "well... ")


class _Row(NamedTuple):
    frustration: float
    label: str
    nuance: str
    text: str


@dataclass(frozen=True)
class Phrases:
    """soft: shape (n, 7), rows summing to 1. frustration: shape (n,), in [0, 1]. valence: shape (n,), in [-1, 1].

    multi, known: shape (n, 28), in the order of GOEMOTIONS: the target, and 1 where the phrase says anything about it.
    """

    texts: tuple[str, ...]
    soft: NDArray[np.float32]
    frustration: NDArray[np.float32]
    valence: NDArray[np.float32]
    multi: NDArray[np.float32]
    known: NDArray[np.float32]

    def first(self, number: int) -> "Phrases":
        """The first so many of them."""
        return Phrases(*(values[:number] for values in vars(self).values()))


def write_phrases(seed: int, *, fillings: int = 2, combinations: int = 3000) -> Phrases:
    """All phrases with their gaps filled, requests combined with clauses that colour them, and written in other ways.

    A combination is as frustrated as its most frustrated part: a polite request before an outburst
    does not calm it, and a problem stated calmly stays calm.
    """
    rng = np.random.default_rng(seed)
    phrases = [*_read("service_phrases.tsv"), *_read("service_nuances.tsv")]
    clauses = _read("service_clauses.tsv")
    rows: list[_Row] = []
    for row in phrases:
        rows.extend(row._replace(text=_fill(row.text, rng)) for _ in range(fillings if "{" in row.text else 1))
    # Phrases of one emotion are few beside the combinations: each is seen again, written in another way.
    rows += [_rewritten(row, rng) for row in rows for _ in range(2)]
    requests = [row for row in phrases if row.label == "neutral"]
    hot = [row for row in (*clauses, *phrases) if row.frustration >= 0.5]
    cool = [row for row in clauses if row.frustration < 0.5]
    for _ in range(combinations):
        draw = rng.random()
        first = requests[rng.integers(len(requests))]
        pool = hot if draw < 0.45 else cool if draw < 0.85 else requests
        second = pool[rng.integers(len(pool))]
        pair = [first, second] if rng.random() < 0.6 else [second, first]
        leading = max(pair, key=lambda row: row.frustration)
        joined = leading._replace(text=" ".join(_fill(row.text, rng) for row in pair))
        rows.append(_rewritten(joined, rng) if rng.random() < 0.2 else joined)
    # Customers write without capitals and full stops, too.
    rows += [
        row._replace(text=row.text.lower().rstrip(".")) for row in rows if rng.random() < 0.3 and not row.text.isupper()
    ]
    soft = np.zeros((len(rows), len(LABELS)), dtype=np.float32)
    multi = np.zeros((len(rows), len(GOEMOTIONS)), dtype=np.float32)
    known = np.zeros_like(multi)
    for index, row in enumerate(rows):
        for name, mass in _SOFT[row.label].items():
            soft[index, LABELS.index(name)] = mass
        for name, value in _fine_targets(row).items():
            multi[index, GOEMOTIONS.index(name)], known[index, GOEMOTIONS.index(name)] = value, 1.0
    return Phrases(
        tuple(row.text for row in rows),
        soft,
        np.array([row.frustration for row in rows], dtype=np.float32),
        np.array([_VALENCE.get(row.label, -0.3 - 0.55 * row.frustration) for row in rows], dtype=np.float32),
        multi,
        known,
    )


def _fine_targets(row: _Row) -> dict[str, float]:
    """What a phrase says about GoEmotions' labels; those that it leaves open are missing."""
    absent = {"anger", "annoyance", "disappointment", "disgust", "sadness", "grief", "remorse"}
    if row.label == "neutral":
        targets = dict.fromkeys(set(GOEMOTIONS) - {"curiosity", "approval", "desire", "gratitude"}, 0.0)
        targets["neutral"] = 1.0
        # A plain question is no confusion, and one that may be says nothing about it.
        if _UNSURE.search(row.text):
            del targets["confusion"]
    elif row.label == "happiness":
        targets = dict.fromkeys(absent | {"confusion", "neutral"}, 0.0)
        targets["gratitude"] = float(row.nuance == "gratitude" or bool(_THANKS.search(row.text)))
    elif row.label == "surprise":
        targets = dict.fromkeys(absent | set(GROUPS["happiness"]), 0.0)
    else:
        targets = dict.fromkeys((*GROUPS["happiness"], "neutral"), 0.0)
        if row.label == "anger":
            targets |= {"annoyance": min(1.0, 0.4 + row.frustration), "confusion": 0.0}
        elif row.label == "sadness" and row.nuance != "none":
            targets |= {"disappointment": 0.9, "confusion": 0.0}
    if row.nuance != "none":
        targets[row.nuance] = 1.0
    return targets


def _rewritten(row: _Row, rng: np.random.Generator) -> _Row:
    """The same message shouted, underlined, with a sign of feeling or with hesitation."""
    glad, cross = row.label == "happiness", row.frustration >= 0.4
    way = rng.integers(5)
    louder = row.frustration if glad else min(1.0, row.frustration + _SHOUTED)
    if way == 0:
        return row._replace(text=row.text.upper(), frustration=louder)
    if way == 1:
        return row._replace(text=row.text.rstrip(".!") + "!!!", frustration=louder)
    if way == 2 and (glad or (row.frustration == 0.0 and rng.random() < 0.5)):
        return row._replace(text=f"{row.text} {_GLAD_SIGNS[rng.integers(len(_GLAD_SIGNS))]}")
    if way == 2 and not glad:
        sign = _CROSS_SIGNS[rng.integers(len(_CROSS_SIGNS))]
        return _Row(max(0.5, louder), "anger", "annoyance", f"{row.text} {sign}")
    if way == 3 and not cross:
        hesitant = _HESITATIONS[rng.integers(len(_HESITATIONS))] + row.text[:1].lower() + row.text[1:]
        return row._replace(text=hesitant, nuance="confusion" if row.label == "neutral" else row.nuance)
    return row._replace(text=row.text.lower().rstrip("."))


def _read(name: str) -> list[_Row]:
    rows = []
    for number, line in enumerate((_FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            frustration, label, *nuance, text = line.split("\t")
            row = _Row(float(frustration), label, nuance[0] if nuance else "none", text)
        except ValueError:
            raise TrainingError(
                f"{name} line {number}: expected frustration, emotion, perhaps a nuance, and text, tab-separated."
            ) from None
        for value, allowed in ((row.label, LABELS), (row.nuance, _NUANCES)):
            if value not in allowed:
                raise TrainingError(f"{name} line {number}: {value}; expected one of {', '.join(allowed)}.")
        rows.append(row)
    return rows


def _fill(text: str, rng: np.random.Generator) -> str:
    for gap, fillers in _FILLERS.items():
        while gap in text:
            text = text.replace(gap, fillers[rng.integers(len(fillers))], 1)
    return text
