"""Facts of an item: how they are called, and cells that hold several of them with their names."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from recommender.catalogue.values import as_text

PACKED: Final = "{}"
"""What a mapping calls a column that holds several facts with their names."""
_PAIR: Final = re.compile(
    r"^\s*[\w .-]{1,40}\s*[=:]\s*[^=:,;|]{1,200}(?:[,;|]\s*[\w .-]{1,40}\s*[=:]\s*[^=:,;|]{1,200})+\s*$"
)
_CONTAINERS: Final = frozenset(
    {
        "attributes", "attribute", "specs", "specifications", "properties", "details", "facts", "features", "custom",
        "data",
    }
)  # fmt: skip


def fact_name(column: str, *, whole: bool = False) -> str:
    """A column's name as a fact's: "specs.energyClass" is "energy class", and "specs energy class" as a whole."""
    first, _, rest = column.partition(".")
    name = rest if rest and not whole and first.lower() in _CONTAINERS else column
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_.]+", " ", words).lower().split())[:60] or column[:60]


def told_by(column: str) -> str:
    """What a mapping calls a fact whose name stands in another column: "{Attribute 1 name}"."""
    return f"{{{column}}}"


def teller(name: str) -> str | None:
    """The column that names a fact, of a name that `told_by` made; None for any other name.

    >>> teller(told_by("Attribute 1 name")), teller("colour"), teller(PACKED)
    ('Attribute 1 name', None, None)
    """
    return name[1:-1] if name.startswith("{") and name.endswith("}") and name != PACKED else None


def is_packed(values: Sequence[Any]) -> bool:
    """Whether most cells hold several facts with names: "colour=red,size=L", or a JSON object as text."""
    texts = [text for value in values if not isinstance(value, list | dict) and (text := as_text(value))]
    if not texts:
        return False
    return sum(bool(unpacked(text)) for text in texts) > 0.6 * len(texts)


def unpacked(text: str) -> dict[str, str]:
    """The facts in such a cell; empty if it is none."""
    if text.startswith("{"):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return {str(name): as_text(said) for name, said in value.items()} if isinstance(value, dict) else {}
    if len(text) > 20_000 or _PAIR.match(text) is None:
        return {}
    parts = re.split(r"[,;|]", text)
    return {name.strip(): said.strip() for name, _, said in (re.split(r"([=:])", part, maxsplit=1) for part in parts)}
