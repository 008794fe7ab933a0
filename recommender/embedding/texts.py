"""What the encoder reads of an item, and the name under which its vector is kept."""

import hashlib
from typing import Final

from recommender.embedding.encoder import MAX_CHARS
from vocabulary import Item

KEY_BYTES: Final = 16

_FACT_CHARS: Final = 120
_NOT_READ: Final = frozenset({"model"})


def text_of(item: Item) -> str:
    """Title, categories, description and facts; not price and stock, which change without a new embedding.

    A fact whose value is "no" is left out: "noise cancelling: no" must not be near to "noise cancelling". No longer
    than the encoder reads, so that a change behind that embeds nothing.
    """
    facts = ", ".join(
        f"{name} {value[:_FACT_CHARS]}"
        for name, value in item.attributes.items()
        if name not in _NOT_READ and value != "no"
    )
    return f"{item.title}. {', '.join(item.categories)}. {item.description} {facts}".strip()[:MAX_CHARS]


def key_of(text: str) -> bytes:
    """KEY_BYTES of the text's SHA-256: equal texts share one vector."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:KEY_BYTES]
