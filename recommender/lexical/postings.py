"""The lists behind a lexicon: for each word, the slots that hold it. Five bytes for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Postings:
    """words: number of each word. starts: int64, shape (n_words + 1,). slots: int32, codes: uint8, shape (n,):
    the slots with word w are slots[starts[w]:starts[w + 1]], in rising order."""

    numbers: Mapping[str, int]
    starts: NDArray[np.int64]
    slots: NDArray[np.int32]
    codes: NDArray[np.uint8]

    @classmethod
    def empty(cls) -> Self:
        return cls({}, np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint8))

    def __len__(self) -> int:
        return len(self.slots)

    @property
    def words(self) -> Iterable[str]:
        return self.numbers.keys()

    def of(self, word: str) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Slots and codes of one word; both empty for a word that nobody holds."""
        number = self.numbers.get(word)
        if number is None:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint8)
        held = slice(self.starts[number], self.starts[number + 1])
        return self.slots[held].astype(np.int64), self.codes[held]

    def code(self, word: str, slot: int) -> int:
        """How a slot holds a word; 0 if it does not."""
        number = self.numbers.get(word)
        if number is None:
            return 0
        first, last = int(self.starts[number]), int(self.starts[number + 1])
        place = first + int(np.searchsorted(self.slots[first:last], slot))
        return int(self.codes[place]) if place < last and self.slots[place] == slot else 0

    def telling(self, mask: int) -> list[str]:
        """The words that some slot holds by a code with one of these bits."""
        if not len(self):
            return []
        found = np.add.reduceat((self.codes & mask) > 0, np.minimum(self.starts[:-1], len(self) - 1), dtype=np.int64)
        is_held = ((found > 0) & (np.diff(self.starts) > 0)).tolist()
        return [word for word, number in self.numbers.items() if is_held[number]]

    def merged(self, fresh: Mapping[str, Mapping[int, int]], is_stale: NDArray[np.bool_]) -> Self:
        """These without the stale slots, and with the fresh ones."""
        kept = ~is_stale[self.slots]
        sizes = np.diff(self.starts)
        owner = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)[kept]
        numbers = dict(self.numbers)
        for word in fresh:
            numbers.setdefault(word, len(numbers))
        count = sum(map(len, fresh.values()))
        new_owner = np.fromiter((numbers[word] for word, held in fresh.items() for _ in held), np.int64, count)
        new_slots = np.fromiter((slot for held in fresh.values() for slot in held), np.int32, count)
        new_codes = np.fromiter((code for held in fresh.values() for code in held.values()), np.uint8, count)
        owners = np.concatenate([owner, new_owner])
        slots = np.concatenate([self.slots[kept], new_slots])
        codes = np.concatenate([self.codes[kept], new_codes])
        order = np.lexsort((slots, owners))
        starts = np.zeros(len(numbers) + 1, dtype=np.int64)
        np.cumsum(np.bincount(owners, minlength=len(numbers)), out=starts[1:])
        return type(self)(numbers, starts, slots[order], codes[order])
