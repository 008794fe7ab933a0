"""What a customer types, made safe to keep: no control characters, never empty, not too long; and its beginning."""

import unicodedata
from typing import Final

from service.errors import Refused

_KEPT_CONTROLS: Final = frozenset("\n\t")
# Cc: control characters. Cs: halves of surrogate pairs, which JSON can carry and UTF-8 cannot.
_DROPPED_CATEGORIES: Final = frozenset({"Cc", "Cs"})


def clean(text: str, *, max_chars: int) -> str:
    """The text without control characters and outer space; line breaks and tabs stay.

    Raises: Refused with the code text_empty or text_too_long.
    """
    # The length is checked first, so that a huge text costs no scan.
    if len(text) > max_chars:
        raise Refused(
            "text_too_long",
            f"The message has {len(text):,} characters; at most {max_chars:,} are possible. Please shorten it.",
            status=413,
        )
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        char for char in unified if char in _KEPT_CONTROLS or unicodedata.category(char) not in _DROPPED_CATEGORIES
    ).strip()
    if not any(_is_visible(char) for char in kept):
        raise Refused("text_empty", "The message is empty. Please write something.")
    return kept


def beginning(text: str, most: int) -> str:
    """The first characters, at most this many; the last is … where something is left out."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _is_visible(char: str) -> bool:
    # Cf: formatting characters such as the zero-width space. Z*: space of every kind.
    category = unicodedata.category(char)
    return category != "Cf" and not category.startswith("Z") and not char.isspace()
