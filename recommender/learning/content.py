"""What an item is, as numbers: the words of its title, its categories and its attributes."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from scipy import sparse

from vocabulary import Item

BUCKETS: Final = 1 << 18
"""Columns of the table of features. A word has its place by its hash, so a later item needs no list of words."""

_WORD: Final = re.compile(r"\w{2,}")
_WORDS_AT_MOST: Final = 200


def words_of(item: Item) -> Iterator[str]:
    """What is compared of one item: "category:…", "attribute=value", and words of the title."""
    for category in item.categories:
        yield f"category:{category.casefold()}"
    for name, value in item.attributes.items():
        yield f"{name.casefold()}={value.casefold()}"
    yield from (word.casefold() for word in _WORD.findall(item.title)[:_WORDS_AT_MOST])


def features_of(items: Sequence[Item]) -> sparse.csr_matrix:
    """Shape (n_items, BUCKETS), float32; lines of length 1.

    Rare words count more: log((1 + n) / (1 + items with it)).
    """
    starts, columns = [0], []
    for item in items:
        columns.extend(sorted({_bucket(word) for word in words_of(item)}))
        starts.append(len(columns))
    at = np.array(columns, dtype=np.int32)
    seen = np.bincount(at, minlength=BUCKETS)
    rarity = np.log((1.0 + len(items)) / (1.0 + seen)) + 1e-3
    matrix = sparse.csr_matrix((rarity[at].astype(np.float32), at, starts), shape=(len(items), BUCKETS))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(lengths, 1e-12)) @ matrix).astype(np.float32)


@lru_cache(maxsize=65_536)
def _bucket(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big") % BUCKETS
