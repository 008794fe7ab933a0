"""What a scorer's probabilities are worth against true labels: the figures that every table of the product shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import EvaluationError
from vocabulary import LABELS

HIGH_AROUSAL: Final = ("anger", "fear", "disgust")
LOW_AROUSAL: Final = ("neutral", "calm")
"""The two sides of high_arousal_auc. "calm" is a class of some corpora and none of LABELS."""

FOUR: Final = ("anger", "happiness", "sadness", "neutral")
"""The classes of uar_4: those that nearly every corpus of acted speech has."""

COVERAGE: Final = 0.7


@dataclass(frozen=True)
class Metrics:
    """Figures over the clips, texts or images whose class the scorer knows; None where one does not apply.

    n: how many were counted. classes: those counted, in the order of LABELS. left_out: how many items of each
    class were not counted, because the scorer or LABELS lack it.
    accuracy, uar (unweighted mean of the recalls), macro_f1, recall by class: of the most probable counted class.
    anger_auc: probability of anger, anger against every other class of LABELS in the corpus.
    high_arousal_auc: anger, fear, disgust against neutral and calm, by the share of the first three in their and
    neutral's probability: what the scorer takes for sadness or joy says nothing about either side.
    uar_4: uar over FOUR alone.
    ece: expected calibration error of the top probability, 15 bins. error: 1 - accuracy.
    error_at_70_coverage: error among the 70 % with the highest top probability.
    """

    n: int
    classes: tuple[str, ...]
    left_out: Mapping[str, int]
    accuracy: float | None = None
    uar: float | None = None
    recall: Mapping[str, float] = field(default_factory=dict)
    macro_f1: float | None = None
    anger_auc: float | None = None
    high_arousal_auc: float | None = None
    uar_4: float | None = None
    ece: float | None = None
    error: float | None = None
    error_at_70_coverage: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "n": self.n,
            "classes": list(self.classes),
            "left_out": dict(self.left_out),
            "accuracy": self.accuracy,
            "uar": self.uar,
            "recall": dict(self.recall),
            "macro_f1": self.macro_f1,
            "anger_auc": self.anger_auc,
            "high_arousal_auc": self.high_arousal_auc,
            "uar_4": self.uar_4,
            "ece": self.ece,
            "error": self.error,
            "error_at_70_coverage": self.error_at_70_coverage,
        }


def measure(
    probabilities: NDArray[Any],
    truth: Sequence[str],
    *,
    known: Sequence[str] = LABELS,
    among: Sequence[str] = (),
) -> Metrics:
    """Compare probabilities with the truth.

    probabilities: shape (n, 7) in the order of LABELS. truth: n class names, any of the corpus's own. known: the
    labels that the scorer was trained on. A row counts when its class is in `known`; its probabilities are then
    those of the counted classes, shared out to sum to 1.
    among: classes that may be answered although no item here has them: those of the corpus that this is a part of.
    Raises: EvaluationError on other shapes, or when no class of the corpus is known.
    """
    scores = np.asarray(probabilities, dtype=np.float64)
    names = np.array(list(truth), dtype=object)
    if scores.shape != (len(names), len(LABELS)):
        raise EvaluationError(
            f"probabilities of shape {scores.shape} for {len(names)} items; expected ({len(names)}, {len(LABELS)})."
        )
    if not np.isfinite(scores).all():
        raise EvaluationError("probabilities contain NaN or infinity; expected values in [0, 1].")
    classes = tuple(label for label in LABELS if label in known and (names == label).any())
    if not classes:
        raise EvaluationError(
            f"no item has a class that the scorer knows: the corpus has {', '.join(sorted(set(names))) or 'nothing'}, "
            f"the scorer knows {', '.join(known)}."
        )
    counted = np.isin(names, classes)
    answers = tuple(label for label in LABELS if label in classes or label in among)
    rows, right_class = restrict(scores[counted], answers), _positions(names[counted], answers)
    chosen, confidence = rows.argmax(axis=1), rows.max(axis=1)
    right = chosen == right_class
    recall = {label: float(right[right_class == answers.index(label)].mean()) for label in classes}
    return Metrics(
        n=int(counted.sum()),
        classes=classes,
        left_out={str(name): int((names == name).sum()) for name in sorted(set(names[~counted]))},
        accuracy=float(right.mean()),
        uar=float(np.mean(list(recall.values()))),
        recall=recall,
        macro_f1=float(np.mean([_f1(chosen == at, right_class == at) for at in map(answers.index, classes)])),
        anger_auc=_anger_auc(scores, names),
        high_arousal_auc=_high_arousal_auc(scores, names),
        uar_4=_uar_4(scores, names, known),
        ece=expected_calibration_error(confidence, right),
        error=float(1.0 - right.mean()),
        error_at_70_coverage=error_at_coverage(confidence, right, COVERAGE),
    )


def by_group(
    probabilities: NDArray[Any],
    truth: Sequence[str],
    groups: Sequence[str],
    *,
    known: Sequence[str] = LABELS,
) -> dict[str, Metrics]:
    """The same figures for each group of items apart (sex, actor, ...); groups without a known class are left out."""
    of_corpus = [label for label in known if label in set(truth)]
    found: dict[str, Metrics] = {}
    for group in sorted(set(groups)):
        inside = np.array([name == group for name in groups])
        picked = [name for name, take in zip(truth, inside, strict=True) if take]
        if set(picked) & set(known):
            found[group] = measure(np.asarray(probabilities)[inside], picked, known=of_corpus, among=of_corpus)
    return found


def restrict(scores: NDArray[Any], classes: Sequence[str]) -> NDArray[np.float64]:
    """The probabilities of some classes alone, shared out to sum to 1: shape (n, 7) → (n, len(classes))."""
    rows = scores[:, [LABELS.index(label) for label in classes]]
    total = rows.sum(axis=1, keepdims=True)
    # A scorer that gives these classes nothing at all does not know which it is.
    return np.where(total > 0, rows / np.where(total > 0, total, 1.0), 1.0 / len(classes))


def area_under_curve(score: NDArray[Any], positive: NDArray[np.bool_]) -> float | None:
    """Chance that a positive has a higher score than a negative, ties half; None with one side empty.

    Source: the rank-sum statistic, J. A. Hanley and B. J. McNeil (1982), Radiology 143.

    >>> area_under_curve(np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False]))
    0.875
    """
    score, positive = np.asarray(score, dtype=np.float64), np.asarray(positive, dtype=bool)
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if not n_positive or not n_negative:
        return None
    _, which, counts = np.unique(score, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2.0
    rank_sum = float(mean_rank[which][positive].sum())
    return (rank_sum - n_positive * (n_positive + 1) / 2.0) / (n_positive * n_negative)


def expected_calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], *, bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by their size.

    Source: C. Guo et al. (2017), "On calibration of modern neural networks", ICML.

    >>> expected_calibration_error(np.array([0.75] * 4), np.array([True, True, True, False]))
    0.0
    """
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = 0.0
    for index in np.unique(which):
        inside = which == index
        gap += inside.mean() * abs(float(confidence[inside].mean()) - float(right[inside].mean()))
    return float(gap)


def error_at_coverage(confidence: NDArray[Any], right: NDArray[np.bool_], coverage: float) -> float:
    """Share of wrong answers among the most confident: the first ceil(coverage × n).

    Items of equal confidence at the edge count by their share, so that no order of the items matters.

    >>> error_at_coverage(np.array([0.9, 0.8, 0.3, 0.2]), np.array([True, True, True, False]), 0.75)
    0.0
    """
    confidence, wrong = np.asarray(confidence, dtype=np.float64), ~np.asarray(right, dtype=bool)
    kept = int(np.ceil(coverage * confidence.size - 1e-9))
    edge = np.sort(confidence)[::-1][kept - 1]
    above, at_edge = confidence > edge, confidence == edge
    return float((wrong[above].sum() + (kept - above.sum()) * wrong[at_edge].mean()) / kept)


def multilabel_f1(
    probabilities: NDArray[Any], truth: NDArray[np.bool_], thresholds: Sequence[float], names: Sequence[str]
) -> tuple[float, dict[str, float]]:
    """Macro-F1 and F1 by class of a multi-label task; a label is said where its probability reaches its threshold.

    probabilities, truth: shape (n, k). thresholds, names: k, chosen on other data than this.
    """
    said = np.asarray(probabilities) >= np.asarray(thresholds)
    each = {name: _f1(said[:, at], np.asarray(truth)[:, at]) for at, name in enumerate(names)}
    return float(np.mean(list(each.values()))), each


def _positions(names: NDArray[Any], classes: Sequence[str]) -> NDArray[np.intp]:
    return np.array([classes.index(name) for name in names], dtype=np.intp)


def _f1(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    both, either = int((said & true).sum()), int(said.sum() + true.sum())
    return 2.0 * both / either if either else 0.0


def _anger_auc(scores: NDArray[np.float64], names: NDArray[Any]) -> float | None:
    ours = np.isin(names, LABELS)
    return area_under_curve(scores[ours, LABELS.index("anger")], names[ours] == "anger")


def _high_arousal_auc(scores: NDArray[np.float64], names: NDArray[Any]) -> float | None:
    sides = restrict(scores, (*HIGH_AROUSAL, "neutral"))
    either = np.isin(names, HIGH_AROUSAL + LOW_AROUSAL)
    return area_under_curve(1.0 - sides[either, -1], np.isin(names[either], HIGH_AROUSAL))


def _uar_4(scores: NDArray[np.float64], names: NDArray[Any], known: Sequence[str]) -> float | None:
    if not all(label in known and (names == label).any() for label in FOUR):
        return None
    inside = np.isin(names, FOUR)
    chosen, true = restrict(scores[inside], FOUR).argmax(axis=1), _positions(names[inside], FOUR)
    return float(np.mean([(chosen[true == at] == at).mean() for at in range(len(FOUR))]))
