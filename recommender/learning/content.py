"""What an item is, as numbers: its categories, its attributes and the words of its title; and who is akin to whom."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vocabulary import Item

FEATURES_AT_MOST: Final = 1_024
_BUCKETS: Final = 1 << 20
_WORD: Final = re.compile(r"\w{2,}")
_WORDS_AT_MOST: Final = 50
RIDGE: Final = 30.0


def words_of(item: Item) -> Iterator[str]:
    """What is compared of one item: "category:…", "attribute=value", and words of the title."""
    for category in item.categories:
        yield f"category:{category.casefold()}"
    for name, value in item.attributes.items():
        yield f"{name.casefold()}={value.casefold()}"
    yield from (word.casefold() for word in _WORD.findall(item.title)[:_WORDS_AT_MOST])


@dataclass(frozen=True)
class Content:
    """Which features are looked at, and what they are worth.

    buckets: int32 (n_features,), sorted; words are kept as hashes only. rarity: float32 (n_features,).
    middle: float32 (n_features,), the mean line of all items. whitening: float32 (n_features, n_features).
    """

    buckets: NDArray[np.int32]
    rarity: NDArray[np.float32]
    middle: NDArray[np.float32]
    whitening: NDArray[np.float32]

    @classmethod
    def of(cls, items: Sequence[Item], *, ridge: float = RIDGE) -> Self:
        """Take the most frequent features that two items or more have.

        whitening: W = (FᵀF + ridge)⁻¹ of the centred features, so that the kinship of two items, f W gᵀ, is what a
        ridge regression from features to people's choices would say: what half of all items share says little, and
        what always comes together counts once.
        """
        lines = [sorted({_bucket(word) for word in words_of(item)}) for item in items]
        seen = np.bincount(np.array([at for line in lines for at in line], dtype=np.int64), minlength=_BUCKETS)
        frequent = np.lexsort((np.arange(_BUCKETS), -seen))[:FEATURES_AT_MOST]
        buckets = np.sort(frequent[seen[frequent] > 1]).astype(np.int32)
        rarity = np.log((1.0 + len(items)) / (1.0 + seen[buckets])).astype(np.float32) + np.float32(1e-3)
        raw = cls(buckets, rarity, np.zeros(len(buckets), np.float32), np.eye(len(buckets), dtype=np.float32))
        if not len(items):
            return raw
        features = raw.features(items)
        middle = np.asarray(features.mean(axis=0), dtype=np.float64).ravel()
        spread = (features.T @ features).toarray().astype(np.float64) - len(items) * np.outer(middle, middle)
        whitening = np.linalg.inv(spread + ridge * np.eye(len(buckets)))
        return cls(buckets, rarity, middle.astype(np.float32), whitening.astype(np.float32))

    def features(self, items: Sequence[Item]) -> sparse.csr_matrix:
        """Shape (n_items, n_features), float32; lines of length 1, or all 0 where nothing is known."""
        starts, columns = [0], []
        for item in items:
            wanted = np.array(sorted({_bucket(word) for word in words_of(item)}), dtype=np.int32)
            columns.append(np.flatnonzero(np.isin(self.buckets, wanted, assume_unique=True)).astype(np.int32))
            starts.append(starts[-1] + len(columns[-1]))
        at = np.concatenate([*columns, np.zeros(0, dtype=np.int32)])
        matrix = sparse.csr_matrix((self.rarity[at], at, starts), shape=(len(items), len(self.buckets)))
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(lengths, 1e-12)) @ matrix, dtype=np.float32)

    def profile(self, features: sparse.csr_matrix, history: sparse.csr_matrix) -> NDArray[np.float32]:
        """What histories ask of an item's features, shape (n_people, n_features). history: (n_people, n_items)."""
        said = np.asarray((history @ features).toarray(), dtype=np.float32)
        said -= np.outer(np.asarray(history.sum(axis=1)).ravel(), self.middle).astype(np.float32)
        return np.asarray(said @ self.whitening, dtype=np.float32)

    def kin(self, features: sparse.csr_matrix, profile: NDArray[np.float32]) -> NDArray[np.float32]:
        """How well each item answers each profile, shape (n_people, n_items); around 0, more is better."""
        return np.asarray((features @ profile.T).T - (profile @ self.middle)[:, None], dtype=np.float32)


@lru_cache(maxsize=65_536)
def _bucket(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big") % _BUCKETS
