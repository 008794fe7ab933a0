"""Heard words as one writes them: "order four one seven two zero three" → "order 417203"."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from speech.language.amounts import write_amounts
from speech.language.dates import write_dates
from speech.language.digits import write_digits
from speech.language.mail import write_mail
from speech.language.spelling import write_alphabet, write_codes
from speech.language.tokens import Token, join, split
from speech.recognition.transcript import Word

# Letters before the addresses that they spell, and everything that names its unit before bare digits.
_RULES: Final[tuple[Callable[[Sequence[Token]], list[Token]], ...]] = (
    write_alphabet,
    write_mail,
    write_amounts,
    write_dates,
    write_codes,
    write_digits,
)
_MOST_PASSES: Final = 4


def written_form(heard: str) -> str:
    """The text as one writes it. Ordinary words stay as they are; written text stays written.

    >>> written_form("Order number is four, one, seven, two, oh, three, anna dot weber at example dot com.")
    'Order number is 417203, anna.weber@example.com.'
    """
    return " ".join(word.text for word in write([Word(word) for word in heard.split()]))


def write(words: Sequence[Word]) -> tuple[Word, ...]:
    """The same for words with times and confidences: a written word has the least confidence of its sources.

    A digit that was read from a word that only sounds like it ("for", "to") makes its number at most half sure.
    """
    written = tuple(words)
    # What one pass writes can complete what another begins ("B as in bravo", then "dash one two").
    for _ in range(_MOST_PASSES):
        again = _once(written)
        if [word.text for word in again] == [word.text for word in written]:
            break
        written = again
    return _ended(written)


def _ended(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Without marks that end nothing: "No," is "No", and a number or address alone is no sentence."""
    if not words:
        return words
    marks = ",;:." if len(words) == 1 and re.search(r"[\d@]", words[0].text) else ",;:"
    text = words[-1].text.rstrip(marks) or words[-1].text
    return (*words[:-1], replace(words[-1], text=text))


def _once(words: Sequence[Word]) -> tuple[Word, ...]:
    tokens = split(words)
    for rule in _RULES:
        tokens = rule(tokens)
    return join(tokens, words)
