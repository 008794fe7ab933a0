"""One key for each conversation in the tracker database: without its row, nobody reads the conversation again.

Value: attune2:<key id>:<base64 of a 12-byte nonce followed by AES-256-GCM ciphertext>, with key id and purpose as
associated data. The key itself is stored as an envelope of the key file (bot.stores.keys).
"""

import base64
import hashlib
import secrets
from typing import Optional

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.orm import Session

from .keys import KeyFile, KeyFileError

_PREFIX = "attune2"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class TrackerErasedError(Exception):
    """The conversation has been erased: a turn that is still running must not write it back."""

    code = "tracker_erased"
    retryable = False


class SenderKeyRow(SQLTrackerStore.Base):  # type: ignore[misc, name-defined]
    """A conversation's key. wrapped: sealed by the key file. Deleting the row ends the conversation."""

    __tablename__ = "attune_keys"

    sender_id = sa.Column(sa.String(255), primary_key=True)
    key_id = sa.Column(sa.String(64), nullable=False)
    wrapped = sa.Column(sa.Text, nullable=False)


class ErasedRow(SQLTrackerStore.Base):  # type: ignore[misc, name-defined]
    """A conversation that was erased a moment ago. fingerprint: of its id. at: epoch seconds."""

    __tablename__ = "attune_erased"

    fingerprint = sa.Column(sa.String(64), primary_key=True)
    at = sa.Column(sa.Float, nullable=False)


class SenderKey:
    """Encrypts and decrypts one conversation's events."""

    def __init__(self, key_id: str, secret: bytes) -> None:
        self._id = key_id
        self._cipher = AESGCM(secret)

    @classmethod
    def stored(cls, session: Session, keys: KeyFile, sender_id: str) -> "Optional[SenderKey]":
        """The conversation's key, or None. Raises: KeyFileError."""
        row = session.get(SenderKeyRow, sender_id)
        if row is None:
            return None
        return cls(row.key_id, keys.decrypt(row.wrapped, purpose=_wrapping(row.key_id)))

    @classmethod
    def stored_or_new(cls, session: Session, keys: KeyFile, sender_id: str) -> "SenderKey":
        """The same; a missing one is made. Call it while nobody else writes. Raises: KeyFileError."""
        found = cls.stored(session, keys, sender_id)
        if found is not None:
            return found
        key_id, secret = f"k_{secrets.token_urlsafe(16)}", secrets.token_bytes(_KEY_BYTES)
        wrapped = keys.encrypt(secret, purpose=_wrapping(key_id))
        session.add(SenderKeyRow(sender_id=sender_id, key_id=key_id, wrapped=wrapped))
        session.flush()
        return cls(key_id, secret)

    def encrypt(self, data: bytes, *, purpose: str) -> str:
        """The envelope of `data`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, data, self._bound_to(purpose))
        return f"{_PREFIX}:{self._id}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, envelope: str, *, purpose: str) -> bytes:
        """What was encrypted. Raises: KeyFileError."""
        _, key_id, body = [*envelope.split(":", 2), "", ""][:3]
        if key_id != self._id:
            raise KeyFileError(f"the value was sealed with key {key_id!r}; expected the conversation's {self._id!r}.")
        sealed = base64.b64decode(body)
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound_to(purpose))
        except InvalidTag:
            raise KeyFileError(f"a value sealed with key {key_id!r} does not open: it was changed.") from None

    def _bound_to(self, purpose: str) -> bytes:
        return f"{self._id}\0{purpose}".encode()


def is_of_sender(value: str) -> bool:
    """Whether a stored value was encrypted by a conversation's key."""
    return value.startswith(_PREFIX + ":")


def refuse_erased(session: Session, sender_id: str) -> None:
    """Raises: TrackerErasedError for a conversation that has just been erased."""
    mark = hashlib.sha256(f"erased\0{sender_id}".encode("utf-8", "surrogatepass")).hexdigest()
    if session.get(ErasedRow, mark) is not None:
        raise TrackerErasedError("the conversation has been erased; nothing of this turn is kept.")


def _wrapping(key_id: str) -> str:
    return f"data-key:{key_id}"
