"""Words of a catalogue that are spelt nearly like another word."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHORTEST: Final = 4
LONG_FROM: Final = 8
LONGEST: Final = 24
"""Shorter words have too many neighbours; from LONG_FROM letters two slips are forgiven; longer ones are no words."""

_PAIR_BITS: Final = 6
"""One slip (a swap of two letters) changes at most so many bits of the pairs: three go, three come."""

Bits = NDArray[np.uint64]


def slips_forgiven(word: str) -> int:
    """How many letters may be wrong, missing, too many or swapped with the next: 0, 1 or 2.

    None in words that hold anything but letters of a script with small and capital letters: numbers, names of models,
    and scripts in which one letter is a word or a syllable.
    """
    if not SHORTEST <= len(word) <= LONGEST or not all(letter.isalpha() and _has_case(letter) for letter in word):
        return 0
    return 2 if len(word) >= LONG_FROM else 1


def distance(one: str, other: str, most: int) -> int:
    """Letters to put in, leave out, change, or swap with the next; `most` + 1 where there are more.

    Source: the optimal string alignment form of Damerau, A technique for computer detection and correction of spelling
    errors, 1964.

    >>> distance("kettel", "kettle", 2)
    1
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, facing in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most and (i < 2 or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)


class Spellings:
    """Words by their first letter and length. Not safe for use from two threads.

    Of a group that has been asked, each word has two numbers of 64 bits: which letters it holds, and which pairs of
    letters. They rule out nearly all of the group at once, so that few words are compared letter by letter.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._groups: dict[tuple[str, int], dict[str, None]] = {}
        self._read: dict[tuple[str, int], tuple[list[str], Bits, Bits]] = {}
        for word in words:
            self.add(word)

    def add(self, word: str) -> None:
        """Take in a word; nothing happens to one that is there, or that nothing is corrected to."""
        if SHORTEST - 1 <= len(word) <= LONGEST + 2 and word.isalpha():
            key = word[0], len(word)
            self._groups.setdefault(key, {})[word] = None
            self._read.pop(key, None)

    def near(self, word: str) -> dict[str, int]:
        """The words that a misspelt one may be meant for, with how many slips away they are: the fewest there are.

        The first letter is taken to be right, unless it is swapped with the second.
        """
        for slips in range(1, slips_forgiven(word) + 1):
            found = self._within(word, slips)
            swapped = word[1] + word[0] + word[2:]
            if slips == 1 and swapped in self._groups.get((swapped[0], len(word)), {}):
                found.append(swapped)
            if found:
                return dict.fromkeys(found, slips)
        return {}

    def _within(self, word: str, most: int) -> list[str]:
        found = []
        letters, pairs = (part[0] for part in _bits([word]))
        for length in range(len(word) - most, len(word) + most + 1):
            words, all_letters, all_pairs = self._group(word[0], length)
            if words:
                alike = np.bitwise_count(all_letters ^ letters) <= 2 * most
                alike &= np.bitwise_count(all_pairs ^ pairs) <= _PAIR_BITS * most
                near = (words[place] for place in np.flatnonzero(alike).tolist())
                found += [one for one in near if distance(word, one, most) <= most]
        return found

    def _group(self, first: str, length: int) -> tuple[list[str], Bits, Bits]:
        key = first, length
        group = self._read.get(key)
        if group is None:
            words = list(self._groups.get(key, ()))
            group = (words, *_bits(words))
            self._read[key] = group
        return group


def _bits(words: list[str]) -> tuple[Bits, Bits]:
    """Of words of one length: which letters and which pairs each holds, folded to 64 bits; uint64, shape (n,)."""
    if not words:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64)
    codes = np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32).reshape(len(words), -1)
    pairs = codes[:, :-1] * np.uint32(37) + codes[:, 1:]
    return _folded(codes), _folded(pairs)


def _folded(numbers: NDArray[np.uint32]) -> Bits:
    bits = np.uint64(1) << (numbers % np.uint32(64)).astype(np.uint64)
    folded: Bits = np.bitwise_or.reduce(bits, axis=1)
    return folded


@lru_cache(maxsize=4096)
def _has_case(letter: str) -> bool:
    return letter.lower() != letter.upper()
