"""Encryption at rest: AES-256-GCM under the keys of one installation, known by id."""

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.errors import DecryptionError
from privacy.key_content import KeyContent
from privacy.key_sources import CommandSource, EnvironmentSource, FileSource, KeySource

# 96 bits: the nonce size that NIST SP 800-38D recommends for GCM.
_NONCE_BYTES = 12


class KeyRing:
    """The keys of one installation: from a file of mode 0600, the environment or a command.

    Ciphertext: attune1:<key id>:<base64 of nonce and sealed data>, bound to a purpose, so that a value
    cannot be moved to a column of another kind. A ring that changes is noticed before the next value is sealed.
    """

    PREFIX: Final = "attune1"

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._ciphers: dict[str, AESGCM] = {}
        self._load()

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Open the key file; the first start makes it. Raises: KeyFileError."""
        return cls(FileSource.opened(path, lambda: KeyContent.new().rendered()))

    @classmethod
    def open(cls, path: Path, *, keys: str = "", command: str = "") -> Self:
        """The ring of the keys that are given, or of what a command prints, or of the file: the first that there is.

        keys: the JSON of a key file. Raises: KeyFileError.
        """
        if keys:
            return cls(EnvironmentSource(keys))
        if command:
            return cls(CommandSource(command))
        return cls.load_or_create(path)

    @property
    def source(self) -> str:
        """Where the keys come from, as errors call it."""
        return self._source.name

    @property
    def current(self) -> str:
        """The id of the key that new values are sealed with."""
        return self._content.current

    @property
    def can_rotate(self) -> bool:
        """Whether rotate() and retire() can change where the keys come from."""
        return self._source.writable

    @property
    def content(self) -> KeyContent:
        """The keys themselves: never show or log them."""
        return self._content

    def encrypt(self, data: bytes, *, purpose: str) -> str:
        """Seal data for one purpose ("message", "media", ...). Raises: KeyFileError if the ring cannot be read anew."""
        if self._source.changed():
            self._load()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._ciphers[self.current].encrypt(nonce, data, purpose.encode())
        return f"{self.PREFIX}:{self.current}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, token: str, *, purpose: str) -> bytes:
        """Open what encrypt() sealed for the same purpose. Raises: DecryptionError, KeyFileError."""
        prefix, _, rest = token.partition(":")
        key_id, _, body = rest.partition(":")
        if prefix != self.PREFIX or not key_id or not body:
            raise DecryptionError(
                f"value does not start with {self.PREFIX}:<key id>:; expected a value sealed by this product.",
                code="not_sealed",
            )
        if key_id not in self._ciphers:
            self._load()
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise DecryptionError(
                f"key {key_id} is not in {self.source}; known: {', '.join(sorted(self._ciphers))}. "
                "Restore the key file that belongs to this database.",
                code="unknown_key",
            )
        try:
            sealed = base64.b64decode(body, validate=True)
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError, binascii.Error):
            raise DecryptionError(
                f"value sealed with key {key_id} does not open for the purpose {purpose!r}: it was altered, "
                "or it belongs to another purpose.",
                code="altered",
            ) from None

    def resealed(self, token: str, *, purpose: str) -> str | None:
        """The same value under the current key; None if it is. Raises: DecryptionError, KeyFileError."""
        if self._source.changed():
            self._load()
        if token.startswith(self.mark(self.current)):
            return None
        return self.encrypt(self.decrypt(token, purpose=purpose), purpose=purpose)

    @classmethod
    def mark(cls, key_id: str) -> str:
        """What every value that this key sealed begins with."""
        return f"{cls.PREFIX}:{key_id}:"

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """A keyed hash, equal for equal text: finds a sealed value without storing it in the clear.

        Its key is neither rotated nor retired, so that fingerprints stay what they are.
        """
        data = f"{purpose}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._content.index_key, data, hashlib.sha256).hexdigest()

    def rotate(self) -> str:
        """Add a key and make it the current one; older values stay readable. Gives the new key's id.

        Other processes seal with it from their next value on. Raises: KeyFileError.
        """
        with self._source.writing() as write:
            self._load()
            write(self._content.with_new_key().rendered())
            self._load()
        return self.current

    def retire(self, key_id: str) -> None:
        """Drop an old key: what it sealed can be read no more. See that nothing names it. Raises: KeyFileError."""
        with self._source.writing() as write:
            self._load()
            write(self._content.without(key_id).rendered())
            self._load()

    def _load(self) -> None:
        content = KeyContent.parsed(self._source.name, self._source.read())
        self._content = content
        # A key that is dropped may be in a row that was read a moment ago: this process keeps it until it ends.
        self._ciphers |= {key_id: AESGCM(key) for key_id, key in content.keys.items()}
