"""How English a word and a row of letters look, where no list of another language knows them."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.text.word_lists import FOLDER, word_list

LETTERS_FILE: Final = "english_letters.npy"
"""-log2 of a letter after two others, sixteenths of a bit; from emotion/training/text/english_words.py."""

_SPELLED: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")


def fold(text: str) -> str:
    """Lower case, without accents, with straight apostrophes."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("ł", "l").replace("ı", "i"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def spelled(folded: str) -> list[str]:
    """The words of a folded text that are written in the letters a to z."""
    return _SPELLED.findall(folded)


def is_everyday(word: str) -> bool:
    """Whether this folded word, or what it is one slip of the finger away from, is common in English.

    A slip: two neighbouring letters swapped, one letter too many, one doubled or forgotten; in words of four or more.

    >>> is_everyday("order"), is_everyday("ordr"), is_everyday("teh"), is_everyday("kahan")
    (True, True, True, False)
    """
    known = _known()
    bare = word.replace("'", "")
    if word in known or bare in known or word.split("'")[0] in known:
        return True
    if len(bare) < 3:
        return False
    swapped = (bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :] for at in range(len(bare) - 1))
    if any(slip in known and len(slip) >= 3 for slip in swapped):
        return True
    return len(bare) >= 4 and (
        any(bare[:at] + bare[at + 1 :] in _long() for at in range(len(bare))) or bare in _one_forgotten()
    )


def letter_cost(words: Sequence[str]) -> float:
    """Mean bits that English spends on a letter of these folded words; 0 without a letter.

    English sentences need about 3.2, one in a hundred more than 3.8; romanised Hindi or Polish 3.7 to 6.
    """
    if not words:
        return 0.0
    return float(_table()[letter_indices(words)].mean()) / 16.0


def letter_indices(words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where the letters of these words stand in the table: those two before, one before, and the letter itself."""
    codes: list[int] = []
    for word in words:
        codes += [0, 0, *(ord(char) - 96 for char in word if char != "'"), 0]
    row = np.array(codes, dtype=np.int64)
    # A row of three that ends in a word's leading edge spans two words.
    kept = np.flatnonzero((row[2:] != 0) | (row[1:-1] != 0))
    return row[kept], row[kept + 1], row[kept + 2]


@cache
def _table() -> NDArray[np.uint8]:
    return np.asarray(np.load(FOLDER / LETTERS_FILE), dtype=np.uint8)


@cache
def _known() -> frozenset[str]:
    return word_list("everyday") | word_list("english")


@cache
def _long() -> frozenset[str]:
    return frozenset(word for word in _known() if len(word) >= 4)


@cache
def _one_forgotten() -> frozenset[str]:
    """Long common words with one letter left out: "ordr"."""
    return frozenset(word[:at] + word[at + 1 :] for word in _long() if len(word) >= 5 for at in range(1, len(word)))
