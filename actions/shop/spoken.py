"""Order numbers, postcodes and e-mail addresses, as customers type or speak them."""

import re
from typing import Final

_LONGEST_READ: Final = 500
_DIGITS: Final = {
    "zero": "0", "null": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
# Words that a recogniser writes for digits. They count only beside enough plain ones: "two" and "to" sound alike.
_SOUNDALIKES: Final = {"oh": "0", "o": "0", "won": "1", "to": "2", "too": "2", "for": "4", "ate": "8"}
_TEENS: Final = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS: Final = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5",
    "sixty": "6", "seventy": "7", "eighty": "8", "ninety": "9",
}  # fmt: skip
_TIMES: Final = {"double": 2, "triple": 3}
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+")
_TYPED_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
_SPOKEN_SIGNS: Final = {
    "at": "@", "dot": ".", "point": ".", "period": ".", "dash": "-", "hyphen": "-", "minus": "-",
    "underscore": "_", "plus": "+",
}  # fmt: skip
_FEWEST_PLAIN: Final = 3


def order_number_in(text: str) -> str | None:
    """The six digits of an order number, starting with 4.

    >>> order_number_in("it's four one seven two zero three")
    '417203'
    """
    return _digits_in(text, re.compile(r"4\d{5}"), 6)


def postcode_in(text: str) -> str | None:
    """The five digits of a postcode.

    >>> postcode_in("one zero double one five")
    '10115'
    """
    return _digits_in(text, re.compile(r"\d{5}"), 5)


def email_in(text: str) -> str | None:
    """An e-mail address in lower case.

    >>> email_in("anna dot weber at example dot com")
    'anna.weber@example.com'
    """
    text = text[:_LONGEST_READ]
    found = _TYPED_EMAIL.search(text) or _TYPED_EMAIL.search(_join_spoken_signs(text))
    return found.group().strip(".-+_").lower() if found else None


def proof_in(text: str) -> str | None:
    """What proves an order: an e-mail address, or else a postcode."""
    return email_in(text) or postcode_in(text)


def _digits_in(text: str, pattern: re.Pattern[str], length: int) -> str | None:
    text = text[:_LONGEST_READ]
    # Typed in groups ("417 203") or whole; a longer number is another number.
    for typed in re.finditer(r"(?<![\w@.])#?\d(?:[ .-]?\d)*(?![\w@])", text):
        digits = re.sub(r"\D", "", typed.group())
        if len(digits) == length and pattern.fullmatch(digits):
            return digits
    for typed in re.finditer(r"(?<!\d)\d+(?!\d)", text):
        if pattern.fullmatch(typed.group()):
            return typed.group()
    return next((run for run in _spoken_runs(text) if pattern.fullmatch(run)), None)


def _spoken_runs(text: str) -> list[str]:
    """Digits spoken in a row, joined; a word in between ends a run."""
    runs: list[str] = []
    row: list[tuple[str, bool]] = []
    tokens = _TOKEN.findall(text.lower())
    position = 0
    while position <= len(tokens):
        spoken, used, plain = _spoken_digits(tokens, position)
        position += used
        if spoken:
            row.append((spoken, plain))
            continue
        if sum(len(digits) for digits, plain in row if plain) >= _FEWEST_PLAIN:
            runs.extend(_readings(row))
        row = []
    return runs


def _readings(row: list[tuple[str, bool]]) -> list[str]:
    """The digits of a row, and the same without a "for" before or a "to" after it that may be a mere word."""
    starts = (0,) if row[0][1] else (0, 1)
    ends = (len(row),) if row[-1][1] else (len(row), len(row) - 1)
    return ["".join(digits for digits, _ in row[start:end]) for start in starts for end in ends]


def _spoken_digits(tokens: list[str], position: int) -> tuple[str, int, bool]:
    """Digits at this place, how many tokens they take, and whether they are surely meant as digits."""
    if position >= len(tokens):
        return "", 1, False
    word = tokens[position]
    following = tokens[position + 1] if position + 1 < len(tokens) else ""
    if word in _TIMES and following in _DIGITS:
        return _DIGITS[following] * _TIMES[word], 2, True
    if word in _TENS:
        unit = _DIGITS.get(following, "0")
        return (_TENS[word] + unit, 2, True) if unit != "0" else (_TENS[word] + "0", 1, True)
    if word in _DIGITS:
        return _DIGITS[word], 1, True
    if word in _TEENS:
        return _TEENS[word], 1, True
    if word.isdecimal() and len(word) <= 2:
        return word, 1, True
    if word in _SOUNDALIKES:
        return _SOUNDALIKES[word], 1, False
    return "", 1, False


def _join_spoken_signs(text: str) -> str:
    words = [_SPOKEN_SIGNS.get(word.lower().strip(",;:!?"), word) for word in text.split()]
    joined = " ".join(words)
    # Letters that were spelled out one by one are one word: "a n n a" is "anna".
    joined = re.sub(r"(?<!\S)(?:\w )+\w(?!\S)", lambda match: match.group().replace(" ", ""), joined)
    return re.sub(r"\s*([@._+-])\s*", r"\1", joined)
