"""The key file and the envelope of encrypted values, shared by file format with the rest of the product.

File: {"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}, mode 0600.
Value: attune1:<key id>:<base64 of a 12-byte nonce followed by AES-256-GCM ciphertext>, with a purpose as
associated data, so that a value of one purpose cannot be passed off as another's.
"""

import base64
import contextlib
import json
import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import Dict, Tuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PREFIX = "attune1"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class KeyFileError(Exception):
    """The key file is missing, open to others, malformed, or lacks a key that a value names."""

    code = "key_file_invalid"
    retryable = False


class KeyFile:
    """Encrypts with the current key, decrypts with any key of the file."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises: KeyFileError."""
        self._path = path
        self._current, self._keys = _read(path)

    @classmethod
    def load_or_create(cls, path: Path) -> "KeyFile":
        """Read the file, or make one with a fresh key; two processes at once end up with the same."""
        if not path.exists():
            _create(path)
        return cls(path)

    def encrypt(self, data: bytes, *, purpose: str) -> str:
        """The envelope of `data` under the current key."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._keys[self._current]).encrypt(nonce, data, purpose.encode())
        return f"{_PREFIX}:{self._current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, envelope: str, *, purpose: str) -> bytes:
        """What was encrypted. A key id that is not known makes it read the file again. Raises: KeyFileError."""
        prefix, key_id, body = [*envelope.split(":", 2), "", ""][:3]
        if prefix != _PREFIX:
            raise KeyFileError(f"the value starts with {prefix[:16]!r}; expected {_PREFIX!r}.")
        if key_id not in self._keys:
            self._current, self._keys = _read(self._path)
        if key_id not in self._keys:
            raise KeyFileError(f"{self._path} has no key {key_id!r}; restore the key file of this database.")
        sealed = base64.b64decode(body)
        try:
            return AESGCM(self._keys[key_id]).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except InvalidTag:
            raise KeyFileError(
                f"the value does not open with key {key_id!r}: it was changed, or {self._path} is not its key file."
            ) from None


def is_envelope(value: str) -> bool:
    """Whether a stored value is encrypted."""
    return value.startswith(_PREFIX + ":")


def _read(path: Path) -> Tuple[str, Dict[str, bytes]]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyFileError(f"{path} has mode {mode:04o}; others could read the keys. Run: chmod 600 {path}")
        raw = json.loads(path.read_text(encoding="utf-8"))
        keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in raw["keys"].items()}
        current = str(raw["current"])
    except OSError as err:
        raise KeyFileError(f"{path} cannot be read: {err.strerror}. Check the path and its owner.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileError(f"{path} is not a key file; restore it from a backup.") from None
    if current not in keys or any(len(key) != _KEY_BYTES or ":" in key_id for key_id, key in keys.items()):
        raise KeyFileError(f"{path} needs the current key among 'keys', each of {_KEY_BYTES} bytes.")
    return current, keys


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    # mkstemp makes the file with mode 0600; a hard link appears whole or not at all, and never replaces another's.
    descriptor, temporary = tempfile.mkstemp(dir=str(path.parent), prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"current": "k1", "keys": {"k1": key}}, file)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, str(path))
    finally:
        Path(temporary).unlink()
