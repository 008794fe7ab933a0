"""What the face model's card and commands show: figures on the untouched fifth, and what one picture costs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.evaluation.metrics import Metrics, measure
from emotion.face.engines import FaceEngine
from emotion.face.quality import sharpness
from emotion.training.face.data import Faces
from vocabulary import LABELS

_BATCH = 256


@dataclass(frozen=True)
class FaceReport:
    """held_out: the untouched fifth. validation: the file that epochs, temperature and options were chosen on.

    confusion: rows are the true labels, columns the answers, both in the order of LABELS; counts of the held-out
    fifth. by_kind: accuracy on parts of the held-out fifth. left_out: training pictures dropped as copies of measured
    ones. milliseconds: of one face through the network, all views, one thread. bytes: its file's size.
    """

    held_out: Metrics
    validation: Metrics
    confusion: tuple[tuple[int, ...], ...]
    by_kind: Mapping[str, float]
    trained_on: int
    left_out: int
    milliseconds: float
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "held_out": self.held_out.to_dict(),
            "validation": self.validation.to_dict(),
            "confusion": [list(row) for row in self.confusion],
            "by_kind": dict(self.by_kind),
            "trained_on": self.trained_on,
            "left_out": self.left_out,
            "milliseconds": self.milliseconds,
            "bytes": self.bytes,
        }


def read_faces(engine: FaceEngine, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Probabilities (n, 7) of cropped faces (n, 48, 48)."""
    parts = [engine.probabilities(pixels[start : start + _BATCH]) for start in range(0, len(pixels), _BATCH)]
    return np.concatenate(parts)


def measure_faces(engine: FaceEngine, faces: Faces) -> Metrics:
    """Every figure on cropped faces."""
    return measure(read_faces(engine, faces.pixels), [LABELS[label] for label in faces.labels])


def confusion(engine: FaceEngine, faces: Faces) -> tuple[tuple[int, ...], ...]:
    """Counts: true label by answer."""
    answers = read_faces(engine, faces.pixels).argmax(axis=1)
    table = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    np.add.at(table, (faces.labels, answers), 1)
    return tuple(tuple(int(count) for count in row) for row in table)


def by_kind(engine: FaceEngine, faces: Faces) -> dict[str, float]:
    """Accuracy by light and sharpness of the picture: the only groups that FER2013 lets one tell apart."""
    right = read_faces(engine, faces.pixels).argmax(axis=1) == faces.labels
    brightness = faces.pixels[:, 8:44, 8:40].mean(axis=(1, 2))
    sharp = np.array([sharpness(picture) for picture in faces.pixels])
    found = {}
    for name, values in (("brightness of the face", brightness), ("sharpness", sharp)):
        low, high = np.quantile(values, [0.2, 0.8])
        found[f"{name}: lowest fifth"] = float(right[values <= low].mean())
        found[f"{name}: middle"] = float(right[(values > low) & (values < high)].mean())
        found[f"{name}: highest fifth"] = float(right[values >= high].mean())
    return found


def time_face(engine: FaceEngine, face: NDArray[np.uint8], *, times: int = 50) -> float:
    """Median milliseconds of one face (48, 48)."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        engine.probabilities(face[None])
        taken.append(1000 * (time.perf_counter() - start))
    return float(np.median(taken))
