"""Passwords: how they are kept, and which are too easy to guess. Nothing is asked of the network."""

import functools
import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from privacy.errors import WeakPassword

LEAST_PASSWORD_LENGTH: Final = 8
"""Characters. NIST SP 800-63B (5.1.1.2) asks for at least 8 of a password that a person chooses."""

# Argon2 takes any length; a bound keeps a megabyte of "password" from costing time.
_MOST_LENGTH: Final = 1024
# 19 MiB, two passes, one lane: the second of the equally strong settings in OWASP's Password Storage Cheat Sheet. It
# leaves the second core to other people's turns.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Guessable with fewer than 10^8 tries: zxcvbn's score 3 and above are called safe against a slow hash.
_LEAST_SCORE: Final = 3
# What zxcvbn reads at most; what follows can only add to the strength.
_READ_LENGTH: Final = 72
# Letters, digits and pictographs that must be there beside what is known of the person.
_LEAST_OWN_LENGTH: Final = 4
_OWN_WORDS: Final = ("attune", "password", "customer", "service", "shop", "chat")


def check_password(password: str, personal: Sequence[str | None] = ()) -> None:
    """Refuse a password that guessing would find: among the 30,000 most common ones, made of words, names, dates,
    rows of keys, or of what is known of the person.

    personal: the person's name, address and the like. Raises: WeakPassword, with what to do, never the password.
    """
    if not LEAST_PASSWORD_LENGTH <= len(password) <= _MOST_LENGTH:
        raise WeakPassword(
            f"the password has {len(password)} characters; expected {LEAST_PASSWORD_LENGTH} to {_MOST_LENGTH}. "
            "A sentence of four or more unusual words is easy to keep in mind.",
            code="password_length",
        )
    # 14 MB of word lists, for those who choose a password.
    from zxcvbn import zxcvbn

    words = {part for text in personal if text for part in (text, *re.split(r"\W+", text)) if len(part) > 2}
    known = [*_OWN_WORDS, *sorted(words, key=len, reverse=True)]
    found = zxcvbn(_readable(password)[:_READ_LENGTH], [word[:_READ_LENGTH] for word in known])
    if found["score"] < _LEAST_SCORE or len(_without(password, known)) < _LEAST_OWN_LENGTH:
        hint = found["feedback"]["warning"] or "It follows a pattern that guessing programs know."
        raise WeakPassword(f"This password is easy to guess. {hint.rstrip('.')}. Add another unusual word or two.")


def hash_password(password: str) -> str:
    """The argon2id hash that is stored; about 25 ms of work, to be done outside a writing transaction."""
    return _HASHER.hash(_encoded(password[:_MOST_LENGTH]))


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed. Without a hash the work is the same and the answer False."""
    if len(password) > _MOST_LENGTH:
        password, stored = "", None
    try:
        return _HASHER.verify(stored or _hash_of_nobody(), _encoded(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other settings than today's, so that the next sign-in should renew it."""
    return _HASHER.check_needs_rehash(stored)


@functools.cache
def _hash_of_nobody() -> str:
    return _HASHER.hash(secrets.token_bytes(32))


def _without(password: str, known: Sequence[str]) -> str:
    """The letters, digits and pictographs that are neither known words nor marks between them."""
    left = password.casefold()
    for word in known:
        left = left.replace(word.casefold(), "")
    return "".join(sign for sign in left if sign.isalnum() or unicodedata.category(sign) == "So")


def _encoded(password: str) -> bytes:
    # What a stranger types need not be valid Unicode.
    return password.encode("utf-8", "surrogatepass")


def _readable(password: str) -> str:
    return password.encode("utf-8", "replace").decode("utf-8")
