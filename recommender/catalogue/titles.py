"""Titles where a file has none, and titles that tell items apart."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from vocabulary import Item

TITLE_LENGTH: Final = 300
_LEAD_LENGTH: Final = 80
_SERIES_FROM: Final = 20
"""Items; in a smaller file a few shared titles do not tell how its shop names things."""
_DASH: Final = re.compile(r"\s+[-–—|]\s+|:\s+")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n")


def lead_of(description: str) -> tuple[str, str]:
    """A title from the beginning of a description, and what is left of it.

    "Alpine guide pants - Skin in, climb ice" is ("Alpine guide pants", "Skin in, climb ice"). Without such a beginning
    the title is the first sentence or the first words of it, and the description stays whole.
    """
    first = _DASH.split(description, maxsplit=1)
    if len(first) == 2 and 2 <= len(first[0]) <= _LEAD_LENGTH and "." not in first[0].rstrip("."):
        return first[0].strip(), first[1].strip()
    return _beginning(description), description


def tell_apart(items: Sequence[Item]) -> tuple[list[Item], int]:
    """The items, and how many got a longer title: one that several share, with different descriptions, is completed by
    the beginning of the description if that is short ("FREKVENS: Bar table, in/outdoor").

    Where most titles are shared they are names of series, which tell nobody what a thing is: then all are completed.
    """
    sharing: dict[str, set[str]] = defaultdict(set)
    for item in items:
        sharing[item.title.casefold()].add(item.description)
    shared = sum(len(sharing[item.title.casefold()]) > 1 for item in items)
    are_series = len(items) >= _SERIES_FROM and 2 * shared > len(items)
    changed = 0
    result = []
    for item in items:
        lead = _SENTENCE.split(item.description, maxsplit=1)[0].strip().rstrip(".")
        lead = lead if len(lead) <= _LEAD_LENGTH else ""
        completes = are_series or len(sharing[item.title.casefold()]) > 1
        if completes and lead and lead.casefold() not in item.title.casefold():
            whole = f"{item.title}: {lead}"
            changed += 1
            result.append(replace(item, title=whole if len(whole) <= TITLE_LENGTH else item.title))
        else:
            result.append(item)
    return result, changed


def _beginning(description: str) -> str:
    first = _SENTENCE.split(description, maxsplit=1)[0].strip().rstrip(".")
    if len(first) <= _LEAD_LENGTH:
        return first
    return first[:_LEAD_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:-")
