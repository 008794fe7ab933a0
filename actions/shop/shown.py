"""Which of the items that were shown last a customer means: "the second one", "compare the first two". Pure."""

import re
from collections.abc import Sequence
from typing import Final

from actions.turn import Turn
from vocabulary import Item

_PLACES: Final = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1, "middle": 1,
}  # fmt: skip
_NUMBERS: Final = {"1": 0, "one": 0, "2": 1, "two": 1, "3": 2, "three": 2}
_PLACE: Final = re.compile(
    r"\b(?:(first|1st|second|2nd|third|3rd|last|middle)|(?:number|no\.?|option|#)\s*(1|2|3|one|two|three))\b",
    re.IGNORECASE,
)
_FIRST_TWO: Final = re.compile(r"\b(?:first|top) (?:two|2)\b", re.IGNORECASE)
_BY_PRICE: Final = re.compile(
    r"\bthe (?:(cheapest|cheaper|least expensive)|(?:dearest|priciest|(?:most|more) expensive))\b", re.IGNORECASE
)


def shown_items(turn: Turn, items: Sequence[Item]) -> list[Item]:
    """The items of the last suggestions or answer that still exist, in the order in which they were seen."""
    by_id = {item.id: item for item in items}
    return [by_id[item_id] for item_id in turn.shown_items if item_id in by_id]


def places_in(text: str, shown: Sequence[Item]) -> list[Item]:
    """The shown items that the words point at by place or price; [] if they point at none.

    "the second one" → the second; "the first two" → two; "the cheapest" → the one with the lowest price.
    """
    if not shown:
        return []
    if _FIRST_TWO.search(text):
        return list(shown[:2])
    places = [
        _PLACES[place.lower()] if place else _NUMBERS[number.lower()] for place, number in _PLACE.findall(text[:300])
    ]
    meant = [shown[place] for place in dict.fromkeys(places) if place < len(shown)]
    if not meant:
        by_price = _BY_PRICE.search(text[:300])
        ordered = sorted(shown, key=lambda item: item.dearness)
        meant = [] if by_price is None else [ordered[0] if by_price.group(1) else ordered[-1]]
    return meant


def shown_slot(items: Sequence[Item]) -> str:
    """What the slot remembers of the items that an answer names."""
    return " ".join(item.id for item in items)
