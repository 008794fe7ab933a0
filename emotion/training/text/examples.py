"""What the text model learns from: GoEmotions' comments and the phrases of customers, as one set of targets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.text.affect import CIRCUMPLEX, GOEMOTIONS, GROUPS
from emotion.text.cues import cue_matrix
from emotion.text.reading import sigmoid
from emotion.text.tokens import Tokens
from emotion.training.calibration import softmax
from emotion.training.text.goemotions import load_comments
from emotion.training.text.service_language import write_phrases
from vocabulary import LABELS

# How much of each Reddit label counts as dissatisfaction, faintly: anger at a stranger is not anger at a shop.
_REDDIT_FRUSTRATION: Final = {"anger": 0.7, "annoyance": 0.7, "disappointment": 0.5, "disapproval": 0.3}
_REDDIT_FRUSTRATION_WEIGHT: Final = 0.3
_SERVICE_FRUSTRATION_WEIGHT: Final = 3.0
_SERVICE_LABEL_WEIGHT: Final = 0.5

SENTIMENT_PLACES: Final = (-0.85, -0.45, 0.0, 0.45, 0.8)
"""Where the five sentiments of FINE_SENTIMENTS stand on the axis of valence, [-1, 1]."""

_SENTIMENT_SPREAD: Final = 0.15


@dataclass(frozen=True)
class Examples:
    """One training set of n messages. Every array has n rows.

    ids: word pieces. cues: (n, len(NAMES)). multi, multi_weight: (n, 28), in the order of GOEMOTIONS. ekman: (n, 7),
    0/1, in the order of LABELS. soft: (n, 7), rows summing to 1. sentiment: (n, 5), rows summing to 1.
    frustration: (n,), in [0, 1]. comments: the first so many are GoEmotions', the rest are phrases.
    """

    ids: list[list[int]]
    cues: NDArray[np.float32]
    multi: NDArray[np.float32]
    multi_weight: NDArray[np.float32]
    ekman: NDArray[np.float32]
    ekman_weight: NDArray[np.float32]
    soft: NDArray[np.float32]
    sentiment: NDArray[np.float32]
    frustration: NDArray[np.float32]
    frustration_weight: NDArray[np.float32]
    comments: int


def training_examples(folder: Path, tokens: Tokens, *, seed: int, limit: int | None = None) -> Examples:
    """GoEmotions train from `folder` and the service phrases. limit: of each, for tests. Raises: TrainingError."""
    comments = load_comments(folder, "train")
    multi, soft, texts = comments.multi[:limit], comments.soft[:limit], comments.texts[:limit]
    phrases = write_phrases(seed) if limit is None else write_phrases(seed, fillings=1, combinations=0).first(limit)
    n, m = len(texts), len(phrases.texts)
    faint = np.max([multi[:, GOEMOTIONS.index(name)] * share for name, share in _REDDIT_FRUSTRATION.items()], axis=0)
    everything = [*texts, *phrases.texts]

    def join(first: NDArray[np.generic], second: NDArray[np.generic]) -> NDArray[np.float32]:
        return np.concatenate([first, second]).astype(np.float32)

    return Examples(
        ids=[tokens.ids(text) for text in everything],
        cues=cue_matrix(everything),
        multi=join(multi, phrases.multi),
        multi_weight=join(np.ones_like(multi), phrases.known),
        ekman=join(ekman_labels(multi), phrases.soft > 0.5),
        ekman_weight=join(np.ones(n), np.full(m, _SERVICE_LABEL_WEIGHT)),
        soft=join(soft, phrases.soft),
        sentiment=join(sentiment(comment_valence(multi)), sentiment(phrases.valence)),
        frustration=join(faint, phrases.frustration),
        frustration_weight=join(np.full(n, _REDDIT_FRUSTRATION_WEIGHT), np.full(m, _SERVICE_FRUSTRATION_WEIGHT)),
        comments=n,
    )


def soften(examples: Examples, said: Mapping[str, NDArray[np.float32]], share: float) -> Examples:
    """The same comments with `share` of each target from what a teacher says; the phrases stay as they were written.

    said: the teacher's logits by head, as `network.predict` gives them, for the comments (n = examples.comments).
    """
    n = examples.comments

    def mixed(target: NDArray[np.float32], taught: NDArray[np.float64]) -> NDArray[np.float32]:
        return np.concatenate([(1.0 - share) * target[:n] + share * taught, target[n:]]).astype(np.float32)

    return replace(
        examples,
        multi=mixed(examples.multi, sigmoid(said["multi"])),
        ekman=mixed(examples.ekman, sigmoid(said["ekman"])),
        soft=mixed(examples.soft, softmax(said["labels"])),
        sentiment=mixed(examples.sentiment, softmax(said["sentiment"])),
    )


def ekman_labels(multi: NDArray[np.float32]) -> NDArray[np.float32]:
    """0/1, shape (n, 28) → (n, 7): a comment has a label of ours when it has one of its group."""
    columns = [multi[:, [GOEMOTIONS.index(name) for name in GROUPS[label]]].max(axis=1) for label in LABELS]
    return np.stack(columns, axis=1)


def comment_valence(multi: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shape (n,), in [-1, 1]: the mean place of a comment's labels."""
    places = np.array([CIRCUMPLEX[name][0] for name in GOEMOTIONS], dtype=np.float32)
    return np.asarray(multi @ places / np.maximum(multi.sum(axis=1), 1.0), dtype=np.float32)


def sentiment(valence: NDArray[np.float32]) -> NDArray[np.float32]:
    """Five levels of a place on the axis of valence: shape (n,) → (n, 5), rows summing to 1.

    GoEmotions has no intensity: the level comes from which labels raters chose, and neighbours share it.
    """
    powers = np.exp(-((valence[:, None] - np.array(SENTIMENT_PLACES)) ** 2) / (2 * _SENTIMENT_SPREAD**2))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
