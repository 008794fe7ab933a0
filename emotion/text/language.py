"""A light gate: is this English enough for models that know only English?

Counts function words of English against those of nine other languages; no model. It is meant to keep a German
complaint from being read as calm English, not to name languages.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

MAX_CHARS: Final = 2_000

_ADDRESS: Final = re.compile(r"\S*(?:@|://|www\.)\S*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FOREIGN_LETTER: Final = re.compile(r"[äöüßñçãõåøæœłşğıžšéèêëàâîïôûáíóúąęćńśźżő]")
_LATIN: Final = re.compile(r"[a-zA-ZÀ-ɏ]")


def is_english(text: str) -> bool:
    """True unless the words say otherwise; a message without letters is in no language and passes.

    >>> is_english("Where is my order?"), is_english("Wo ist meine Bestellung?")
    (True, False)
    """
    head = _ADDRESS.sub(" ", text[:MAX_CHARS]).replace("’", "'").lower()
    letters = [char for char in head if char.isalpha()]
    if not letters:
        return True
    if sum(bool(_LATIN.match(char)) for char in letters) < 0.7 * len(letters):
        return False
    words = _WORD.findall(head)
    english = sum(word in _word_list("english.txt") for word in words)
    foreign = sum(word in _word_list("foreign.txt") for word in words)
    accented = sum(bool(_FOREIGN_LETTER.search(word)) for word in words)
    # Accents also come in names ("Müller", "naïve"): half a vote each.
    return not (foreign + 0.5 * accented > english and foreign + accented >= max(1, round(0.12 * len(words))))


@cache
def _word_list(name: str) -> frozenset[str]:
    lines = (Path(__file__).parent / "words" / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
