"""The keys and the envelope of encrypted values, shared by format with the rest of the product.

Keys: {"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}; what else is in there is for others. They come from
ATTUNE_KEYS, or from what ATTUNE_KEY_COMMAND prints, or from a file of mode 0600: the first of these that is there.
Value: attune1:<key id>:<base64 of a 12-byte nonce followed by AES-256-GCM ciphertext>, with a purpose as
associated data, so that a value of one purpose cannot be passed off as another's.
"""

import base64
import contextlib
import json
import os
import secrets
import shlex
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Callable, Dict, Optional, Tuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PREFIX = "attune1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
COMMAND_TIMEOUT_S = 10.0
_ASK_AGAIN_S = 5.0


class KeyFileError(Exception):
    """The keys are missing, open to others, malformed, or lack one that a value names."""

    code = "key_file_invalid"
    retryable = False


class KeyFile:
    """Encrypts with the current key, decrypts with any key. A file that changed is read again before encrypting."""

    def __init__(self, path: Path, read: Optional[Callable[[], bytes]] = None) -> None:
        """Read the file, or what `read` gives in its place. Raises: KeyFileError."""
        self._path = path
        self._read = read
        self._seen: object = None
        self._keys: Dict[str, bytes] = {}
        self._load()

    @classmethod
    def load_or_create(cls, path: Path) -> "KeyFile":
        """Read the file, or make one with a fresh key; two processes at once end up with the same."""
        if not path.exists():
            _create(path)
        return cls(path)

    @classmethod
    def from_environment(cls, path: Path) -> "KeyFile":
        """The keys of the environment or of its command; else of the file. Raises: KeyFileError."""
        # Rasa knows no settings object, and refuses endpoints.yml where a variable in it is not set.
        keys, command = os.environ.get("ATTUNE_KEYS", ""), os.environ.get("ATTUNE_KEY_COMMAND", "")
        if keys:
            return cls(Path("ATTUNE_KEYS"), lambda: keys.encode("utf-8", "surrogateescape"))
        if command:
            return cls(Path("ATTUNE_KEY_COMMAND"), _Command(command))
        return cls.load_or_create(path)

    def encrypt(self, data: bytes, *, purpose: str) -> str:
        """The envelope of `data` under the current key. Raises: KeyFileError if a changed file cannot be read."""
        if self._read is None and _stamp(self._path) != self._seen:
            self._load()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._keys[self._current]).encrypt(nonce, data, purpose.encode())
        return f"{_PREFIX}:{self._current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, envelope: str, *, purpose: str) -> bytes:
        """What was encrypted. A key id that is not known makes it read the keys again. Raises: KeyFileError."""
        prefix, key_id, body = [*envelope.split(":", 2), "", ""][:3]
        if prefix != _PREFIX:
            raise KeyFileError(f"the value starts with {prefix[:16]!r}; expected {_PREFIX!r}.")
        if key_id not in self._keys:
            self._load()
        if key_id not in self._keys:
            raise KeyFileError(f"{self._path} has no key {key_id!r}; restore the key file of this database.")
        sealed = base64.b64decode(body)
        try:
            return AESGCM(self._keys[key_id]).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except InvalidTag:
            raise KeyFileError(
                f"the value does not open with key {key_id!r}: it was changed, or {self._path} is not its key file."
            ) from None

    def _load(self) -> None:
        # Noted first: a file that is replaced in between counts as changed.
        self._seen = None if self._read is not None else _stamp(self._path)
        content = _private(self._path) if self._read is None else self._read()
        self._current, keys = _parsed(self._path, content)
        # A key that is dropped may be in a row that was read a moment ago: this process keeps it until it ends.
        self._keys.update(keys)


def is_envelope(value: str) -> bool:
    """Whether a stored value is encrypted by a key of the ring."""
    return value.startswith(_PREFIX + ":")


class _Command:
    """What a command prints; it is not run again within seconds."""

    def __init__(self, command: str) -> None:
        self._words = shlex.split(command)
        self._content: Optional[bytes] = None
        self._asked_at = 0.0

    def __call__(self) -> bytes:
        if self._content is not None and time.monotonic() - self._asked_at < _ASK_AGAIN_S:
            return self._content
        try:
            done = subprocess.run(
                self._words, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_TIMEOUT_S, check=True
            )
        except (OSError, IndexError, subprocess.SubprocessError) as err:
            # What it printed may hold a secret.
            raise KeyFileError(
                f"ATTUNE_KEY_COMMAND failed ({type(err).__name__}); expected it to print the keys as JSON within "
                f"{COMMAND_TIMEOUT_S:g} s. Run it by hand as the same user."
            ) from None
        self._content, self._asked_at = done.stdout, time.monotonic()
        return done.stdout


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _private(path: Path) -> bytes:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyFileError(f"{path} has mode {mode:04o}; others could read the keys. Run: chmod 600 {path}")
        return path.read_bytes()
    except OSError as err:
        raise KeyFileError(f"{path} cannot be read: {err.strerror}. Check the path and its owner.") from None


def _parsed(path: Path, content: bytes) -> Tuple[str, Dict[str, bytes]]:
    try:
        raw = json.loads(content)
        keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in raw["keys"].items()}
        current = str(raw["current"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileError(f"{path} is not a key file; restore it from a backup.") from None
    if current not in keys or any(len(key) != _KEY_BYTES or ":" in key_id for key_id, key in keys.items()):
        raise KeyFileError(f"{path} needs the current key among 'keys', each of {_KEY_BYTES} bytes.")
    return current, keys


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    key, index = (base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode() for _ in range(2))
    # mkstemp makes the file with mode 0600; a hard link appears whole or not at all, and never replaces another's.
    descriptor, temporary = tempfile.mkstemp(dir=str(path.parent), prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"current": "k1", "keys": {"k1": key}, "index": index}, file)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, str(path))
    finally:
        Path(temporary).unlink()
