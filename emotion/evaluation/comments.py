"""Comments with several labels at once: GoEmotions, grouped to the seven labels of the product."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.evaluation.metrics import (
    COVERAGE,
    HIGH_AROUSAL,
    Metrics,
    area_under_curve,
    error_at_coverage,
    expected_calibration_error,
    multilabel_f1,
)
from emotion.evaluation.result import Evaluation
from vocabulary import LABELS


def evaluate_comments(
    probabilities: NDArray[Any],
    truth: NDArray[Any],
    thresholds: Sequence[float],
    *,
    shares: NDArray[Any] | None = None,
    model: str,
    split: str,
    more: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Figures over comments.

    probabilities: chance of each label by itself, shape (n, 7), a row of zeros where the scorer is absent.
    truth: 0/1, shape (n, 7). thresholds: 7, fitted on other comments than these.
    shares: what the scorer's probabilities are, shape (n, 7), rows summing to 1, where they are other numbers than the
    chances: the top label and how sure it is come from them.
    accuracy: how often the top label is one of the comment's. recall, macro_f1: of the labels that reach their
    threshold. high_arousal_auc: comments with anger, fear or disgust against those that are only neutral.
    """
    chances, true = np.asarray(probabilities, dtype=np.float64), np.asarray(truth, dtype=bool)
    macro_f1, f1 = multilabel_f1(chances, true, thresholds, LABELS)
    said = chances >= np.asarray(thresholds)
    present = [label for at, label in enumerate(LABELS) if true[:, at].any()]
    recall = {label: float(said[true[:, LABELS.index(label)], LABELS.index(label)].mean()) for label in present}
    answers = chances if shares is None else np.asarray(shares, dtype=np.float64)
    top = answers.argmax(axis=1)
    right = true[np.arange(len(top)), top]
    sure = answers.max(axis=1)
    high = np.asarray(true[:, [LABELS.index(label) for label in HIGH_AROUSAL]].any(axis=1))
    low = true[:, LABELS.index("neutral")] & (true.sum(axis=1) == 1)
    either = np.asarray(high | low)
    score = chances[:, [LABELS.index(label) for label in HIGH_AROUSAL]].max(axis=1)
    metrics = Metrics(
        n=len(true),
        classes=tuple(present),
        left_out={},
        accuracy=float(right.mean()),
        uar=float(np.mean(list(recall.values()))),
        recall=recall,
        macro_f1=macro_f1,
        anger_auc=area_under_curve(chances[:, LABELS.index("anger")], true[:, LABELS.index("anger")]),
        high_arousal_auc=area_under_curve(score[either], high[either]),
        ece=expected_calibration_error(sure, right),
        error=float(1.0 - right.mean()),
        error_at_70_coverage=error_at_coverage(sure, right, COVERAGE),
    )
    details = {"f1": f1, "thresholds": [round(float(one), 4) for one in thresholds], **(more or {})}
    return Evaluation(corpus="goemotions", model=model, split=split, n=metrics.n, metrics=metrics, more=details)
