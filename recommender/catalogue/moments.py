"""Times as logs write them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

_NUMERIC: Final = re.compile(r"\d{9,19}(?:\.\d+)?")
_PARTS: Final = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?)?"
)


def read_moment(words: str, *, day_first: bool = True) -> datetime | None:
    """A time with its zone; UTC where none is named. None if it cannot be read.

    Seconds, milliseconds and microseconds since 1970, ISO 8601, 31.01.2024 and 1/31/2024. day_first: whether 1/2/2024
    is the first of February.
    """
    text = words.strip()
    if _NUMERIC.fullmatch(text):
        number = float(text)
        for per_second in (1.0, 1e3, 1e6, 1e9):
            if number / per_second < 4e9:
                return datetime.fromtimestamp(number / per_second, UTC)
        return None
    try:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    found = _PARTS.fullmatch(text.removesuffix(" UTC").removesuffix("Z"))
    if found is None:
        return None
    a, b, c = (int(part) for part in found.group(1, 2, 3))
    year, month, day = (a, b, c) if a > 31 else (c, b, a) if day_first or a > 12 else (c, a, b)
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    half = (found.group(7) or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return datetime(year if year > 99 else 2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def finds_day_first(values: Iterable[str]) -> bool:
    """Whether dates such as 1/2/2024 begin with the day: not if the second number is ever above 12, or with slashes
    unless the first one is."""
    slashes = False
    for words in values:
        found = _PARTS.match(words.strip())
        if found is None or int(found.group(1)) > 31:
            continue
        if int(found.group(2)) > 12:
            return False
        if int(found.group(1)) > 12:
            return True
        slashes |= "/" in words
    return not slashes
