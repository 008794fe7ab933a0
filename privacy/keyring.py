"""Encryption at rest: AES-256-GCM under keys that live in one file and are known by id."""

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.errors import DecryptionError, KeyFileError
from privacy.files import read_or_create, read_private, replace

_PREFIX = "attune1"
_KEY_BYTES = 32
# 96 bits: the nonce size that NIST SP 800-38D recommends for GCM.
_NONCE_BYTES = 12


class KeyRing:
    """The keys of one installation.

    File: {"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}, mode 0600.
    Ciphertext: attune1:<key id>:<base64 of nonce and sealed data>, bound to a purpose, so that a value
    cannot be moved to a column of another kind.
    """

    def __init__(self, path: Path, current: str, keys: Mapping[str, bytes]) -> None:
        self._path = path
        self._current = current
        self._keys = dict(keys)
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Open the key file; the first start makes it. Raises: KeyFileError."""
        content = read_or_create(path, _new_file)
        return cls(path, *_parse(path, content))

    @property
    def current(self) -> str:
        """The id of the key that new values are sealed with."""
        return self._current

    def encrypt(self, data: bytes, *, purpose: str) -> str:
        """Seal data for one purpose ("message", "media", ...)."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._ciphers[self._current].encrypt(nonce, data, purpose.encode())
        return f"{_PREFIX}:{self._current}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, token: str, *, purpose: str) -> bytes:
        """Open what encrypt() sealed for the same purpose. Raises: DecryptionError, KeyFileError."""
        prefix, _, rest = token.partition(":")
        key_id, _, body = rest.partition(":")
        if prefix != _PREFIX or not key_id or not body:
            raise DecryptionError(
                f"value does not start with {_PREFIX}:<key id>:; expected a value sealed by this product.",
                code="not_sealed",
            )
        if key_id not in self._ciphers:
            self._reload()
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise DecryptionError(
                f"key {key_id} is not in {self._path}; known: {', '.join(sorted(self._keys))}. "
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

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """A keyed hash, equal for equal text: finds a sealed value without storing it in the clear.

        Uses the oldest key, so that fingerprints outlive the rotation of keys.
        """
        oldest = next(iter(self._keys.values()))
        return hmac.new(oldest, f"{purpose}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def rotate(self) -> str:
        """Add a key and make it the current one; older values stay readable. Gives the new key's id.

        Other processes learn the new key when they first meet a value sealed with it.
        """
        self._reload()
        key_id = f"k{len(self._keys) + 1}"
        keys = {**self._keys, key_id: os.urandom(_KEY_BYTES)}
        replace(self._path, _render(key_id, keys))
        self._adopt(key_id, keys)
        return key_id

    def _reload(self) -> None:
        self._adopt(*_parse(self._path, read_private(self._path)))

    def _adopt(self, current: str, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current


def _new_file() -> bytes:
    return _render("k1", {"k1": os.urandom(_KEY_BYTES)})


def _render(current: str, keys: Mapping[str, bytes]) -> bytes:
    encoded = {key_id: base64.b64encode(key).decode() for key_id, key in keys.items()}
    return json.dumps({"current": current, "keys": encoded}, indent=2).encode() + b"\n"


def _parse(path: Path, content: bytes) -> tuple[str, dict[str, bytes]]:
    try:
        raw = json.loads(content)
        keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in raw["keys"].items()}
        current = str(raw["current"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileError(
            f'{path} is not a key file; expected JSON {{"current": "k1", "keys": {{"k1": "<base64>"}}}}. '
            "Restore it from a backup: without it, stored conversations cannot be read."
        ) from None
    if current not in keys or any(len(key) != _KEY_BYTES for key in keys.values()):
        raise KeyFileError(
            f"{path} names the current key {current!r} among {sorted(keys)}; expected it to be present and "
            f"each key to have {_KEY_BYTES} bytes. Restore the file from a backup."
        )
    return current, keys
