"""Exact words beside meaning (BM25F): model numbers, sizes and kinds of thing that embeddings blur."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.lexical.fields import COUNT_OF_CODE, FACTS, SHARE_OF_CODE, TITLE, words_of
from recommender.lexical.postings import Postings
from recommender.lexical.spelling import Spellings
from vocabulary import Item

K1: Final = 1.2
B: Final = 0.6
"""Saturation and length of BM25: the usual values, with a little less weight on length, since a long description of a
product is no reason against it."""

MERGE_FROM: Final = 1_000
MERGE_SHARE: Final = 0.1
"""Changed items are kept apart until they are so many, or this share of all; then they are merged in."""

MOST_ENDINGS: Final = 24
"""So many words that begin alike are tried for a word that is still being typed."""


class Lexicon:
    """Which item holds which word, by slot. A change is visible at once; not safe for use from two threads.

    Source: Robertson, Zaragoza, Taylor, Simple BM25 extension to multiple weighted fields, 2004. The number of items
    with a word, and the mean length, are exact after every change.
    """

    def __init__(self) -> None:
        self._merged = Postings.empty()
        self._fresh: dict[str, dict[int, int]] = {}
        self._fresh_slots: set[int] = set()
        self._lengths = np.zeros(0, dtype=np.float32)
        self._is_stale = np.zeros(0, dtype=bool)
        self._fewer: dict[str, int] = {}
        self._items = 0
        self._total_length = 0.0
        self._sorted: list[str] | None = None
        self._spellings: Spellings | None = None

    def __len__(self) -> int:
        return self._items

    def put(self, slot: int, item: Item, before: Item | None = None) -> None:
        """Take in an item at a slot. before: the item that has held the slot until now."""
        if before is not None:
            self.drop(slot, before)
        self._grow(slot + 1)
        codes, length = words_of(item)
        for word, code in codes.items():
            self._fresh.setdefault(word, {})[slot] = code
            if self._spellings is not None and code & (TITLE | FACTS):
                self._spellings.add(word)
        self._fresh_slots.add(slot)
        self._lengths[slot] = length
        self._items += 1
        self._total_length += length
        self._sorted = None

    def drop(self, slot: int, item: Item) -> None:
        """Forget the item at a slot. item: what it holds."""
        words = words_of(item)[0]
        if slot in self._fresh_slots:
            self._fresh_slots.discard(slot)
            for word in words:
                held = self._fresh.get(word)
                if held is not None and held.pop(slot, None) is not None and not held:
                    del self._fresh[word]
        else:
            self._is_stale[slot] = True
            for word in words:
                self._fewer[word] = self._fewer.get(word, 0) + 1
        self._items -= 1
        self._total_length -= float(self._lengths[slot])
        self._lengths[slot] = 0.0

    def settle(self) -> None:
        """Merge what has changed, if it is much. Called once after a run of changes."""
        changed = len(self._fresh_slots) + int(self._is_stale.sum())
        if changed > max(MERGE_FROM, MERGE_SHARE * self._items) or (changed and not len(self._merged)):
            self._merged = self._merged.merged(self._fresh, self._is_stale)
            self._fresh, self._fresh_slots, self._fewer = {}, set(), {}
            self._is_stale = np.zeros(self._is_stale.size, dtype=bool)
            self._spellings = None

    def score(self, words: Sequence[str], size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """BM25 of every item, and the share of what the words say that it holds.

        Both float32, shape (size,), by slot; the share is in [0, 1], and counts a word the more, the rarer it is.
        """
        bm25, share = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
        total = 0.0
        mean = self._total_length / self._items if self._items else 1.0
        for word in words:
            slots, codes = self.holders(word)
            # Counted as in an average text: what is unknown here says most, and no item has it.
            rarity = math.log1p(self._items / max(1, slots.size))
            total += rarity
            if not slots.size:
                continue
            counts = COUNT_OF_CODE[codes]
            norm = K1 * (1 - B + B * self._lengths[slots] / mean)
            weight = math.log1p((self._items - slots.size + 0.5) / (slots.size + 0.5))
            bm25[slots] += weight * counts * (K1 + 1) / (counts + norm)
            share[slots] += rarity * SHARE_OF_CODE[codes]
        return bm25, share / np.float32(total) if total else share

    def holders(self, word: str) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """The slots of the items that hold a word, and how each holds it (see `fields`)."""
        slots, codes = self._merged.of(word)
        if slots.size and word in self._fewer:
            kept = ~self._is_stale[slots]
            slots, codes = slots[kept], codes[kept]
        fresh = self._fresh.get(word)
        if fresh:
            slots = np.concatenate([slots, np.fromiter(fresh, dtype=np.int64, count=len(fresh))])
            codes = np.concatenate([codes, np.fromiter(fresh.values(), dtype=np.uint8, count=len(fresh))])
        return slots, codes

    def code(self, word: str, slot: int) -> int:
        """How the item at a slot holds a word; 0 if it does not."""
        if slot in self._fresh_slots:
            return self._fresh.get(word, {}).get(slot, 0)
        return 0 if self._is_stale[slot] else self._merged.code(word, slot)

    def all_of(self, words: Iterable[str], bare: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Slots of the items that are all of these words: by title or attributes.

        bare: by slot, whether an item has no attributes; of such a one the description counts as well.
        """
        found: NDArray[np.int64] | None = None
        for word in words:
            slots, codes = self.holders(word)
            slots = slots[((codes & (TITLE | FACTS)) > 0) | bare[slots]]
            found = slots if found is None else np.intersect1d(found, slots)
        return np.empty(0, dtype=np.int64) if found is None else found

    def beginning_with(self, start: str) -> list[str]:
        """Words of the catalogue that begin so, the shortest first."""
        if self._sorted is None:
            self._sorted = sorted({*self._merged.words, *self._fresh})
        first = bisect_left(self._sorted, start)
        found = []
        for word in self._sorted[first : first + 50 * MOST_ENDINGS]:
            if not word.startswith(start):
                break
            found.append(word)
        return sorted(found, key=len)[:MOST_ENDINGS]

    def spelt_like(self, word: str) -> dict[str, tuple[int, int]]:
        """Words of titles, categories and attributes that a misspelt one may be meant for: how many slips away each is,
        and how many items hold it so. What it needs is built at the first word, and again after a merge."""
        if self._spellings is None:
            fresh = (one for one, held in self._fresh.items() if any(code & (TITLE | FACTS) for code in held.values()))
            self._spellings = Spellings({*self._merged.telling(TITLE | FACTS), *fresh})
        counted = {
            one: (slips, int(((self.holders(one)[1] & (TITLE | FACTS)) > 0).sum()))
            for one, slips in self._spellings.near(word).items()
        }
        # A word whose last item has gone stays in the spellings until the next merge.
        return {one: (slips, count) for one, (slips, count) in counted.items() if count}

    def _grow(self, size: int) -> None:
        if size > self._lengths.size:
            grown = max(size, 2 * self._lengths.size, 64)
            self._lengths = np.concatenate([self._lengths, np.zeros(grown - self._lengths.size, dtype=np.float32)])
            self._is_stale = np.concatenate([self._is_stale, np.zeros(grown - self._is_stale.size, dtype=bool)])
