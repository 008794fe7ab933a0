"""E-mail addresses in words: "anna dot weber at example dot com"."""

import re
from collections.abc import Sequence
from typing import Final

from speech.language.digits import row_at
from speech.language.numerals import DIGITS, TEENS, TENS, TIMES, ZERO_SOUNDS, word_set
from speech.language.spelling import is_letter, spelled_at
from speech.language.tokens import Token, merge

_SIGNS: Final = {
    "dot": ".", "point": ".", "period": ".", "dash": "-", "hyphen": "-", "minus": "-", "underscore": "_", "plus": "+",
    "under-score": "_",
}  # fmt: skip
_ENDINGS: Final = word_set(
    "com org net de eu uk co info biz io ch at fr it es nl pl be dk se no fi pt cz ie us ca au edu gov me dev app shop "
    "email online"
)
_NO_HOST: Final = word_set("the a an my your his her our their this that these those all least once home work first")
_NO_NAME: Final = word_set(
    "look looked looking order ordered bought buy shop shopped found find saw see seen is was are were be am me us you "
    "it them him one available sold work works working registered subscribed account stay at on in of and or to i"
)
_ANNOUNCES: Final = word_set("mail email e-mail mails address is it's its under use me yes no with to by")
_NAME_PART: Final = re.compile(r"[\w.+-]+", re.ASCII)
_HALF: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*", re.ASCII)
_MOST_BACK: Final = 24


def write_mail(tokens: Sequence[Token]) -> list[Token]:
    """Replace spoken e-mail and web addresses; "look at the example" is none."""
    written: list[Token] = []
    position = 0
    while position < len(tokens):
        low = tokens[position].low
        host, end = "", position
        if low == "at" and written and not written[-1].ends_clause:
            host, end = _host_at(tokens, position + 1)
        if host:
            name, begin = _name_before(written)
            if name:
                sources = [*written[begin:], *tokens[position:end]]
                del written[begin:]
                written.append(merge(sources, f"{name}@{host}".lower()))
                position = end
                continue
        elif _HALF.fullmatch(tokens[position].core) or low == "www" or low.startswith("www."):
            rest, end = _dots_after(tokens, position + 1)
            if rest:
                written.append(merge(tokens[position:end], f"{tokens[position].core}{rest}".lower()))
                position = end
                continue
        written.append(tokens[position])
        position += 1
    return written


def _host_at(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """The host that is said from a place on, and where it ends; "" if there is none."""
    part, position = _part_at(tokens, start)
    if not part or part.lower() in _NO_HOST:
        return "", start
    host, end = (part, position) if "." in part and _ends_well(part) else ("", start)
    while position + 1 < len(tokens) and tokens[position].low in _SIGNS and not tokens[position].ends_clause:
        sign = _SIGNS[tokens[position].low]
        following, stop = _part_at(tokens, position + 1)
        if sign not in ".-" or not following:
            break
        part += sign + following
        position = stop
        if _ends_well(part):
            host, end = part, position
    return host, end


def _dots_after(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    rest, position = "", start
    while position + 1 < len(tokens) and tokens[position].low == "dot":
        following, stop = _part_at(tokens, position + 1)
        if not following:
            break
        rest += "." + following
        position = stop
    return (rest, position) if rest and _ends_well(rest) else ("", start)


def _part_at(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """One part of an address: spelled letters, spoken digits or a word."""
    if start >= len(tokens):
        return "", start
    letters, end = spelled_at(tokens, start)
    if letters:
        return letters, end
    ahead = tokens[start : start + _MOST_BACK]
    pieces, end = row_at(ahead, [token.low for token in ahead], 0)
    if pieces and all(piece.plain for piece in pieces):
        return "".join(piece.digits for piece in pieces), start + end
    token = tokens[start]
    if _NAME_PART.fullmatch(token.core) and token.low not in _SIGNS:
        return token.core, start + 1
    return "", start


def _name_before(written: Sequence[Token]) -> tuple[str, int]:
    """What stands before the "at", and where it begins; "" if no address is meant."""
    begin = _part_before(written, len(written))
    if begin == len(written):
        return "", begin
    joined = False
    while begin >= 2 and written[begin - 1].low in _SIGNS and not written[begin - 1].before:
        earlier = _part_before(written, begin - 1)
        if earlier == begin - 1 or len(written) - earlier > _MOST_BACK:
            break
        begin, joined = earlier, True
    name = _read(written[begin:])
    spelled = len(written) - begin > 1
    typed = bool(re.search(r"[\d._+-]", name))
    announced = begin == 0 or written[begin - 1].low in _ANNOUNCES or written[begin - 1].ends_clause
    if not name or not (joined or spelled or typed or (announced and name.lower() not in _NO_NAME)):
        return "", len(written)
    return name, begin


def _part_before(written: Sequence[Token], stop: int) -> int:
    """Where the part of an address begins that ends before a place; the place itself if there is none."""
    begin = stop
    while begin and stop - begin < _MOST_BACK and _one_of_many(written, begin - 1):
        begin -= 1
    if begin < stop:
        # "dot weber eighty five": digits belong to the name before them, if that follows a sign.
        named = begin >= 2 and written[begin - 2].low in _SIGNS and _plain(written[begin - 1])
        spelled = all(is_letter(token) or token.low in ("capital", *TIMES) for token in written[begin:stop])
        return begin - 1 if named and not spelled else begin
    if stop and _plain(written[stop - 1]):
        return stop - 1
    return stop


def _one_of_many(written: Sequence[Token], position: int) -> bool:
    token = written[position]
    if is_letter(token) or token.low in ("capital", *TIMES):
        # "I at example" is no address, nor is "call me a".
        return token.low != "i" or position == 0 or is_letter(written[position - 1])
    low = token.low
    return low in DIGITS or low in TEENS or low in TENS or low in ZERO_SOUNDS or (low.isascii() and low.isdigit())


def _plain(token: Token) -> bool:
    return bool(_NAME_PART.fullmatch(token.core)) and token.low not in _SIGNS and token.low != "at"


def _read(tokens: Sequence[Token]) -> str:
    name, position = "", 0
    while position < len(tokens):
        if position and tokens[position].low in _SIGNS:
            name += _SIGNS[tokens[position].low]
            position += 1
            continue
        part, end = _part_at(tokens, position)
        if not part:
            return ""
        name += part
        position = end
    return name


def _ends_well(host: str) -> bool:
    return host.rpartition(".")[2].lower() in _ENDINGS
