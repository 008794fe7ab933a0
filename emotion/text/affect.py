"""GoEmotions' 28 labels, their grouping into ours, and where each stands in valence and arousal."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

GOEMOTIONS: Final = (
    "admiration",
    "amusement",
    "anger",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "fear",
    "gratitude",
    "grief",
    "joy",
    "love",
    "nervousness",
    "optimism",
    "pride",
    "realization",
    "relief",
    "remorse",
    "sadness",
    "surprise",
    "neutral",
)
"""In the order of the published files."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "happiness": (
        "joy",
        "amusement",
        "approval",
        "excitement",
        "gratitude",
        "love",
        "optimism",
        "relief",
        "pride",
        "admiration",
        "desire",
        "caring",
    ),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
    "neutral": ("neutral",),
}
"""The authors' grouping to Ekman's emotions; their joy is our happiness."""

# Placed by hand on the circumplex of affect (Russell 1980), in steps of a tenth: valence, arousal.
CIRCUMPLEX: Final[Mapping[str, tuple[float, float]]] = {
    "admiration": (0.6, 0.2),
    "amusement": (0.7, 0.4),
    "anger": (-0.8, 0.8),
    "annoyance": (-0.6, 0.5),
    "approval": (0.4, 0.0),
    "caring": (0.5, 0.0),
    "confusion": (-0.2, 0.1),
    "curiosity": (0.1, 0.2),
    "desire": (0.3, 0.3),
    "disappointment": (-0.6, -0.1),
    "disapproval": (-0.5, 0.2),
    "disgust": (-0.8, 0.4),
    "embarrassment": (-0.5, 0.2),
    "excitement": (0.8, 0.8),
    "fear": (-0.7, 0.7),
    "gratitude": (0.7, 0.1),
    "grief": (-0.9, -0.3),
    "joy": (0.9, 0.5),
    "love": (0.9, 0.3),
    "nervousness": (-0.4, 0.6),
    "optimism": (0.6, 0.2),
    "pride": (0.7, 0.3),
    "realization": (0.1, 0.1),
    "relief": (0.5, -0.4),
    "remorse": (-0.6, -0.1),
    "sadness": (-0.7, -0.4),
    "surprise": (0.1, 0.7),
    "neutral": (0.0, 0.0),
}

_PLACES = np.array([CIRCUMPLEX[name] for name in GOEMOTIONS])


def valence_arousal(probabilities: NDArray[np.floating]) -> tuple[float, float]:
    """Where a comment stands: the labels' places weighted by their probabilities, each in [-1, 1].

    probabilities: shape (28,), each label's own chance (they need not sum to 1).
    Labels that pull nowhere (neutral) keep the result near 0, so an unsure text is not an aroused one.

    >>> angry = np.zeros(28); angry[GOEMOTIONS.index("anger")] = 1.0
    >>> valence_arousal(angry)
    (-0.8, 0.8)
    """
    weights = np.asarray(probabilities, dtype=float)
    # A total below 1 leaves the rest to neutral instead of inflating faint labels.
    valence, arousal = weights @ _PLACES / max(1.0, float(weights.sum()))
    return float(np.clip(valence, -1.0, 1.0)), float(np.clip(arousal, -1.0, 1.0))
