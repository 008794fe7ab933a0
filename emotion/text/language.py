"""A light gate: is this English enough for models that know only English?

Three looks, no model: function words of English against those of other languages; accents in words that are no names;
and, where no list knows the words, whether they are everyday English or at least spelled like it. It is meant to keep a
German complaint from being read as calm English, not to name languages.
Figures: docs/decisions/0086-reading-in-context.md.
"""

import re
from functools import cache
from typing import Final

from emotion.text.english import fold, is_everyday, letter_cost, spelled
from emotion.text.word_lists import word_list

MAX_CHARS: Final = 2_000
_MAX_WORDS: Final = 120

_ADDRESS: Final = re.compile(r"\S*(?:@|://|www\.)\S*")
_QUOTED: Final = re.compile(r"[\"“„«][^\"“”„«»]{2,200}[\"”“»]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FOREIGN_LETTER: Final = re.compile(r"[äöüßñçãõåøæœłşğıžšéèêëàâîïôûáíóúąęćńśźżőűřěůčďťțșăđơư]|[\u1ea0-\u1ef9]")
_ELISION: Final = re.compile(r"(?:[cjlntms]|qu|dell|nell|all|dall|un)'[^\W\d_]{2,}")
_LATIN: Final = re.compile("[a-zA-ZÀ-ɏ\u1ea0-\u1ef9]")

_UNKNOWN_FROM: Final = 3  # words from which their look alone may speak against English
_EVERYDAY_SHARE: Final = 0.33
_LETTER_COST: Final = 3.6


def is_english(text: str) -> bool:
    """True unless the words say otherwise; a message without letters is in no language and passes.

    >>> is_english("Where is my order?"), is_english("Wo ist meine Bestellung?"), is_english("mera paisa kidhar gaya")
    (True, False, False)
    """
    head = _ADDRESS.sub(" ", text[:MAX_CHARS]).replace("’", "'")
    # What a page or a package says may be quoted in any language.
    head = _QUOTED.sub(" ", head) if len(_QUOTED.sub("", head)) >= 0.5 * len(head) else head
    letters = [char for char in head if char.isalpha()]
    if not letters:
        return True
    if sum(bool(_LATIN.match(char)) for char in letters) < 0.7 * len(letters):
        return False
    written = _WORD.findall(head)[:_MAX_WORDS]
    words = [word.lower() for word in written]
    english = sum(word in word_list("english") for word in words)
    foreign = sum(word in _foreign() or _ELISION.fullmatch(word) is not None for word in words)
    plain = [word.lower() for at, word in enumerate(written) if not _is_name(written, at)]
    accented = sum(bool(_FOREIGN_LETTER.search(word)) for word in plain)
    # Accents also come in borrowed words ("naïve"): half a vote each.
    if foreign + 0.5 * accented > english and foreign + accented >= max(1, round(0.12 * len(words))):
        return False
    return not _looks_foreign([word for word in plain if word not in _foreign()], foreign)


def _looks_foreign(words: list[str], foreign: int) -> bool:
    """Whether words that no list knows are neither everyday English nor spelled like it."""
    folded = [word for part in words for word in spelled(fold(part))]
    if len(folded) + foreign < _UNKNOWN_FROM or not folded:
        return False
    everyday = sum(is_everyday(word) for word in folded)
    return everyday < _EVERYDAY_SHARE * (len(folded) + foreign) and letter_cost(folded) > _LETTER_COST


def _is_name(written: list[str], at: int) -> bool:
    """A word with a capital within a message; not its first word, and not where all is in capitals."""
    word = written[at]
    if not word[0].isupper() or word.lower() in word_list("english") or word.lower() in _foreign():
        return False
    follows_name = len(written) > 1 and written[1 - min(at, 1)][0].isupper()
    return (at > 0 or follows_name) and not all(other.isupper() for other in written)


@cache
def _foreign() -> frozenset[str]:
    """The words of other languages, also as they are typed without accents, less those that are English."""
    words = word_list("foreign")
    return (words | {fold(word) for word in words if len(word) > 3}) - word_list("english")
