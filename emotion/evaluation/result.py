"""What one evaluation found, in the one shape that `attune emotion evaluate` prints for every corpus."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.evaluation.corpora.item import Skipped
from emotion.evaluation.metrics import Metrics, by_group, measure

Progress = Callable[[str, int, int], None]
"""Told (what is done, how many are done, of how many); for a line on the terminal."""


def silent(what: str, done: int, of: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Scored:
    """A scorer's answers on a corpus. probabilities: (n, 7).

    groups: by kind of group ("sex", "speaker", ...), the group of each item; "" where it is not known.
    """

    probabilities: NDArray[np.float64]
    truth: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """metrics: None for a corpus without classes (uss). split: which part was scored by a model that saw what.

    scored: the answers behind the figures, for pictures; of one order with `online`.
    """

    corpus: str
    model: str
    split: str
    n: int
    metrics: Metrics | None = None
    groups: Mapping[str, Mapping[str, Metrics]] = field(default_factory=dict)
    dissatisfied_auc: float | None = None
    skipped: Skipped = field(default_factory=Skipped)
    more: Mapping[str, Any] = field(default_factory=dict)
    scored: Scored | None = None

    def to_dict(self) -> dict[str, Any]:
        """Every key for every corpus; null where a figure does not apply."""
        figures = (self.metrics or Metrics(self.n, (), {})).to_dict()
        return {
            "corpus": self.corpus,
            "model": self.model,
            "split": self.split,
            **figures,
            "n": self.n,
            "dissatisfied_auc": self.dissatisfied_auc,
            "groups": {
                kind: {name: _short(metrics) for name, metrics in found.items()} for kind, found in self.groups.items()
            },
            "skipped": {"count": len(self.skipped), **self.skipped.to_dict()},
            **self.more,
        }


def judge(scored: Scored, known: Sequence[str]) -> tuple[Metrics, dict[str, dict[str, Metrics]]]:
    """The figures over all items, and over each group apart. Raises: EvaluationError."""
    whole = measure(scored.probabilities, scored.truth, known=known)
    groups: dict[str, dict[str, Metrics]] = {}
    for kind, names in scored.groups.items():
        found = by_group(scored.probabilities, scored.truth, names, known=known)
        found.pop("", None)
        if len(found) > 1:
            groups[kind] = found
    return whole, groups


def evaluation_of(
    scored: Scored, known: Sequence[str], *, corpus: str, model: str, split: str, skipped: Skipped
) -> Evaluation:
    """One pass over a corpus, judged. known: labels that the scorer was trained on. Raises: EvaluationError."""
    metrics, groups = judge(scored, known)
    return Evaluation(
        corpus=corpus,
        model=model,
        split=split,
        n=metrics.n,
        metrics=metrics,
        groups=groups,
        skipped=skipped,
        scored=scored,
    )


def mean_metrics(several: Sequence[Metrics]) -> Metrics:
    """The mean of each figure over repetitions of one evaluation; None where it is None in one of them."""
    first = several[0]
    names = (
        "accuracy",
        "uar",
        "macro_f1",
        "anger_auc",
        "high_arousal_auc",
        "uar_4",
        "ece",
        "error",
        "error_at_70_coverage",
    )
    means = {name: _mean([getattr(one, name) for one in several]) for name in names}
    recall = {
        label: float(np.mean([one.recall[label] for one in several]))
        for label in first.classes
        if all(label in one.recall for one in several)
    }
    n = round(float(np.mean([one.n for one in several])))
    return replace(first, n=n, recall=recall, **means)  # type: ignore[arg-type]


def _mean(values: Sequence[float | None]) -> float | None:
    present = [value for value in values if value is not None]
    return float(np.mean(present)) if present and len(present) == len(values) else None


def _short(metrics: Metrics) -> dict[str, Any]:
    return {"n": metrics.n, "accuracy": metrics.accuracy, "uar": metrics.uar, "anger_auc": metrics.anger_auc}
