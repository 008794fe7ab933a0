"""Many distinct, short product texts for measuring an index: the demo shop's words, put together anew."""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from shop import generate_catalogue

SEED: Final = 61
_LEFT_OUT: Final = frozenset({"type", "model", "brand", "colour", "fits", "runs for"})


def product_texts(count: int, seed: int = SEED) -> Iterator[str]:
    """`count` different texts of 7 to 20 tokens, the same for the same seed; a larger count begins the same way.

    A model's name, a colour and a kind of thing are drawn, and one fact that the shop's things of this kind have
    ("Slate red kettle, 1.7 litres"). Names and colours cross kinds, so that there are enough: about two million.
    """
    draw = random.Random(seed)
    facts: dict[str, set[str]] = defaultdict(set)
    names: set[str] = set()
    colours: set[str] = set()
    for item in generate_catalogue():
        held = item.attributes
        facts[held["type"]].update(
            f"{name} {value}" if len(value) < 4 else value for name, value in held.items() if name not in _LEFT_OUT
        )
        colours.update(held.get("colour", "").split(", "))
        names.update(word for word in held.get("model", "").split() if word.istitle())
    kinds = [(kind, sorted(known)) for kind, known in sorted(facts.items()) if known]
    ordered_names, ordered_colours = sorted(names), sorted(colours - {""})
    seen: set[str] = set()
    while len(seen) < count:
        kind, known = draw.choice(kinds)
        text = f"{draw.choice(ordered_names)} {draw.choice(ordered_colours)} {kind}, {draw.choice(known)}"
        if text not in seen:
            seen.add(text)
            yield text
