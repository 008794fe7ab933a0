"""Held-out sentences: GoEmotions dev fits, GoEmotions test reports."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from emotion.text.scorer import TextScorer
from emotion.training.fusion.held_out import CLEAN, NOISY, HeldOut, HeldOutItem, item, read_or_score
from emotion.training.text.goemotions import Comments, load_comments
from vocabulary import LABELS, Modality

_PER_LABEL: Final = 400
"""Most sentences of one label in a half: rare labels have fewer."""

_DROPPED: Final = 0.3
_MISTYPED: Final = 0.3


def text_items(data: Path, scorer: TextScorer, model_dir: Path, cache: Path) -> HeldOut:
    """Sentences with exactly one of the seven labels. Raises: TrainingError."""
    folder = data / "text_emotion" / "goemotions"
    fit, report = (
        read_or_score(cache, ["text 1", split, model_dir], partial(_score, load_comments(folder, split), scorer))
        for split in ("dev", "test")
    )
    return HeldOut(Modality.TEXT, fit, report, "GoEmotions, dev to fit, test to report")


def _score(comments: Comments, scorer: TextScorer) -> Iterator[HeldOutItem]:
    rng = np.random.default_rng(11)
    taken = dict.fromkeys(LABELS, 0)
    for row in rng.permutation(len(comments.texts)):
        label = LABELS[int(comments.soft[row].argmax())]
        if comments.soft[row].max() < 1.0 or taken[label] >= _PER_LABEL:
            continue
        taken[label] += 1
        text = comments.texts[row]
        yield item(label, {CLEAN: scorer.score(text), NOISY: scorer.score(spoil(text, rng))})


def spoil(text: str, rng: np.random.Generator) -> str:
    """Drop three words of ten and mistype three of ten of the rest, as a bad recogniser or a hurried thumb does."""
    words = []
    for word in text.split():
        if rng.random() < _DROPPED:
            continue
        letters = list(word)
        if len(letters) > 2 and rng.random() < _MISTYPED:
            at = int(rng.integers(len(letters) - 1))
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        words.append("".join(letters))
    return re.sub(r"\s+", " ", " ".join(words)) or text
