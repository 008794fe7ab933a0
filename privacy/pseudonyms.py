"""Random ids that say nothing about whom they stand for."""

import hashlib
import re
import secrets
from typing import Final

# 16 random bytes give 22 URL-safe characters.
_ID_BYTES = 16
PSEUDONYM: Final = re.compile(r"[a-z]{1,3}_[A-Za-z0-9_-]{22}")
"""The form of every id that new_id() makes."""


def new_id(kind: str) -> str:
    """A fresh id such as `c_3u5…` (conversation), `p_…` (customer), `m_…` (message)."""
    return f"{kind}_{secrets.token_urlsafe(_ID_BYTES)}"


def new_token() -> str:
    """A bearer token with 256 random bits. Store hash_token() of it, never the token."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token. A plain hash is enough for 256 random bits, unlike for passwords.

    Any text is taken: what a stranger sends as a token need not be valid Unicode.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
