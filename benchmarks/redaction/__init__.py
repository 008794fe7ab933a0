"""How much personal data the redaction finds, and what it takes for some: measured on written sentences."""

import re
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from privacy import Redactor

SETS: Final = ("test", "development")
_FOLDER: Final = Path(__file__).resolve().parent
_MARK: Final = re.compile(r"\[\[(?P<kind>[^:\]]+):(?P<text>.+?)\]\](?!\])")


@dataclass(frozen=True)
class Sentence:
    """text: without marks. private: (start, end, kind) of what is personal in it."""

    text: str
    private: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Miss:
    """What was not found, or only in part (found: False), or was taken for personal and is not (found: True)."""

    text: str
    piece: str
    kind: str
    found: bool


def sentences(name: str) -> list[Sentence]:
    """The sentences of a set: "test", which nothing was chosen with, or "development"."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_parsed(line) for line in lines if line.strip() and not line.startswith("#")]


def measure(given: Iterable[Sentence], redactor: Redactor) -> tuple[dict[str, Any], list[Miss]]:
    """Figures over all sentences, and everything that went wrong.

    recall: share of the personal pieces that are hidden whole; by kind as well. precision: share of the placeholders
    that stand for something personal, whatever they call it. named: share of those that call it right.
    """
    listed = list(given)
    misses: list[Miss] = []
    hidden: dict[str, list[bool]] = {}
    right: list[bool] = []
    named: list[bool] = []
    times: list[float] = []
    redactor.load()
    for sentence in listed:
        begun = time.perf_counter()
        spans = redactor.find(sentence.text)
        times.append((time.perf_counter() - begun) * 1000)
        for start, end, kind in sentence.private:
            whole = all(any(span.start <= at < span.end for span in spans) for at in _shown(sentence.text, start, end))
            hidden.setdefault(kind, []).append(whole)
            if not whole:
                misses.append(Miss(sentence.text, sentence.text[start:end], kind, False))
        for span in spans:
            over = [kind for start, end, kind in sentence.private if start < span.end and span.start < end]
            right.append(bool(over))
            if over:
                named.append(span.kind.value in over)
            else:
                misses.append(Miss(sentence.text, sentence.text[span.start : span.end], span.kind.value, True))
    every = [one for of_kind in hidden.values() for one in of_kind]
    figures = {
        "sentences": len(listed),
        "pieces": len(every),
        "recall": _share(every),
        "precision": _share(right),
        "named": _share(named),
        "recall_by_kind": {kind: f"{sum(found)}/{len(found)}" for kind, found in sorted(hidden.items())},
        "median_ms": round(statistics.median(times), 3),
        "slowest_ms": round(max(times), 3),
    }
    return figures, misses


def _parsed(line: str) -> Sentence:
    text, at, private = "", 0, []
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        private.append((len(text), len(text) + len(match["text"]), match["kind"]))
        text += match["text"]
        at = match.end()
    return Sentence(text + line[at:], tuple(private))


def _shown(text: str, start: int, end: int) -> list[int]:
    """The letters and digits of a piece: a bracket or a blank that stays gives nothing away."""
    return [at for at in range(start, end) if text[at].isalnum()]


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
