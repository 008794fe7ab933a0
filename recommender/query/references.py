"""What a customer's words point at: what was shown before, and its price."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_PLACES: Final = {
    word: place
    for place, words in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th"))
    for word in words.split()
} | {"last": -1}
_ORDINAL: Final = rf"(?P<place>{'|'.join(_PLACES)})"
_THING: Final = r"(?: (?:one|item|product|model|suggestion|option|choice)s?)?"
_AS: Final = (
    r"(?:(?:something|anything|one|ones|more|another|others|another one|exactly|just|much)(?: \w+)? )?"
    r"(?:like|similar to|same as|the same as|such as|comparable to|close to)"
)
_LIKE: Final = re.compile(
    rf"\b{_AS} (?:(?:the |that |this |your ){_ORDINAL}{_THING}|(?:this|that|it|these|those)\b{_THING})", re.IGNORECASE
)
_SIMILAR: Final = re.compile(
    r"\b(?:(?:something|anything|one|ones) similar|similar (?:ones?|items?|products?|models?|things?)|"
    r"more (?:of|like) (?:this|that|these|those)|more like it|"
    r"(?:the same|same one|same thing)\b(?= (?:but|in|only|just)))",
    re.IGNORECASE,
)
_THE_ONE: Final = re.compile(
    rf"\b(?:the|that|your) {_ORDINAL} (?:one|item|product|model|suggestion|option|choice)\b", re.IGNORECASE
)
_NOT: Final = re.compile(r"(?:\bnot|\bno|don'?t (?:want|like)|\bexcept|\banything but|n't)\s*$", re.IGNORECASE)
_THIS: Final = re.compile(r"\b(?:not|don'?t (?:want|like)) (?:this|that)(?: one)?\b", re.IGNORECASE)

_ELSE: Final = re.compile(
    r"\b(?:(?:something|anything|what) else|(?:any |some |the )?other (?:ones?|options?|choices?|models?|suggestions?|"
    r"colou?rs?|sizes?)|"
    r"(?:any )?others|(?:something|ones?) different|different ones?|more (?:options|choices|ideas|suggestions))\b",
    re.IGNORECASE,
)

_CHEAPER: Final = re.compile(
    r"\b(?:cheaper|less expensive|more affordable|lower price|lower priced|less money|"
    r"(?:too|so|very|that) (?:expensive|dear|pricey|costly))\b(?! than \D{0,3}\d)",
    re.IGNORECASE,
)
_CHEAPEST: Final = re.compile(
    r"\b(?:cheapest|least expensive|most affordable|lowest price|lowest priced)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Pointing:
    """rest: the text without the words that point. like, refused: ids of what was shown; "something else" refuses all.

    cheaper: below what was shown. cheapest: the lowest prices first.
    """

    rest: str
    like: str | None = None
    refused: tuple[str, ...] = ()
    cheaper: bool = False
    cheapest: bool = False


def read_pointing(text: str, shown: Sequence[str]) -> Pointing:
    """Find what the words point at. shown: ids, in the order in which the customer saw them.

    >>> read_pointing("something like the second one in red", ["a", "b"])
    Pointing(rest='in red', like='b', refused=(), cheaper=False, cheapest=False)
    """
    cheaper, cheapest = _CHEAPER.search(text) is not None, _CHEAPEST.search(text) is not None
    rest = _CHEAPEST.sub(" ", _CHEAPER.sub(" ", text))
    like: str | None = None
    refused: list[str] = []
    if shown:
        other = _ELSE.search(rest)
        if other:
            refused += shown
            rest = _cut(rest, other)
        this = _THIS.search(rest)
        if this:
            refused.append(shown[0])
            rest = _cut(rest, this)
        for pattern in (_LIKE, _SIMILAR, _THE_ONE):
            match = pattern.search(rest)
            if match is None:
                continue
            found = _at(shown, match.groupdict().get("place"))
            before = rest[: match.start()]
            if found is not None and _NOT.search(before):
                refused.append(found)
                rest = _NOT.sub("", before) + " " + rest[match.end() :]
            elif found is not None and like is None:
                like, rest = found, _cut(rest, match)
    return Pointing(" ".join(rest.split()), like, tuple(dict.fromkeys(refused)), cheaper, cheapest)


def _at(shown: Sequence[str], place: str | None) -> str | None:
    """“This one” is the first; a place that was not shown is nobody's."""
    number = 0 if place is None else _PLACES[place.lower()]
    return shown[number] if number < len(shown) else None


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
