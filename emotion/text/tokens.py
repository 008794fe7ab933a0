"""A message as the text model reads it: word pieces of its beginning and its end, signs of feeling by their names."""

import unicodedata
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError

TOKENIZER_FILE: Final = "tokenizer.json"

MAX_TOKENS: Final = 128
"""Word pieces of one message, with the two that mark its ends. A longer message keeps its beginning and its end."""

MAX_CHARS: Final = 2_000
"""Characters that are looked at, half of them from the end: 100 kB of text costs no more than a page."""

_FIRST_SIGN: Final = 0x2190  # arrows, symbols and emoji start here; below are letters and the signs of money
_INVISIBLE: Final = frozenset("\u200d\ufe0e\ufe0f")


def excerpt(text: str) -> str:
    """The text, or its first and last characters where it has more than MAX_CHARS; halves of characters left out.

    >>> len(excerpt("a" * 5_000))
    2000
    """
    if len(text) > MAX_CHARS:
        half = MAX_CHARS // 2
        text = text[:half] + "\n" + text[-half + 1 :]
    # A lone surrogate cannot be UTF-8, the tokenizer would raise on it; and it says nothing.
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def name_signs(text: str) -> str:
    """Emoji by their Unicode names: the vocabulary of word pieces has no sign for most of them.

    >>> name_signs("late again 😡")
    'late again  pouting face '
    """
    if text.isascii():
        return text
    written: list[str] = []
    for char in text:
        kind = unicodedata.category(char)
        if char in _INVISIBLE or (kind == "Sk" and ord(char) >= _FIRST_SIGN):  # joiners, colours of skin
            continue
        written.append(f" {unicodedata.name(char, '').lower()} " if kind == "So" and ord(char) >= _FIRST_SIGN else char)
    return "".join(written)


class Tokens:
    """The word pieces of one model. path: its tokenizer.json. Safe to share between threads. Raises: ModelError."""

    def __init__(self, path: Path, *, max_tokens: int = MAX_TOKENS) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer: Any = Tokenizer.from_file(str(path))
        except Exception as error:  # noqa: BLE001 - the library raises bare Exception
            raise ModelError(
                f"{path} cannot be read ({type(error).__name__}). Make it again with `attune emotion train text`."
            ) from None
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._max_tokens = max_tokens

    def ids(self, text: str) -> list[int]:
        """Between 2 and max_tokens numbers; of longer texts the first and the last half."""
        ids: list[int] = self._tokenizer.encode(name_signs(excerpt(text))).ids
        if len(ids) <= self._max_tokens:
            return ids
        half = self._max_tokens // 2
        return ids[:half] + ids[-(self._max_tokens - half) :]


def pad(rows: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Word pieces and mask of a batch, shape (n, longest): 0 is [PAD] in this vocabulary."""
    longest = max(len(row) for row in rows)
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)], mask[index, : len(row)] = row, 1
    return ids, mask
