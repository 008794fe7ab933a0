"""Data keys: one for each person, wrapped by the installation's key ring (envelope encryption)."""

import base64
import binascii
import os
import re
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.errors import DecryptionError
from privacy.keyring import KeyRing
from privacy.pseudonyms import new_id

_PREFIX: Final = "attune2"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TOKEN: Final = re.compile(rf"{_PREFIX}:(k_[A-Za-z0-9_-]{{22}}):")


def key_id_of(token: str) -> str | None:
    """The id of the data key that sealed a value; None for a value of the key ring itself."""
    found = _TOKEN.match(token)
    return found[1] if found else None


@dataclass(frozen=True, repr=False)
class DataKey:
    """One person's key. Ciphertext: attune2:<key id>:<base64 of nonce and sealed data>, bound to key and purpose."""

    id: str
    secret: bytes

    @classmethod
    def new(cls) -> Self:
        """A fresh random key."""
        return cls(new_id("k"), os.urandom(_KEY_BYTES))

    @classmethod
    def unwrap(cls, key_id: str, wrapped: str, keyring: KeyRing) -> Self:
        """Open what wrap() made. Raises: DecryptionError, KeyFileError."""
        return cls(key_id, keyring.decrypt(wrapped, purpose=_wrapping(key_id)))

    def wrap(self, keyring: KeyRing) -> str:
        """This key, sealed by the ring's current key, for storing."""
        return keyring.encrypt(self.secret, purpose=_wrapping(self.id))

    def encrypt(self, data: bytes, *, purpose: str) -> str:
        """Seal data for one purpose ("message", "assessment", ...)."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(self.secret).encrypt(nonce, data, self._bound_to(purpose))
        return f"{_PREFIX}:{self.id}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, token: str, *, purpose: str) -> bytes:
        """Open what encrypt() sealed with this key for the same purpose. Raises: DecryptionError."""
        if key_id_of(token) != self.id:
            raise DecryptionError(
                f"the value was not sealed with key {self.id}; expected the key that it names.", code="unknown_key"
            )
        try:
            sealed = base64.b64decode(token.rpartition(":")[2], validate=True)
            return AESGCM(self.secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound_to(purpose))
        except (InvalidTag, ValueError, binascii.Error):
            raise DecryptionError(
                f"a value sealed with key {self.id} does not open for the purpose {purpose!r}: it was altered, "
                "or it belongs to another purpose.",
                code="altered",
            ) from None

    def _bound_to(self, purpose: str) -> bytes:
        return f"{self.id}\0{purpose}".encode()

    def __repr__(self) -> str:
        return f"DataKey({self.id})"


def _wrapping(key_id: str) -> str:
    return f"data-key:{key_id}"
