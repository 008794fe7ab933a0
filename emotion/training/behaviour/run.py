"""`attune emotion train behaviour`: fit, calibrate and measure on generated sessions."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.behaviour.features import NAMES, figures
from emotion.behaviour.scorer import REVISION
from emotion.model_files import META_FILE
from emotion.training.behaviour.card import write_card
from emotion.training.behaviour.generator import Session, make_sessions
from emotion.training.behaviour.report import BehaviourReport, measure
from vocabulary import Visit, latest

TRAIN_SEED: Final = 11
TRAIN_SESSIONS: Final = 12_000
PENALTY_GRID: Final = (0.01, 0.1, 1.0, 10.0)


def train_behaviour(model_dir: Path) -> BehaviourReport:
    """Fit the logistic regression, write its constants and its card; seconds, no data needed.

    The penalty is chosen by five folds of the training sessions by log loss, which is also what keeps the
    probabilities calibrated. The sessions that are reported on have other seeds and are never looked at here.
    """
    from sklearn.linear_model import LogisticRegressionCV

    sessions = make_sessions(TRAIN_SESSIONS, seed=TRAIN_SEED)
    x, truth = _inputs(sessions)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    model = LogisticRegressionCV(
        Cs=PENALTY_GRID, cv=5, scoring="neg_log_loss", max_iter=500, l1_ratios=(0.0,), use_legacy_attributes=True
    )
    model.fit((x - mean) / deviation, truth)
    # Standardising is folded into the weights: the scorer needs no second set of constants.
    weights = model.coef_[0] / deviation
    meta = {
        "kind": "behaviour",
        "revision": REVISION,
        "trained_on": "synthetic sessions (emotion/training/behaviour/generator.py)",
        "sessions": TRAIN_SESSIONS,
        "seed": TRAIN_SEED,
        "penalty_c": float(model.C_[0]),
        "intercept": round(float(model.intercept_[0] - weights @ mean), 5),
        "weights": {name: round(float(weight), 5) for name, weight in zip(NAMES, weights, strict=True)},
    }
    model_dir.mkdir(parents=True, exist_ok=True)
    (model_dir / META_FILE).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    report = measure_behaviour(model_dir)
    write_card(model_dir, report)
    return report


def measure_behaviour(model_dir: Path) -> BehaviourReport:
    """Figures of the model in this folder on held-out synthetic sessions. Raises: ModelError."""
    return measure(model_dir)


def _inputs(sessions: Sequence[Session]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    x = np.array([figures(Visit.of(latest(session.steps))) for session in sessions])
    return x, np.array([session.struggling for session in sessions])
