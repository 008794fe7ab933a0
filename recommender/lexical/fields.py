"""The words of an item, by the part of it that holds them."""

from collections import Counter
from typing import Final

import numpy as np

from recommender.query.negations import held_words
from recommender.query.words import STOP_WORDS, stems
from vocabulary import Item

TITLE: Final = 0x80
FACTS: Final = 0x40
MOST_TOLD: Final = 0x3F
"""A word's code in an item: a bit for title and categories, a bit for the attributes, then how often the description
holds it, at most 63 times."""

_CODES: Final = np.arange(256)
SHARE_OF_CODE: Final = np.maximum.reduce(
    [np.where(_CODES & TITLE, 1.0, 0.0), np.where(_CODES & FACTS, 0.8, 0.0), np.where(_CODES & MOST_TOLD, 0.4, 0.0)]
).astype(np.float32)
"""How well an item holds a word, in [0, 1], by its code."""

COUNT_OF_CODE: Final = (2.5 * ((_CODES & TITLE) > 0) + 2.0 * ((_CODES & FACTS) > 0) + (_CODES & MOST_TOLD)).astype(
    np.float32
)
"""The weighted number of occurrences that BM25F counts, by the code."""

LONGEST_DESCRIPTION: Final = 20_000
"""Characters of a description that are read: more is no description of one thing."""


def words_of(item: Item) -> tuple[dict[str, int], int]:
    """The codes of an item's words, and how many words it has in all (repetitions included)."""
    told = Counter(held_words(item.description[:LONGEST_DESCRIPTION]))
    # "noise cancelling: no" must not be found by "noise cancelling".
    facts = stems(" ".join(f"{name} {value}" for name, value in item.attributes.items() if value != "no"))
    title = stems(" ".join((item.title, *item.categories)))
    codes = {word: min(count, MOST_TOLD) for word, count in told.items()}
    for words, bit in ((facts, FACTS), (title, TITLE)):
        for word in words:
            codes[word] = codes.get(word, 0) | bit
    length = sum(told.values()) + len(facts) + len(title)
    return {word: code for word, code in codes.items() if word not in STOP_WORDS}, length
