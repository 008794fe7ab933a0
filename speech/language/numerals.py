"""Number words: digits, pairs, hundreds, thousands, ordinals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DIGIT_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEEN_WORDS: Final = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS_WORDS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
"""From 20 on."""
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
DIGITS: Final = {**{word: str(digit) for digit, word in enumerate(DIGIT_WORDS)}, "null": "0", "nought": "0"}
ZERO_SOUNDS: Final = frozenset({"oh", "o"})
SOUNDALIKES: Final = {"to": "2", "too": "2", "for": "4", "fore": "4", "won": "1", "ate": "8"}
"""Words that a recogniser writes for digits. They count only between plain ones: "two" and "to" sound alike."""
TEENS: Final = {word: value for value, word in enumerate(TEEN_WORDS, 10)}
TENS: Final = {**{word: 10 * value for value, word in enumerate(TENS_WORDS, 2)}, "fourty": 40}
TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
_ORDINAL_UNITS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
)  # fmt: skip
ORDINALS: Final = {
    **{word: number for number, word in enumerate(_ORDINAL_UNITS, 1)}, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
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


def ordinal_words(number: int) -> str:
    """1 to 99 as an ordinal.

    >>> ordinal_words(3), ordinal_words(20), ordinal_words(31)
    ('third', 'twentieth', 'thirty first')
    """
    if number < 20:
        return _ORDINAL_UNITS[number - 1]
    tens, units = TENS_WORDS[number // 10 - 2], number % 10
    return f"{tens} {_ORDINAL_UNITS[units - 1]}" if units else f"{tens.removesuffix('y')}ieth"


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
