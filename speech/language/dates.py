"""Dates, years and times of day in words: "the third of march", "in nineteen ninety nine", "three thirty p m"."""

from collections.abc import Sequence
from typing import Final

from speech.language.numerals import MONTHS, Cardinal, cardinal, ordinal, word_set
from speech.language.tokens import Token, merge, rewrite

_MONTHS: Final = frozenset(MONTHS)
_VERBS_TOO: Final = frozenset({"may", "march"})
_BEFORE_VERB: Final = word_set(
    "i you we they he she it this that who which will can could would should must let's not to and please people"
)
_BEFORE_YEAR: Final = word_set("in since year from until of before after")
_BEFORE_TIME: Final = word_set("at by until till before after around from to between")
_ENDS_DAY: Final = frozenset({"am", "pm"})
_QUARTERS: Final = (15, 30, 45)


def write_dates(tokens: Sequence[Token]) -> list[Token]:
    """Replace dates, years and times of day by figures."""
    words = [token.low.replace(".", "") for token in tokens]

    def read(position: int) -> tuple[Sequence[Token], int]:
        for form in (_day_first, _month_first, _year, _time):
            text, end = form(tokens, words, position)
            if text:
                return [merge(tokens[position:end], text)], end
        return (), position

    return rewrite(tokens, read)


def _day_first(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """ "the third of march 2026", "twelfth may" → "3 March 2026", "12 May"."""
    position = start + 1 if words[start] == "the" else start
    day = ordinal(words, position)
    if day is None:
        return "", start
    position += day[1]
    of = position < len(words) and words[position] == "of"
    position += of
    if position >= len(words) or words[position] not in _MONTHS or not _together(tokens, start, position + 1):
        return "", start
    if words[position] in _VERBS_TOO and not of and words[start] != "the":
        return "", start
    year, end = _year_at(tokens, words, position + 1)
    return f"{day[0]} {words[position].capitalize()}" + (f" {year}" if year else ""), end


def _month_first(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """ "march third two thousand twenty six" → "March 3, 2026"."""
    if words[start] not in _MONTHS or tokens[start].after:
        return "", start
    if words[start] in _VERBS_TOO and start and words[start - 1] in _BEFORE_VERB:
        return "", start
    position = start + 1
    if position < len(words) and words[position] == "the":
        position += 1
    day = ordinal(words, position)
    if day is None or not _together(tokens, start, position + day[1]):
        return "", start
    year, end = _year_at(tokens, words, position + day[1])
    return f"{words[start].capitalize()} {day[0]}" + (f", {year}" if year else ""), end


def _year(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """ "in nineteen ninety nine": only after a word that a year follows."""
    if not start or words[start - 1] not in _BEFORE_YEAR or words[start].isdigit():
        return "", start
    year, end = _year_at(tokens, words, start)
    return (str(year), end) if year and (start + 1 < end) else ("", start)


def _time(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """ "three thirty p m" → "3:30 pm"; "at three thirty" → "3:30"."""
    if words[start].isdigit():
        return "", start
    hour = cardinal(words, start)
    if hour is None or not 1 <= hour.value <= 24 or tokens[start + hour.used - 1].after:
        return "", start
    position = start + hour.used
    if words[position : position + 2] == ["o", "clock"]:
        return f"{hour.value} o'clock", position + 2
    if words[position : position + 1] == ["o'clock"]:
        return f"{hour.value} o'clock", position + 1
    minutes = cardinal(words, position)
    clock = str(hour.value)
    if minutes is not None and minutes.kind == "pair" and minutes.value < 60:
        position += minutes.used
        clock = f"{hour.value}:{minutes.value:02d}"
    for end, half in ((position + 1, "".join(words[position : position + 1])), (position + 2, _two(words, position))):
        if half in _ENDS_DAY and hour.value <= 12 and not tokens[position - 1].after:
            return f"{clock} {half}", end
    at_quarter = minutes is not None and minutes.value in _QUARTERS and hour.kind == "unit"
    if at_quarter and start and words[start - 1] in _BEFORE_TIME and _closes(tokens, position):
        return clock, position
    return "", start


def _year_at(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[int | None, int]:
    """A year from 1900 to 2099 and where it ends; None if there is none."""
    if start >= len(words) or (start and tokens[start - 1].ends_clause):
        return None, start
    if len(words[start]) == 4 and words[start].isascii() and words[start].isdigit():
        return (int(words[start]), start + 1) if 1900 <= int(words[start]) <= 2099 else (None, start)
    found = cardinal(words, start)
    if found is None:
        return None, start
    end = start + found.used
    if found.kind == "thousand":
        return (found.value, end) if 2000 <= found.value <= 2099 else (None, start)
    second: Cardinal | None = cardinal(words, end)
    if found.value in (19, 20) and second is not None and second.kind == "pair" and not tokens[end - 1].after:
        return found.value * 100 + second.value, end + second.used
    return None, start


def _two(words: Sequence[str], position: int) -> str:
    pair = words[position : position + 2]
    return "".join(pair) if len(pair) == 2 and all(len(word) == 1 for word in pair) else ""


def _closes(tokens: Sequence[Token], position: int) -> bool:
    return position == len(tokens) or bool(tokens[position - 1].after)


def _together(tokens: Sequence[Token], start: int, end: int) -> bool:
    return all(not token.after for token in tokens[start : end - 1])
