"""How much of what was said was heard: two texts in one canonical form, and their errors in words and letters."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from speech.language.numerals import DIGIT_WORDS, TEEN_WORDS, TENS_WORDS, ordinal_words

_UNITS: Final = {name: value for value, name in enumerate((*DIGIT_WORDS, *TEEN_WORDS))}
_ROUND: Final = {name: 10 * value for value, name in enumerate(TENS_WORDS, 2)}
_TIMES: Final = {"double": 2, "triple": 3}
_CURRENCY: Final = {"€": "euros", "$": "dollars", "£": "pounds"}
_NAMED_CURRENCY: Final = frozenset(("euro", "euros", "dollar", "dollars", "pound", "pounds"))
_SIGNS: Final = {"%": " percent ", "&": " and ", "@": " at "}


@dataclass(frozen=True)
class Score:
    """Errors of one text. words, letters: of the reference in canonical form; letters without spaces."""

    words: int
    word_errors: int
    letters: int
    letter_errors: int

    @property
    def wer(self) -> float | None:
        """Word error rate: errors over words of the reference; None without words. It can pass 1."""
        return self.word_errors / self.words if self.words else None

    @property
    def cer(self) -> float | None:
        """The same over letters."""
        return self.letter_errors / self.letters if self.letters else None


def score(reference: str, heard: str) -> Score:
    """Compare two texts, both in canonical form.

    >>> score("Order forty-one, please!", "order 42 please").wer
    0.25
    """
    said, got = canonical(reference), canonical(heard)
    letters, others = "".join(said), "".join(got)
    return Score(len(said), distance(said, got), len(letters), distance(letters, others))


def pooled(scores: Iterable[Score]) -> Score:
    """Errors and words of many texts together, so that a long text counts for more than a short one."""
    total = Score(0, 0, 0, 0)
    for one in scores:
        total = Score(
            total.words + one.words,
            total.word_errors + one.word_errors,
            total.letters + one.letters,
            total.letter_errors + one.letter_errors,
        )
    return total


def distance(left: Sequence[str], right: Sequence[str]) -> int:
    """Levenshtein distance: the fewest insertions, deletions and changes from one to the other."""
    row = list(range(len(right) + 1))
    for number, one in enumerate(left, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(right, 1):
            here = min(row[column] + 1, row[column - 1] + 1, diagonal + (one != other))
            diagonal, row[column] = row[column], here
    return row[-1]


def word_errors(reference: str, heard: str) -> int:
    """How many words to insert, delete or change; over the words of the reference it is the word error rate."""
    return distance(reference.split(), heard.split())


def canonical(text: str) -> list[str]:
    """The words that are compared.

    Lower case; accents, punctuation and hyphens are gone; apostrophes stay within words. Numbers, in figures or in
    words, are single digits: "forty one", "four one", "41" and "double four" give "4 1", "4 1", "4 1" and "4 4",
    "two hundred five" gives "2 0 5". "oh" is 0 beside another number, ordinals are words, "€5" is "5 euros", "5 euros
    ninety" is "5 9 0 euros". British and American spellings stay different.

    >>> canonical("It's order #417-203, isn’t it? (€12.50)")
    ["it's", 'order', '4', '1', '7', '2', '0', '3', "isn't", 'it', '1', '2', '5', '0', 'euros']
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for sign, name in _CURRENCY.items():
        plain = re.sub(rf"{re.escape(sign)}\s*([\d.,]*\d)", rf"\1 {name} ", plain).replace(sign, f" {name} ")
    plain = re.sub(r"\d+(?:st|nd|rd|th)\b", lambda match: _ordinal(match[0]), plain)
    for sign, name in _SIGNS.items():
        plain = plain.replace(sign, name)
    plain = re.sub(r"(?<=[a-z])\.(?=[a-z]{2})", " dot ", plain) if " at " in plain else plain
    # Thousands in groups are one number: "1,200".
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain)
    plain = re.sub(r"(\d+)", r" \1 ", plain)
    words = [word for word in (raw.strip("'") for raw in re.sub(r"[^a-z0-9' ]", " ", plain).split()) if word]
    return _cents_first(_numbers_in_digits(words))


def _ordinal(figure: str) -> str:
    value = int(figure[:-2])
    return ordinal_words(value) if 1 <= value < 100 else f"{value} th"


def _numbers_in_digits(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(words):
        value, after = _number(words, place)
        if after > place:
            found += value
            place = after
        else:
            found.append(words[place])
            place += 1
    return found


def _number(words: Sequence[str], place: int) -> tuple[str, int]:
    """The digits of the number that begins there, and where it ends; it ends where it begins if there is none."""
    word = words[place]
    if word.isdigit():
        return word, place + 1
    if word in _TIMES and place + 1 < len(words):
        digit = _digit(words[place + 1])
        return (digit * _TIMES[word], place + 2) if digit else ("", place)
    if word in ("oh", "o") and (_is_number(words, place - 1) or _is_number(words, place + 1)):
        return "0", place + 1
    value, after = _below_hundred(words, place)
    if after == place:
        return "", place
    for name, size in (("thousand", 1000), ("hundred", 100)):
        if after < len(words) and words[after] == name and value < size:
            rest = after + 1 + (words[after + 1 : after + 2] == ["and"])
            more, end = _number(words, rest) if rest < len(words) and words[rest] in _UNITS | _ROUND else ("", rest)
            fits = more and int(more) < size and not more.startswith("0")
            return str(value * size + (int(more) if fits else 0)), end if fits else after + 1
    return str(value), after


def _below_hundred(words: Sequence[str], place: int) -> tuple[int, int]:
    word = words[place]
    if word in _ROUND:
        follower = _UNITS.get(words[place + 1], 0) if place + 1 < len(words) else 0
        return (_ROUND[word] + follower, place + 2) if 0 < follower < 10 else (_ROUND[word], place + 1)
    return (_UNITS[word], place + 1) if word in _UNITS else (0, place)


def _digit(word: str) -> str:
    if word in ("oh", "o"):
        return "0"
    return word if word.isdigit() and len(word) == 1 else str(_UNITS[word]) if _UNITS.get(word, 10) < 10 else ""


def _is_number(words: Sequence[str], place: int) -> bool:
    return 0 <= place < len(words) and (
        words[place] in _UNITS | _ROUND | _TIMES or words[place] in ("oh", "o") or words[place].isdigit()
    )


def _cents_first(words: Sequence[str]) -> list[str]:
    """ "5 euros 9 0" becomes "5 9 0 euros", as figures have it."""
    ordered = list(words)
    for place, word in enumerate(words):
        two = words[place + 1 : place + 3]
        if (
            word in _NAMED_CURRENCY
            and place
            and words[place - 1].isdigit()
            and len(two) == 2
            and all(map(str.isdigit, two))
        ):
            ordered[place : place + 3] = [*two, word]
    return ordered
