"""What a text scorer is worth on GoEmotions: seven labels, several of which a comment may have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from emotion.evaluation.metrics import error_at_coverage, expected_calibration_error, multilabel_f1
from emotion.text.affect import GOEMOTIONS
from emotion.text.cues import read_cues
from emotion.text.language import is_english
from emotion.text.reading import NUANCES, TextReading, sigmoid
from emotion.text.scorer import TextScorer
from emotion.text.tokens import excerpt
from emotion.training.text.examples import comment_valence, ekman_labels, sentiment
from emotion.training.text.goemotions import Comments, load_comments
from vocabulary import LABELS

COVERAGE: Final = 0.7

Read = Callable[[str], TextReading]


@dataclass(frozen=True)
class GoEmotionsFigures:
    """On one split. n: comments. macro_f1, f1: multi-label over seven labels, thresholds chosen on dev.

    top_right: share of comments whose most probable label is among theirs. ece: of that label's probability, 15 bins.
    error: 1 - top_right; error_at_70_coverage: among the 70 % surest. nuance_ece: of each nuance's chance.
    sentiment_right: share of comments whose broad sentiment (3) is that of their labels. groups: n, macro_f1 and
    top_right for kinds of comments. absent: comments that score() refuses (not in English, no words).
    probabilities: (n, 7), rows summing to 1; chances: (n, 7), each label's own; truth: (n, 7), 0/1.
    """

    n: int
    macro_f1: float
    f1: Mapping[str, float]
    top_right: float
    ece: float
    error: float
    error_at_70_coverage: float
    nuance_ece: Mapping[str, float]
    sentiment_right: float
    groups: Mapping[str, Mapping[str, float]]
    absent: int
    probabilities: NDArray[np.float64]
    chances: NDArray[np.float64]
    truth: NDArray[np.float32]

    def more(self) -> dict[str, Any]:
        """What is not in `emotion.evaluation.metrics.Metrics`."""
        names = ("nuance_ece", "sentiment_right", "groups", "absent")
        return {name: value for name, value in vars(self).items() if name in names}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, without the arrays."""
        return {name: value for name, value in vars(self).items() if name not in ("probabilities", "chances", "truth")}


def evaluate_goemotions(
    folder: Path,
    split: str,
    scorer: TextScorer,
    *,
    thresholds: Sequence[float] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> GoEmotionsFigures:
    """Read every comment by itself, as a first message. folder: holds original/. thresholds: seven, [0, 1], of another
    split; None for the model's own. Comments that score() would call absent are read all the same and counted.

    Raises: TrainingError.
    """
    comments = load_comments(folder, split)
    readings = read_comments(comments, lambda text: scorer.read(text, read_cues(text)), progress=progress)
    return comment_figures(comments, readings, scorer.thresholds if thresholds is None else thresholds)


def read_comments(
    comments: Comments, read: Read, *, progress: Callable[[int, int], None] | None = None
) -> list[TextReading]:
    """One reading for each comment, in order."""
    readings = []
    for at, text in enumerate(comments.texts):
        if progress and at % 500 == 0:
            progress(at, len(comments.texts))
        readings.append(read(excerpt(text)))
    return readings


def comment_figures(
    comments: Comments, readings: Sequence[TextReading], thresholds: Sequence[float]
) -> GoEmotionsFigures:
    """See GoEmotionsFigures. Raises: TrainingError for readings without labels."""
    if any(reading.probabilities is None or reading.ekman is None for reading in readings):
        raise TrainingError("the scorer gives no emotion labels; configure an engine of emotions, or none.")
    truth = ekman_labels(comments.multi)
    probabilities = np.stack([reading.probabilities for reading in readings if reading.probabilities is not None])
    chances = np.stack([reading.ekman for reading in readings if reading.ekman is not None])
    top = probabilities.argmax(axis=1)
    right = truth[np.arange(len(top)), top] > 0
    macro, each = multilabel_f1(chances, truth > 0, thresholds, LABELS)
    sure = probabilities.max(axis=1)
    groups = {}
    for name, inside in comment_groups(comments).items():
        if not inside.any():
            continue
        part, _ = multilabel_f1(chances[inside], truth[inside] > 0, thresholds, LABELS)
        groups[name] = {"n": int(inside.sum()), "macro_f1": part, "top_right": float(right[inside].mean())}
    return GoEmotionsFigures(
        n=len(top),
        macro_f1=macro,
        f1=each,
        top_right=float(right.mean()),
        ece=expected_calibration_error(sure, right),
        error=float(1.0 - right.mean()),
        error_at_70_coverage=error_at_coverage(sure, right, COVERAGE),
        nuance_ece={name: _nuance_ece(comments, readings, name) for name in NUANCES},
        sentiment_right=_sentiment_right(comments, readings),
        groups=groups,
        absent=sum(not is_english(text) for text in comments.texts),
        probabilities=probabilities,
        chances=chances,
        truth=truth,
    )


def comment_groups(comments: Comments) -> dict[str, NDArray[np.bool_]]:
    """Kinds of comments that a model may be worse for: length, and marks of informal or non-standard English."""
    words = [text.lower().replace("’", "'").split() for text in comments.texts]
    length = np.array([len(row) for row in words])
    informal = np.array([bool(_INFORMAL & {word.strip(".,!?") for word in row}) for row in words])
    several = comments.soft.max(axis=1) < 1.0
    return {
        "up to 5 words": length <= 5,
        "6 to 20 words": (length > 5) & (length <= 20),
        "more than 20 words": length > 20,
        "informal or dialect spelling": informal,
        "several labels": several,
    }


_INFORMAL: Final = frozenset(
    [
        "ain't",
        "gonna",
        "wanna",
        "gotta",
        "y'all",
        "yall",
        "dat",
        "dis",
        "da",
        "dey",
        "dem",
        "finna",
        "bruh",
        "bro",
        "u",
        "ur",
        "r",
        "thx",
        "plz",
        "pls",
        "cuz",
        "cos",
        "coz",
        "lol",
        "lmao",
        "smh",
        "tbh",
        "imo",
        "idk",
        "nah",
        "yep",
        "yup",
        "innit",
        "mate",
        "ya",
        "yo",
        "fam",
        "tryna",
        "ima",
        "imma",
        "aint",
        "dont",
        "cant",
        "didnt",
        "doesnt",
        "isnt",
        "wont",
        "im",
        "ive",
        "thats",
    ]
)


def choose_thresholds(chances: NDArray[np.float64]) -> list[float]:
    """For each label the threshold of the best F1 to be expected if the chances are true: shape (n, k) → k.

    Rare labels have too few comments in dev for the best F1 itself to be more than noise.
    Source: Z. C. Lipton et al. (2014), "Optimal thresholding of classifiers to maximize F1 measure", ECML.
    """
    down = -np.sort(-chances, axis=0)
    expected = 2.0 * np.cumsum(down, axis=0) / (np.arange(1, len(down) + 1)[:, None] + down.sum(axis=0))
    return [round(float(down[row, column]), 4) for column, row in enumerate(expected.argmax(axis=0))]


def fit_chance(logits: NDArray[np.float64], truth: NDArray[np.float32]) -> tuple[float, float]:
    """Slope and shift that turn a label's logit into its chance on these rows (Platt 1999), by Newton's steps."""
    x = np.stack([logits, np.ones_like(logits)], axis=1)
    weights = np.array([1.0, 0.0])

    def loss(at: NDArray[np.float64]) -> float:
        score = x @ at
        return float((np.logaddexp(0.0, score) - truth * score).sum())

    for _ in range(50):
        chance = sigmoid(x @ weights)
        curve = (x * (chance * (1.0 - chance))[:, None]).T @ x + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, x.T @ (chance - truth))
        # A whole step may overshoot where few comments have the label.
        while loss(weights - step) > loss(weights) and np.abs(step).max() > 1e-9:
            step = step / 2.0
        weights = weights - step
    return round(float(weights[0]), 4), round(float(weights[1]), 4)


def _nuance_ece(comments: Comments, readings: Sequence[TextReading], name: str) -> float:
    chance = np.array([reading.nuances.get(name, 0.0) for reading in readings])
    return expected_calibration_error(chance, comments.multi[:, GOEMOTIONS.index(name)] > 0)


def _sentiment_right(comments: Comments, readings: Sequence[TextReading]) -> float:
    told = np.stack([reading.sentiment for reading in readings if reading.sentiment is not None])
    true = sentiment(comment_valence(comments.multi))
    return float((_broad(told) == _broad(true)).mean())


def _broad(sentiments: NDArray[Any]) -> NDArray[np.intp]:
    sides = np.stack([sentiments[:, :2].sum(axis=1), sentiments[:, 2], sentiments[:, 3:].sum(axis=1)], axis=1)
    return np.asarray(sides.argmax(axis=1))
