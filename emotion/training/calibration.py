"""Confidence that means something: temperature scaling. Its error is measured in emotion/evaluation/metrics.py.

Source: C. Guo et al. (2017), "On calibration of modern neural networks", ICML.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[Any], temperature: float = 1.0) -> NDArray[np.float64]:
    """Rows that sum to 1: shape (n, k)."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_temperature(logits: NDArray[Any], right: NDArray[np.bool_]) -> float:
    """The temperature whose top probability best predicts whether the top label is right.

    logits: (n, k). right: (n,), whether the top label is one of the row's true labels. A grid of 1 % steps on
    the log loss of that one question, because one question is what confidence answers.
    """
    return float(min(np.geomspace(0.3, 5.0, 283), key=lambda t: _log_loss(softmax(logits, t).max(axis=1), right)))


def _log_loss(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    clipped = np.clip(confidence, 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(right, np.log(clipped), np.log(1 - clipped))))
