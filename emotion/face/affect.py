"""Where the labels stand in valence and arousal, for a scorer that sees labels only."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import LABELS

_PLACES: Final = {
    "anger": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "happiness": (0.81, 0.51),
    "sadness": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "neutral": (0.0, 0.0),
}
"""Valence (there: pleasure), arousal. Source: J. Russell, A. Mehrabian (1977), "Evidence for a three-factor theory of
emotions", J. Research in Personality 11."""

_TABLE: Final = np.array([_PLACES[label] for label in LABELS])


def valence_arousal(probabilities: NDArray[np.float64]) -> tuple[float, float]:
    """Expected place of a distribution over LABELS: no more is known than the labels say.

    >>> valence_arousal(np.array([0, 0, 0, 0.5, 0, 0, 0.5]))
    (0.405, 0.255)
    """
    valence, arousal = probabilities @ _TABLE
    return float(np.clip(valence, -1.0, 1.0)), float(np.clip(arousal, -1.0, 1.0))
