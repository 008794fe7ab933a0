"""A few small networks, averaged, on the figures of natural and made voices; written as one ONNX graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.training.doubt.corpus import Row
from emotion.training.onnx_graph import Graph
from emotion.voice.doubt import NAMES

Array = NDArray[np.float64]

HIDDEN: Final = 24
NETWORKS: Final = 3
FALSE_DOUBTS: Final = 0.01
"""Share of natural clips that may be doubted wrongly, on people left out of fitting, in each corpus for itself."""
RESERVE: Final = 1.8
"""Added to the limit: people whom training resembles less are doubted more often. So much that about 2 % of English
speech are (1.5: 2.9 %, 2.0: 1.0 %), which is therefore no measure of its own; at 0 it was 9.6 %.
"""
_FOLDS: Final = 5
_FURTHEST: Final = 4.0


@dataclass(frozen=True, eq=False)
class Fitted:
    """mean, spread: of the figures. layers: for each network first weights, biases, second weights, biases.
    limit: the logit at which a voice is doubted.
    """

    mean: Array
    spread: Array
    layers: tuple[tuple[Array, Array, Array, Array], ...]
    limit: float = 0.0

    def logits(self, figures: Array) -> Array:
        """Of rows of figures, (n, len(NAMES)): (n,)."""
        away = np.clip((figures - self.mean) / self.spread, -_FURTHEST, _FURTHEST)
        found = [np.maximum(away @ first + one, 0.0) @ second + two for first, one, second, two in self.layers]
        return np.asarray(np.mean(found, axis=0)[:, 0])

    @property
    def constants(self) -> Mapping[str, Any]:
        """What goes into meta.json."""
        return {
            "mean": [round(float(value), 6) for value in self.mean],
            "spread": [round(float(value), 6) for value in self.spread],
            "limit": round(self.limit, 4),
        }

    def write(self, path: Path) -> None:
        """inputs (n, len(NAMES)) → logit (n, 1)."""
        graph = Graph("attune_voice_doubt")
        hidden = [graph.relu(graph.dense("inputs", first, one)) for first, one, _, _ in self.layers]
        seconds = np.vstack([second for _, _, second, _ in self.layers]) / len(self.layers)
        bias = np.mean([two for _, _, _, two in self.layers], axis=0)
        logit = graph.dense(graph.join(*hidden), seconds, bias)
        graph.save(path, [("inputs", len(NAMES))], [("logit", logit, 1)])


def matrix(rows: Sequence[Row]) -> Array:
    """Figures of all rows, (n, len(NAMES))."""
    return np.array([row.figures for row in rows], dtype=np.float64)


def fit(rows: Sequence[Row], *, seed: int = 0) -> Fitted:
    """Natural and made weigh the same; so does each corpus among the natural and each synthesiser among the made."""
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    figures, made = matrix(rows), np.array([row.made for row in rows])
    mean, spread = figures.mean(axis=0), figures.std(axis=0) + 1e-6
    away = np.clip((figures - mean) / spread, -_FURTHEST, _FURTHEST)
    family = np.array([family_of(row) for row in rows])
    weights = np.zeros(len(rows))
    for side in (False, True):
        names = sorted(set(family[made == side].tolist()))
        for name in names:
            own = (made == side) & (family == name)
            weights[own] = 0.5 / len(names) / own.sum()
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(rows), size=2 * len(rows), p=weights / weights.sum())
    layers = []
    with threadpool_limits(1):
        for at in range(NETWORKS):
            network = MLPClassifier((HIDDEN,), alpha=3.0, max_iter=60, learning_rate_init=2e-3, random_state=seed + at)
            _fit_quietly(network, away[drawn], made[drawn])
            (first, second), (one, two) = network.coefs_, network.intercepts_
            layers.append((first, one, second, two))
    return Fitted(mean, spread, tuple(layers))


def family_of(row: Row) -> str:
    """Corpus of a natural clip, maker of a made one: flite and espeak-ng whatever their voices, each vocoder."""
    return row.source.split()[0] if row.made else row.source


def left_out_logits(rows: Sequence[Row]) -> Array:
    """Each row's logit by a fit that heard neither its speaker nor its sentence by its synthesiser, (n,)."""
    from sklearn.model_selection import GroupKFold

    found = np.zeros(len(rows))
    groups = [row.who for row in rows]
    for learnt, left in GroupKFold(_FOLDS).split(found, groups=groups):
        fitted = fit([rows[at] for at in learnt])
        found[left] = fitted.logits(matrix([rows[at] for at in left]))
    return found


def limit_of(rows: Sequence[Row], logits: Array) -> float:
    """The logit that FALSE_DOUBTS of the natural clips exceed, in the corpus where it is highest, and RESERVE."""
    natural = {row.source for row in rows if not row.made}
    own = {name: [at for at, row in enumerate(rows) if row.source == name] for name in natural}
    return RESERVE + max(float(np.quantile(logits[places], 1.0 - FALSE_DOUBTS)) for places in own.values())


def _fit_quietly(network: Any, inputs: Array, answers: NDArray[np.bool_]) -> None:
    import warnings

    with warnings.catch_warnings():
        # A fixed number of passes is meant: more would learn the synthesisers by heart.
        warnings.filterwarnings("ignore", message=".*iterations.*")
        network.fit(inputs, answers)
