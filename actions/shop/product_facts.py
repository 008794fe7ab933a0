"""Facts about items in words. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from actions.shop.wording import say_money, say_title
from vocabulary import Item

_HIDDEN: Final = frozenset({"type", "brand", "model"})
# Words of a question, and the attributes that may answer it.
_ASKS: Final = {
    "loud": ("noise",), "quiet": ("noise",), "silent": ("noise",), "decibel": ("noise",), "noisy": ("noise",),
    "heavy": ("weight",), "weigh": ("weight",), "weighs": ("weight",),
    "big": ("size", "screen size", "width", "capacity"), "large": ("size", "screen size", "width", "capacity"),
    "wide": ("width",), "dimensions": ("size", "width", "screen size"), "inch": ("screen size",),
    "watts": ("power",), "watt": ("power",), "strong": ("power",),
    "litres": ("capacity", "tank"), "liters": ("capacity", "tank"), "hold": ("capacity",), "water": ("tank", "water"),
    "long": ("length", "cable", "battery life"), "cable": ("cable",), "color": ("colour",), "colors": ("colour",),
    "energy": ("energy class",), "efficient": ("energy class",), "battery": ("battery life",),
    "waterproof": ("water",), "fast": ("heat up", "speed"), "quickly": ("heat up",), "hdmi": ("ports",),
    "storage": ("storage",), "ram": ("memory",),
}  # fmt: skip


def say_facts(item: Item, question: str = "") -> tuple[str, bool]:
    """The attributes as a sentence, and whether they answer the question: then only the asked ones are said."""
    asked = _asked(item.attributes, question)
    chosen = asked or [name for name in item.attributes if name not in _HIDDEN]
    words = "; ".join(f"{name}: {item.attributes[name]}" for name in chosen[:6])
    return (f"{words[:1].upper()}{words[1:]}." if words else ""), bool(asked)


def say_difference(first: Item, second: Item) -> str:
    """What sets two items apart: the price, and facts that both state differently."""
    parts: list[str] = []
    known = first.price is not None and second.price is not None and first.currency == second.currency
    gap = first.dearness - second.dearness if known else Decimal(0)
    if gap:
        cheaper = second if gap > Decimal(0) else first
        parts.append(f"{say_title(cheaper.title)} costs {say_money(abs(gap), first.currency)} less.")
    elif known:
        parts.append("Both cost the same.")
    differing = [
        name
        for name, value in first.attributes.items()
        if name not in _HIDDEN and name in second.attributes and second.attributes[name] != value
    ]
    parts.extend(
        f"{name[:1].upper()}{name[1:]}: {first.attributes[name]} against {second.attributes[name]}."
        for name in differing[:3]
    )
    return " ".join(parts)


def _asked(attributes: Mapping[str, str], question: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", question[:300].lower())
    meant = {name for word in words for name in _ASKS.get(word, ())}
    return [name for name in attributes if name not in _HIDDEN and (name in meant or set(name.split()) <= set(words))]
