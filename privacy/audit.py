"""The audit chain: each entry carries a keyed hash over itself and over the one before.

Pure: rows come in, hashes and findings go out. Without the key nobody can make an entry that fits.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from privacy.errors import PrivacyError
from privacy.keyring import KeyRing

START: Final = "0" * 64
"""What the first entry names as the hash before it."""
SELF: Final = "self"
"""The actor of what people do with their own data: who that is stays in the sealed subject."""
COMMAND: Final = "command"
"""The actor of what the command line does: whoever may use it on this machine."""
LONGEST_PURPOSE: Final = 200
_LONGEST_DETAILS: Final = 4000

Detail = str | int | float | bool | None | Sequence[str]


class AuditError(PrivacyError):
    """An entry cannot be written, so what it would have told about must not happen."""

    code = "audit"


@dataclass(frozen=True)
class Link:
    """One entry as it is stored. at: UTC as text. subject: sealed. details: JSON as text. hash: of all the others."""

    number: int
    at: str
    actor: str
    act: str
    purpose: str
    subject: str | None
    details: str
    previous: str
    hash: str = ""


@dataclass(frozen=True)
class Head:
    """The newest entry. number: 0 for an empty chain."""

    number: int = 0
    hash: str = START

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read `NUMBER:HASH`. Raises: AuditError, code head_invalid."""
        number, _, digest = text.strip().partition(":")
        if not (number.isascii() and number.isdigit() and len(number) <= 18 and len(digest) == 64):
            raise AuditError(
                f"{text[:90]!r} is no head of the audit chain; expected NUMBER:HASH as `attune audit head` prints it.",
                code="head_invalid",
            )
        return cls(int(number), digest)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class Chain:
    """Makes and checks the links of one installation. Its key comes from the key ring and outlives rotation."""

    def __init__(self, keyring: KeyRing) -> None:
        self._key = keyring.fingerprint("chain", purpose="audit-key").encode()

    def seal(self, link: Link) -> Link:
        """The same link with its hash."""
        return replace(link, hash=self._hash(link))

    def fits(self, link: Link, before: Head) -> bool:
        """Whether a stored link is whole and follows the one before."""
        return (
            link.number == before.number + 1
            and hmac.compare_digest(link.previous.encode("utf-8", "replace"), before.hash.encode("utf-8", "replace"))
            and hmac.compare_digest(link.hash.encode("utf-8", "replace"), self._hash(link).encode())
        )

    def _hash(self, link: Link) -> str:
        # JSON keeps the fields apart: no value can pass for the end of one and the beginning of the next.
        fields = [link.number, link.at, link.actor, link.act, link.purpose, link.subject, link.details, link.previous]
        text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
        return hmac.new(self._key, text.encode("ascii"), hashlib.sha256).hexdigest()


def rendered_details(details: Mapping[str, Detail]) -> str:
    """Details as they are hashed and stored. Raises: AuditError, code details_invalid."""
    try:
        text = json.dumps(dict(details), ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        text = ""
    if not text or len(text) > _LONGEST_DETAILS:
        raise AuditError(
            f"the details of an audit entry must be JSON of at most {_LONGEST_DETAILS} characters: ids, names and "
            f"finite numbers; got {len(details)} names. Leave content out.",
            code="details_invalid",
        )
    return text
