"""Two pictures of an evaluation side by side: who is taken for whom, and whether confidence means what it says."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import EvaluationError
from emotion.evaluation.canvas import INK, Canvas, Colour, check_ending
from emotion.evaluation.metrics import restrict
from emotion.evaluation.result import Evaluation

_SIDE: Final = 360  # of each picture, px
_MARGIN: Final = 90
_RIGHT: Final = 2 * _MARGIN + _SIDE + 40
_BINS: Final = 10
_BLUE: Final[Colour] = (31, 95, 139)
_WHITE: Final[Colour] = (255, 255, 255)


def draw(evaluation: Evaluation, path: Path) -> None:
    """Write the pictures to `path` (.svg or .png).

    Left: rows are the truth, and each sums to 1. Right: for ten bins of confidence, how often the answer was right;
    a dot's area is its share of the items, and calibrated dots lie on the line.
    Raises: EvaluationError for a corpus without classes, or another ending.
    """
    check_ending(path)
    if evaluation.scored is None or evaluation.metrics is None:
        raise EvaluationError(f"{evaluation.corpus} has no classes to draw. Leave --plot out.")
    classes = evaluation.metrics.classes
    truth = np.array(evaluation.scored.truth, dtype=object)
    counted = np.isin(truth, classes)
    rows = restrict(evaluation.scored.probabilities[counted], classes)
    right_class = np.array([classes.index(name) for name in truth[counted]])
    said = rows.argmax(axis=1)
    canvas = Canvas(_RIGHT + _SIDE + _MARGIN, 2 * _MARGIN + _SIDE)
    canvas.text(_MARGIN, 28, f"{evaluation.corpus}, {evaluation.split}", size=15)
    canvas.text(_MARGIN, 50, f"{evaluation.model}, n = {len(right_class)}", size=12)
    _draw_confusion(canvas, confusion(said, right_class, len(classes)), classes)
    _draw_reliability(canvas, rows.max(axis=1), said == right_class)
    canvas.save(path)


def confusion(said: NDArray[np.intp], true: NDArray[np.intp], k: int) -> NDArray[np.float64]:
    """Share of each true class (row) that each class (column) was said for: shape (k, k), rows summing to 1."""
    counts = np.zeros((k, k))
    np.add.at(counts, (true, said), 1)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def _draw_confusion(canvas: Canvas, shares: NDArray[np.float64], classes: Sequence[str]) -> None:
    cell = _SIDE / len(classes)
    canvas.text(_MARGIN + _SIDE / 2, _MARGIN - 10, "taken for", anchor="middle", size=12)
    for row, name in enumerate(classes):
        middle = _MARGIN + (row + 0.5) * cell
        canvas.text(_MARGIN - 8, middle + 4, name, anchor="end")
        canvas.text(middle, _MARGIN + _SIDE + 18, name, anchor="middle", size=10)
        for column in range(len(classes)):
            share = float(shares[row, column])
            fill: Colour = (_shade(share, _BLUE[0]), _shade(share, _BLUE[1]), _shade(share, _BLUE[2]))
            x = _MARGIN + column * cell
            canvas.rect(x, middle - cell / 2, cell, cell, fill=fill)
            ink = _WHITE if share > 0.5 else INK
            canvas.text(x + cell / 2, middle + 4, f"{share:.2f}", anchor="middle", ink=ink)


def _shade(share: float, part: int) -> int:
    return round(255 - share * (255 - part))


def _draw_reliability(canvas: Canvas, confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    bottom = _MARGIN + _SIDE
    canvas.text(_RIGHT + _SIDE / 2, _MARGIN - 10, "share of right answers", anchor="middle", size=12)
    canvas.text(_RIGHT + _SIDE / 2, bottom + 38, "confidence", anchor="middle", size=12)
    canvas.rect(_RIGHT, _MARGIN, _SIDE, _SIDE, fill=None, line=INK)
    canvas.line(_RIGHT, bottom, _RIGHT + _SIDE, _MARGIN)
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.text(_RIGHT - 8, bottom - _SIDE * tick + 4, f"{tick:.2f}", anchor="end", size=10)
        canvas.text(_RIGHT + _SIDE * tick, bottom + 18, f"{tick:.2f}", anchor="middle", size=10)
    which = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    for index in np.unique(which):
        inside = which == index
        canvas.dot(
            _RIGHT + _SIDE * float(confidence[inside].mean()),
            bottom - _SIDE * float(right[inside].mean()),
            2.0 + 24.0 * float(np.sqrt(inside.mean())),
            fill=_BLUE,
        )
