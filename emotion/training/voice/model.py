"""Training the voice model: a kernel classifier over prosody, speakers kept apart."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.training.calibration import fit_temperature, softmax
from emotion.training.onnx_graph import Graph
from emotion.training.voice.emodb import CLASSES, ActedClips
from emotion.voice.functionals import NAMES, PROSODIC
from emotion.voice.prosody_rev3 import N_MFCC
from vocabulary import LABELS

USED: Final = np.r_[0 : len(PROSODIC), len(PROSODIC) + N_MFCC : len(NAMES)]
"""Functionals that the model sees. The means of the cepstrum are left out: they tell microphones apart."""

AROUSAL: Final = {
    "anger": 0.8,
    "fear": 0.6,
    "happiness": 0.6,
    "disgust": 0.1,
    "neutral": 0.0,
    "boredom": -0.4,
    "sadness": -0.6,
}
"""Targets of the arousal output, set by hand on the circumplex of affect."""

TO_LABELS: Final = np.array(
    [[1.0 if LABELS[j] == ("neutral" if name == "boredom" else name) else 0.0 for j in range(7)] for name in CLASSES]
)
"""Folds CLASSES into LABELS: shape (7, 7)."""


@dataclass(frozen=True)
class VoiceOptions:
    """gamma: width of the kernel; c: inverse strength of the penalty; both chosen inside each training set."""

    gamma: float
    c: float
    centres: int = 250
    seed: int = 7


GRID: Final = tuple(VoiceOptions(gamma, c) for gamma in (0.003, 0.006) for c in (3.0, 10.0))


@dataclass(frozen=True)
class VoiceModel:
    """Standardise → kernel values at centres → linear heads, all as plain arrays."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    centres: NDArray[np.float64]
    gamma: float
    weight: NDArray[np.float64]
    bias: NDArray[np.float64]
    arousal_weight: NDArray[np.float64]
    arousal_bias: float

    def kernel(self, x: NDArray[Any]) -> NDArray[np.float64]:
        z = (x[:, USED] - self.mean[USED]) / self.deviation[USED]
        squared = (z**2).sum(1)[:, None] + (self.centres**2).sum(1) - 2.0 * z @ self.centres.T
        return np.asarray(np.exp(-self.gamma * np.maximum(squared, 0.0)))

    def logits(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """(n, 7) over CLASSES."""
        return np.asarray(self.kernel(x) @ self.weight + self.bias)

    def arousal(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """(n,), in [-1, 1]."""
        return np.asarray(np.tanh(self.kernel(x) @ self.arousal_weight + self.arousal_bias))


def fit(clips: ActedClips, rows: NDArray[np.bool_], options: VoiceOptions) -> VoiceModel:
    """Train on the chosen clips, recordings and degradations alike."""
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import LogisticRegression, Ridge
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    x = clips.x[:, rows].reshape(-1, clips.x.shape[2]).astype(np.float64)
    labels = np.tile(clips.labels[rows], len(clips.x))
    usable = np.isfinite(x).all(axis=1)
    x, labels = x[usable], labels[usable]
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = ((x - mean) / deviation)[:, USED]
    nystroem = Nystroem(gamma=options.gamma, n_components=options.centres, random_state=options.seed)
    with threadpool_limits(1):
        features = nystroem.fit_transform(z)
    classifier = LogisticRegression(C=options.c, max_iter=2000, tol=1e-3, class_weight="balanced")
    # Threads that spin on matrices this small make the fit twenty times slower on two busy cores.
    with threadpool_limits(1):
        classifier.fit(features, labels)
    # tanh is undone on the targets, so that its ends are not reached by a straight line.
    targets = np.arctanh(np.array([AROUSAL[name] for name in CLASSES]))[labels]
    ridge = Ridge(alpha=3.0).fit(features, targets)
    to_features = nystroem.normalization_.T
    return VoiceModel(
        mean=mean,
        deviation=deviation,
        centres=nystroem.components_,
        gamma=options.gamma,
        weight=to_features @ classifier.coef_.T,
        bias=classifier.intercept_,
        arousal_weight=to_features @ ridge.coef_,
        arousal_bias=float(ridge.intercept_),
    )


def choose(clips: ActedClips, rows: NDArray[np.bool_]) -> tuple[VoiceOptions, float]:
    """The best options and the temperature, by folds over the speakers of `rows` alone."""
    from sklearn.metrics import recall_score

    best: tuple[float, VoiceOptions, NDArray[np.float64]] | None = None
    names = sorted(set(clips.speakers[rows]))
    truth = TO_LABELS[clips.labels].argmax(axis=1)
    for options in GRID:
        logits = np.zeros((len(clips.labels), len(CLASSES)))
        for fold in range(3):
            held = rows & np.isin(clips.speakers, names[fold::3])
            logits[held] = fit(clips, rows & ~held, options).logits(clips.x[0, held])
        guess = (softmax(logits) @ TO_LABELS).argmax(axis=1)
        recall = float(recall_score(truth[rows], guess[rows], average="macro"))
        if best is None or recall > best[0]:
            best = (recall, options, logits)
    assert best is not None
    right = (softmax(best[2]) @ TO_LABELS).argmax(axis=1) == truth
    return best[1], fit_temperature(best[2][rows], right[rows])


def write_model(model: VoiceModel, path: Path, *, temperature: float) -> None:
    """functionals (n, len(NAMES)) → labels (n, 7) in the order of LABELS, arousal (n, 1)."""
    graph = Graph("attune_voice_emotion")
    pick = np.zeros((len(NAMES), len(USED)))
    pick[USED, np.arange(len(USED))] = 1.0
    z = graph.scale(graph.shift("functionals", -model.mean), 1.0 / model.deviation)
    kernel = graph.gaussian_kernel(graph.dense(z, pick, np.zeros(len(USED))), model.centres, model.gamma)
    classes = graph.softmax(graph.scale(graph.dense(kernel, model.weight, model.bias), 1.0 / temperature))
    labels = graph.dense(classes, TO_LABELS, np.zeros(len(LABELS)))
    arousal = graph.tanh(graph.dense(kernel, model.arousal_weight[:, None], np.array([model.arousal_bias])))
    graph.save(path, [("functionals", len(NAMES))], [("labels", labels, len(LABELS)), ("arousal", arousal, 1)])
