"""Words near a number that say what it is."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

BEFORE: Final = 48
AFTER: Final = 24


def has_any(text: str, start: int, end: int, words: Iterable[str], *, before: int = BEFORE, after: int = AFTER) -> bool:
    """Whether one of the words stands whole, in any case, within some characters before start or after end."""
    pattern = _pattern(tuple(words))
    return bool(pattern.search(text[max(0, start - before) : start]) or pattern.search(text[end : end + after]))


def stands_in(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands anywhere in the text, whole, in any case."""
    return _pattern(tuple(words)).search(text) is not None


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for texts of strangers, in any case: no run of blanks is longer in it than four, so that text of blanks
    alone costs no time."""
    return re.compile(pattern.replace(r"\s+", r"\s{1,4}").replace(r"\s*", r"\s{0,4}"), re.IGNORECASE)


@lru_cache(maxsize=128)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(word.strip()) for word in words)
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
