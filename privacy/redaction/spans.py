"""What a recogniser finds: where personal data stands in a text, and of which kind it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of personal data; the value is what a placeholder calls it. Earlier ones win where two overlap evenly."""

    SECRET = "secret"  # noqa: S105 - a name of a kind, no password
    EMAIL = "email"
    CARD = "card"
    IBAN = "IBAN"
    ACCOUNT = "bank account"
    NATIONAL_ID = "id number"
    BIRTH_DATE = "birth date"
    ADDRESS = "address"
    LINK = "link"
    IP = "IP address"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, order=True)
class Span:
    """Characters start to end (exclusive) of a text."""

    start: int
    end: int
    kind: Kind


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans without overlaps, in order. Those that overlap become one, of the kind of the longest of them."""
    result: list[Span] = []
    longest = 0
    for span in sorted(spans):
        length = span.end - span.start
        if result and span.start < result[-1].end:
            last = result[-1]
            wins = (length, -_rank(span.kind)) > (longest, -_rank(last.kind))
            longest = max(longest, length)
            result[-1] = Span(last.start, max(last.end, span.end), span.kind if wins else last.kind)
        else:
            result.append(span)
            longest = length
    return result


def _rank(kind: Kind) -> int:
    return list(Kind).index(kind)
