"""Arousal and valence by emotion, and the cue of dissatisfaction in a voice: for every voice engine alike."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import LABELS

AROUSAL: Final = {
    "anger": 0.8,
    "fear": 0.6,
    "happiness": 0.6,
    "surprise": 0.5,
    "disgust": 0.35,
    "neutral": 0.0,
    "boredom": -0.4,
    "sadness": -0.6,
}
"""Set by hand on the circumplex of affect (J. A. Russell 1980), [-1, 1]."""


VALENCE: Final = {
    "anger": -0.8,
    "disgust": -0.7,
    "fear": -0.6,
    "happiness": 0.8,
    "sadness": -0.7,
    "surprise": 0.0,
    "neutral": 0.0,
}
"""On the same circumplex, [-1, 1]."""


def expected_valence(probabilities: NDArray[np.float64]) -> float:
    """Mean valence of the labels, (7,) in their order, by their probabilities; [-1, 1]."""
    return float(np.clip(probabilities @ np.array([VALENCE[label] for label in LABELS]), -1.0, 1.0))


def expected_arousal(probabilities: NDArray[np.float64]) -> float:
    """Mean arousal of the labels, (7,) in their order, by their probabilities; [-1, 1]."""
    return float(np.clip(probabilities @ np.array([AROUSAL[label] for label in LABELS]), -1.0, 1.0))


def frustration_cue(probabilities: NDArray[np.float64], arousal: float) -> float:
    """Anger, and half of disgust, above the share that knowing nothing would give them; 0 where there is neither.

    A quarter goes with arousal, so cold disgust counts for less than a raised voice. Result: [0, 1].
    """
    tense = probabilities[LABELS.index("anger")] + 0.5 * probabilities[LABELS.index("disgust")]
    return float(np.clip((tense - 0.25) / 0.75 * (0.75 + 0.25 * arousal), 0.0, 1.0))
