"""Exact words beside meaning: model numbers, sizes and kinds of thing that embeddings blur."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.query.words import STOP_WORDS, stems
from vocabulary import Item

TITLE_WEIGHT: Final = 1.0
ATTRIBUTE_WEIGHT: Final = 0.8
DESCRIPTION_WEIGHT: Final = 0.4


class Lexicon:
    """Which item holds which word, and how much a word says (inverse document frequency)."""

    def __init__(self, items: Sequence[Item]) -> None:
        weights: dict[str, dict[int, float]] = defaultdict(dict)
        for position, item in enumerate(items):
            # "noise cancelling: no" must not be found by "noise cancelling".
            facts = " ".join(f"{name} {value}" for name, value in item.attributes.items() if value != "no")
            for text, weight in (
                (item.description, DESCRIPTION_WEIGHT),
                (facts, ATTRIBUTE_WEIGHT),
                (f"{item.title} {item.category}", TITLE_WEIGHT),
            ):
                for word in stems(text):
                    if word not in STOP_WORDS:
                        weights[word][position] = weight
        self._size = len(items)
        self._postings = {
            word: (np.fromiter(held, dtype=np.int64), np.fromiter(held.values(), dtype=np.float32))
            for word, held in weights.items()
        }
        self._rarity = {
            word: math.log1p(self._size / len(positions)) for word, (positions, _) in self._postings.items()
        }
        self._unknown_rarity = math.log1p(self._size)

    def score(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Share of what the words say that each item holds: float32, shape (n_items,), in [0, 1]."""
        scores = np.zeros(self._size, dtype=np.float32)
        total = 0.0
        for word in words:
            rarity = self._rarity.get(word, self._unknown_rarity)
            total += rarity
            if word in self._postings:
                positions, weights = self._postings[word]
                scores[positions] += rarity * weights
        return scores / np.float32(total) if total else scores

    def holds(self, word: str, position: int) -> bool:
        """Whether the item at this position contains the word."""
        held = self._postings.get(word)
        return held is not None and bool((held[0] == position).any())
