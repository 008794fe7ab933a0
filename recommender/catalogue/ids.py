"""Ids that every part of the product takes: A to Z, a to z, 0 to 9 and _.:- , 64 at most."""

import hashlib
import re
import unicodedata
from typing import Final

LONGEST: Final = 64
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9_.:-]+")


def item_id(given: str) -> str:
    """The id for what a file calls an item: itself if it can be one, otherwise readable and with a fingerprint of it.

    Two different names never give one id by being shortened or spelled in other letters.
    """
    if _PLAIN.fullmatch(given):
        return given
    return f"{_readable(given, LONGEST - 13)}-{_fingerprint(given)}"


def made_id(title: str, other: str = "") -> str:
    """An id for an item that has none, from its title and what tells it from others of that title."""
    return f"{_readable(title, 40).lower()}-{_fingerprint(f'{title}|{other}')}"


def _readable(words: str, length: int) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", plain).strip("-.:_")[:length].rstrip("-.:_") or "item"


def _fingerprint(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:12]
