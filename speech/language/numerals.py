"""Number words: digits, pairs, hundreds, thousands, ordinals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DIGITS: Final = {
    "zero": "0", "null": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
ZERO_SOUNDS: Final = frozenset({"oh", "o"})
SOUNDALIKES: Final = {"to": "2", "too": "2", "for": "4", "fore": "4", "won": "1", "ate": "8"}
"""Words that a recogniser writes for digits. They count only between plain ones: "two" and "to" sound alike."""
TEENS: Final = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
_ORDINAL_UNITS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
ORDINALS: Final = {**{word: number for number, word in enumerate(_ORDINAL_UNITS, 1)}, "thirtieth": 30}
_SMALL: Final = {**{word: int(digit) for word, digit in DIGITS.items()}, **TEENS, **TENS}


@dataclass(frozen=True)
class Cardinal:
    """A number in words. value; how many words it takes; kind: "unit", "pair", "hundred" or "thousand"."""

    value: int
    used: int
    kind: str


def word_set(words: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(words.split())


def is_number_word(word: str) -> bool:
    """Whether a word names a number, or joins two of them."""
    word = word.lower()
    return word in _SMALL or word in ZERO_SOUNDS or word in TIMES or word in ORDINALS or word in ("hundred", "thousand")


def cardinal(words: Sequence[str], start: int) -> Cardinal | None:
    """The number that begins at a place: "four hundred (and) seventeen thousand", "forty one", "a hundred".

    >>> cardinal("two hundred and three euros".split(), 0)
    Cardinal(value=203, used=4, kind='hundred')
    """
    below = _below_thousand(words, start)
    if below is None:
        return None
    position = start + below.used
    if _at(words, position) != "thousand":
        return below
    value = below.value * 1000
    position += 1
    skipped = 1 if _at(words, position) == "and" else 0
    rest = _below_thousand(words, position + skipped)
    if rest is not None and _at(words, position + skipped + rest.used) != "thousand":
        value += rest.value
        position += skipped + rest.used
    return Cardinal(value, position - start, "thousand")


def ordinal(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """1 to 31 and how many words it takes: "third", "twenty first", "3rd"; None if there is none."""
    word = _at(words, start)
    if word in ORDINALS:
        return ORDINALS[word], 1
    following = ORDINALS.get(_at(words, start + 1), 0)
    if word in ("twenty", "thirty") and 1 <= following <= 9 and TENS[word] + following <= 31:
        return TENS[word] + following, 2
    if word[:-2].isascii() and word[:-2].isdigit() and word[-2:] in ("st", "nd", "rd", "th") and len(word) <= 4:
        day = int(word[:-2])
        return (day, 1) if 1 <= day <= 31 else None
    return None


def _below_thousand(words: Sequence[str], start: int) -> Cardinal | None:
    head = _below_hundred(words, start)
    if head is None and _at(words, start) == "a" and _at(words, start + 1) == "hundred":
        head = Cardinal(1, 1, "unit")
    if head is None:
        return None
    position = start + head.used
    if _at(words, position) != "hundred" or head.value == 0:
        return head
    position += 1
    value = head.value * 100
    skipped = 1 if _at(words, position) == "and" else 0
    rest = _below_hundred(words, position + skipped)
    if rest is not None and rest.value and _at(words, position + skipped + rest.used) != "hundred":
        value += rest.value
        position += skipped + rest.used
    return Cardinal(value, position - start, "hundred")


def _below_hundred(words: Sequence[str], start: int) -> Cardinal | None:
    word = _at(words, start)
    if word in TENS:
        unit = int(DIGITS.get(_at(words, start + 1), "0"))
        return Cardinal(TENS[word] + unit, 2 if unit else 1, "pair")
    if word in TEENS:
        return Cardinal(TEENS[word], 1, "pair")
    if word in DIGITS:
        return Cardinal(int(DIGITS[word]), 1, "unit")
    return None


def _at(words: Sequence[str], position: int) -> str:
    return words[position] if 0 <= position < len(words) else ""
