"""The shop's order numbers, postcodes and e-mail addresses in what customers type or speak."""

import re
from dataclasses import dataclass
from typing import Final

from actions.shop.agreement import CORRECTS
from speech import digit_rows, written_form

_LONGEST_READ: Final = 500
_TYPED_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
_GROUPS: Final = re.compile(r"(?<![\w@.])#?\d(?:[ .-]?\d)*(?![\w@])")
_ROWS: Final = re.compile(r"(?<!\d)\d+(?!\d)")
_ORDER_NUMBER: Final = re.compile(r"4\d{5}")
_POSTCODE: Final = re.compile(r"\d{5}")


@dataclass(frozen=True)
class Place:
    """A reading and where it stands in the text. plain: its figures stand there as such, and nothing else fits."""

    value: str
    start: int
    end: int
    plain: bool


def order_number_in(text: str) -> str | None:
    """The six digits of an order number, starting with 4; after "no, sorry" the corrected one.

    >>> order_number_in("it's four one seven two zero three")
    '417203'
    """
    found = order_number_at(text)
    return found.value if found else None


def order_number_at(text: str) -> Place | None:
    """The same with its place."""
    return _digits_at(text, _ORDER_NUMBER, 6)


def postcode_in(text: str) -> str | None:
    """The five digits of a postcode.

    >>> postcode_in("one zero double one five")
    '10115'
    """
    found = _digits_at(text, _POSTCODE, 5)
    return found.value if found else None


def email_in(text: str) -> str | None:
    """An e-mail address in lower case.

    >>> email_in("anna dot weber at example dot com")
    'anna.weber@example.com'
    """
    text = text[:_LONGEST_READ]
    found = _TYPED_EMAIL.search(text) or _TYPED_EMAIL.search(written_form(text))
    return found.group().strip(".-+_").lower() if found else None


def proof_in(text: str) -> str | None:
    """What proves an order: an e-mail address, or else a postcode."""
    return email_in(text) or postcode_in(text)


def odd_digits_in(text: str) -> str | None:
    """Digits in a row that are no order number, three or more: what a recogniser made of one."""
    rows = [re.sub(r"\D", "", found.group()) for found in _GROUPS.finditer(text[:_LONGEST_READ])]
    rows += [row for found in digit_rows(text[:_LONGEST_READ]) for row in found[:1]]
    return next((row for row in rows if len(row) >= 3), None)


def _digits_at(text: str, pattern: re.Pattern[str], length: int) -> Place | None:
    text = text[:_LONGEST_READ]
    # Typed in groups ("417 203") or whole; a longer number is another number.
    typed: list[Place] = []
    for group in _GROUPS.finditer(text):
        digits = re.sub(r"\D", "", group.group())
        if len(digits) == length and pattern.fullmatch(digits):
            typed.append(Place(digits, group.start(), group.end(), plain=True))
    if not typed:
        rows = (row for row in _ROWS.finditer(text) if pattern.fullmatch(row.group()))
        typed = [Place(row.group(), row.start(), row.end(), plain=False) for row in rows]
    if typed:
        return _meant(typed, text)
    spoken = next((row for rows in digit_rows(text) for row in rows if pattern.fullmatch(row)), None)
    return None if spoken is None else Place(spoken, 0, len(text), plain=False)


def _meant(places: list[Place], text: str) -> Place:
    """The first of several, or the last if the customer corrects the first."""
    first, last = places[0], places[-1]
    if first.value == last.value:
        return first
    meant = last if CORRECTS.search(text[first.end : last.start]) else first
    return Place(meant.value, meant.start, meant.end, plain=False)
