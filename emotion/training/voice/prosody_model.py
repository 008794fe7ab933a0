"""The first voice model: a linear classifier over figures of prosody, taught with baselines of every length."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.training.onnx_graph import Graph
from emotion.training.voice.corpus import CLASSES, Corpus
from emotion.voice.affect import AROUSAL
from emotion.voice.population import Population
from emotion.voice.prosody import NAMES

Array = NDArray[np.float64]

UNHEARD: Final = 0.5
"""Variance between voices that one studio and one language do not show, as a share of that within a voice. Chosen by
training on one sex and measuring on the other: docs/decisions/0082."""

_TURNS: Final = (0, 2, 5, 20)
"""Lengths of the baselines that every clip is taught beside."""


@dataclass(frozen=True)
class ProsodyOptions:
    """c: inverse strength of the penalty; ridge: strength of arousal's; seed: of the baselines' clips."""

    c: float = 0.005
    ridge: float = 100.0
    seed: int = 7


@dataclass(frozen=True)
class ProsodyModel:
    """Linear in population.inputs(): weight (inputs, classes), bias (classes,), arousal (inputs,) and its bias.

    whitening: (figures, figures), makes the figures' distances from the usual uncorrelated and of variance 1.
    """

    population: Population
    weight: Array
    bias: Array
    arousal_weight: Array
    arousal_bias: float
    whitening: Array


def figures_of(corpus: Corpus) -> Array:
    """(versions, n, len(NAMES)); NaN where a clip could not be judged."""
    nothing = np.full(len(NAMES), np.nan)
    return np.array(
        [[nothing if row is None else row.figures for row in version] for version in corpus.rows], dtype=float
    )


def population_of(figures: Array, speakers: NDArray[np.str_]) -> Population:
    """Spread within and between voices, a voice in each recording situation counted as one. figures: (v, n, k)."""
    means, variances = [], []
    for version in figures:
        for name in sorted(set(speakers.tolist())):
            own = version[speakers == name]
            own = own[np.isfinite(own).all(axis=1)]
            if len(own) > 2:
                means.append(own.mean(axis=0))
                variances.append(own.var(axis=0))
    centre = np.mean(means, axis=0)
    within = np.mean(variances, axis=0) + 1e-9
    return Population(centre, within, np.var(means, axis=0) + UNHEARD * within)


def fit_prosody(corpus: Corpus, options: ProsodyOptions) -> ProsodyModel:
    """Train on all versions of all clips, each beside random baselines of its own speaker; some 2 s."""
    from sklearn.linear_model import LogisticRegression, Ridge
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    figures = figures_of(corpus)
    population = population_of(figures, corpus.speakers)
    inputs, classes = _examples(figures, corpus, population, np.random.default_rng(options.seed))
    # Threads that spin on matrices this small make the fit many times slower on busy cores.
    with threadpool_limits(1):
        classifier = LogisticRegression(C=options.c, max_iter=200, tol=1e-3, class_weight="balanced")
        classifier.fit(inputs, classes)
        ridge = Ridge(alpha=options.ridge).fit(inputs, np.array([AROUSAL[name] for name in CLASSES])[classes])
    # A class that the corpus lacks is never answered.
    weight, bias = np.zeros((inputs.shape[1], len(CLASSES))), np.full(len(CLASSES), -30.0)
    weight[:, classifier.classes_], bias[classifier.classes_] = classifier.coef_.T, classifier.intercept_
    whitening = _whitening(inputs[:, : figures.shape[2]])
    return ProsodyModel(population, weight, bias, ridge.coef_, float(ridge.intercept_), whitening)


def write_prosody(model: ProsodyModel, path: Path) -> None:
    """inputs (n, k) → logits (n, len(CLASSES)), arousal (n, 1), distance (n, 1)."""
    graph = Graph("attune_voice_emotion")
    logits = graph.dense("inputs", model.weight, model.bias)
    arousal = graph.dense("inputs", model.arousal_weight[:, None], np.array([model.arousal_bias]))
    size = len(model.whitening)
    first = np.vstack([model.whitening, np.zeros((len(model.weight) - size, size))])
    whitened = graph.dense("inputs", first, np.zeros(size))
    distance = graph.dense(graph.square(whitened), np.full((size, 1), 1.0 / size), np.zeros(1))
    outputs = [("logits", logits, len(CLASSES)), ("arousal", arousal, 1), ("distance", distance, 1)]
    graph.save(path, [("inputs", len(model.weight))], outputs)


def _whitening(away: Array) -> Array:
    """Inverse square root of their covariance, shrunk by a tenth towards independence; symmetric."""
    covariance = np.cov(away.T)
    values, vectors = np.linalg.eigh(0.9 * covariance + 0.1 * np.diag(np.diag(covariance)))
    return np.asarray((vectors / np.sqrt(values)) @ vectors.T)


def _examples(figures: Array, corpus: Corpus, population: Population, rng: np.random.Generator) -> tuple[Array, Any]:
    classes = np.array([CLASSES.index(str(label)) for label in corpus.labels])
    inputs, answers = [], []
    for turns in _TURNS:
        for version in figures:
            for name in sorted(set(corpus.speakers.tolist())):
                where = np.flatnonzero((corpus.speakers == name) & np.isfinite(version).all(axis=1))
                if not where.size:
                    continue
                # Another language or manner of speaking moves a figure for all turns of a voice.
                own = version[where] + rng.normal(size=version.shape[1]) * np.sqrt(UNHEARD * population.within)
                heard = min(turns, where.size - 1)
                # Each row's others in random order, itself last.
                others = np.argsort(rng.random((where.size, where.size)) + 9.0 * np.eye(where.size), axis=1)[:, :heard]
                usual = own[others].mean(axis=1) if heard else own
                inputs.append(population.inputs(own, usual, np.full(where.size, float(heard))))
                answers.append(classes[where])
    return np.concatenate(inputs), np.concatenate(answers)
