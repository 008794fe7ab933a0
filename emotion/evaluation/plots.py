"""Two pictures of an evaluation side by side: who is taken for whom, and whether confidence means what it says.

Drawn here as SVG, so that no plotting library is needed: docs/decisions/0095-how-emotion-is-measured.md.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import EvaluationError
from emotion.evaluation.metrics import restrict
from emotion.evaluation.result import Evaluation

_SIDE: Final = 360  # of each picture, px
_MARGIN: Final = 90
_BINS: Final = 10
_INK: Final = "#1f2933"
_BLUE: Final = (31, 95, 139)


def draw(evaluation: Evaluation, path: Path) -> None:
    """Write the pictures to `path` (.svg): rows of the confusion are the truth, each summing to 1.

    Reliability: for ten bins of confidence, how often the answer was right; the area of a dot is its share of items.
    Raises: EvaluationError for a corpus without classes, or another ending.
    """
    if path.suffix.lower() != ".svg":
        raise EvaluationError(f"{path.name} cannot be drawn: pictures are .svg files. Give --plot NAME.svg.")
    if evaluation.scored is None or evaluation.metrics is None:
        raise EvaluationError(f"{evaluation.corpus} has no classes to draw. Leave --plot out.")
    classes = evaluation.metrics.classes
    truth = np.array(evaluation.scored.truth, dtype=object)
    counted = np.isin(truth, classes)
    rows = restrict(evaluation.scored.probabilities[counted], classes)
    right_class = np.array([classes.index(name) for name in truth[counted]])
    confusion = _confusion(rows.argmax(axis=1), right_class, len(classes))
    parts = [
        *_confusion_picture(confusion, classes, _MARGIN, _MARGIN),
        *_reliability_picture(rows.max(axis=1), rows.argmax(axis=1) == right_class, 2 * _MARGIN + _SIDE + 40, _MARGIN),
        _text(_MARGIN, 28, f"{evaluation.corpus} · {evaluation.split}", size=15),
        _text(_MARGIN, 48, f"{evaluation.model} · n = {len(right_class)}", size=12),
    ]
    width, height = 3 * _MARGIN + 2 * _SIDE + 40, 2 * _MARGIN + _SIDE
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'width="{width}" height="{height}"><rect width="{width}" height="{height}" fill="white"/>'
        + "".join(parts)
        + "</svg>\n",
        encoding="utf-8",
    )


def _confusion(said: NDArray[np.intp], true: NDArray[np.intp], k: int) -> NDArray[np.float64]:
    counts = np.zeros((k, k))
    np.add.at(counts, (true, said), 1)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def _confusion_picture(confusion: NDArray[np.float64], classes: Sequence[str], x: int, y: int) -> list[str]:
    cell = _SIDE / len(classes)
    parts = [_text(x + _SIDE / 2, y - 8, "taken for …", anchor="middle")]
    for row, name in enumerate(classes):
        parts.append(_text(x - 6, y + (row + 0.6) * cell, name, anchor="end"))
        parts.append(_text(x + (row + 0.5) * cell, y + _SIDE + 16, name, anchor="middle", size=10))
        for column in range(len(classes)):
            share = float(confusion[row, column])
            fill = "rgb({},{},{})".format(*(round(255 - share * (255 - part)) for part in _BLUE))
            parts.append(
                f'<rect x="{x + column * cell:.1f}" y="{y + row * cell:.1f}" width="{cell:.1f}" height="{cell:.1f}" '
                f'fill="{fill}" stroke="#dde3e8"/>'
            )
            ink = "white" if share > 0.5 else _INK
            where = x + (column + 0.5) * cell, y + (row + 0.6) * cell
            parts.append(_text(*where, f"{share:.2f}", anchor="middle", ink=ink))
    return parts


def _reliability_picture(confidence: NDArray[np.float64], right: NDArray[np.bool_], x: int, y: int) -> list[str]:
    parts = [
        f'<rect x="{x}" y="{y}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="{_INK}"/>',
        f'<line x1="{x}" y1="{y + _SIDE}" x2="{x + _SIDE}" y2="{y}" stroke="#9aa5b1" stroke-dasharray="5 5"/>',
        _text(x + _SIDE / 2, y - 8, "share of right answers at each confidence", anchor="middle"),
        _text(x + _SIDE / 2, y + _SIDE + 32, "confidence", anchor="middle"),
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(_text(x - 6, y + _SIDE * (1 - tick) + 4, f"{tick:.2f}", anchor="end", size=10))
        parts.append(_text(x + _SIDE * tick, y + _SIDE + 16, f"{tick:.2f}", anchor="middle", size=10))
    which = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    for index in np.unique(which):
        inside = which == index
        at_x = x + _SIDE * float(confidence[inside].mean())
        at_y = y + _SIDE * (1.0 - float(right[inside].mean()))
        radius = 3.0 + 24.0 * float(np.sqrt(inside.mean()))
        parts.append(
            f'<circle cx="{at_x:.1f}" cy="{at_y:.1f}" r="{radius:.1f}" fill="rgb{_BLUE}" fill-opacity="0.55">'
            f"<title>{int(inside.sum())} items</title></circle>"
        )
    return parts


def _text(x: float, y: float, words: str, *, size: int = 11, anchor: str = "start", ink: str = _INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{ink}">{escape(words)}</text>'
    )
