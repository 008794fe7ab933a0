"""What a text model says about one message, before it becomes a score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from emotion.text.cues import Cues
from vocabulary import LABELS

NUANCES: Final = ("annoyance", "disappointment", "confusion", "gratitude")
"""The finer readings that every text score has, each a chance of its own; names of GOEMOTIONS."""


@dataclass(frozen=True)
class TextReading:
    """Numbers of one message; None for what a model was not trained to say.

    probabilities: (7,), in the order of LABELS, summing to 1. ekman: (7,), each label's own chance, in the same order.
    fine: (28,), each label's own chance, in the order of GOEMOTIONS. sentiment: (5,), in the order of FINE_SENTIMENTS,
    summing to 1. frustration: [0, 1]. nuances: by names of NUANCES, [0, 1]. known_labels: of `probabilities`.
    """

    probabilities: NDArray[np.float64] | None = None
    ekman: NDArray[np.float64] | None = None
    fine: NDArray[np.float64] | None = None
    sentiment: NDArray[np.float64] | None = None
    frustration: float | None = None
    nuances: Mapping[str, float] = field(default_factory=dict)
    known_labels: tuple[str, ...] = LABELS


class TextModel(Protocol):
    """The shipped model, or an engine that was configured. Safe to share between threads."""

    @property
    def engine(self) -> str:
        """For `attune doctor`: what it is, and which model."""
        ...

    def read(self, text: str, cues: Cues) -> TextReading:
        """One message: at most `tokens.MAX_CHARS` characters, as `tokens.excerpt` gives them. cues: of this text."""
        ...


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float64]:
    """Shape (k,) → (k,), summing to 1."""
    powers = np.exp((logits.astype(np.float64) - logits.max()) / temperature)
    return np.asarray(powers / powers.sum())


def sigmoid(logits: NDArray[np.floating] | float) -> NDArray[np.float64]:
    """Of each number, in (0, 1)."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(np.asarray(logits, dtype=np.float64), -60.0, 60.0))))
