"""Clips and frames between processes: encrypted files that live for minutes."""

import json
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from privacy import DataKey, DecryptionError, KeyRing
from store.errors import MediaError
from vocabulary import Clip

_PURPOSE = "media"
_NAMED = re.compile(rb"attune1:([^:]+):")
_HEADER_BYTES = 256
_ID = re.compile(r"[A-Za-z0-9_-]{32}")
_SUFFIX = ".media"


class MediaStore:
    """Short-lived files under random ids. All methods block: call them from a worker thread.

    A file has three lines: the id of its own key, that key sealed by the key ring, and the data sealed by that key for
    this very id.
    """

    def __init__(self, folder: Path, keyring: KeyRing, ttl_s: float = 300.0) -> None:
        self._folder = folder
        self._keyring = keyring
        self._ttl_s = ttl_s

    def put_clip(self, clip: Clip) -> str:
        """Keep a clip; gives its id. Raises: MediaError."""
        header = json.dumps({"segments": clip.customer_segments}).encode()
        samples = np.ascontiguousarray(clip.samples, dtype="<f4").tobytes()
        return self.put_bytes(len(header).to_bytes(4, "big") + header + samples)

    def get_clip(self, clip_id: str) -> Clip | None:
        """The clip, or None when it is gone, expired or was never there."""
        data = self.get_bytes(clip_id)
        if data is None:
            return None
        end = 4 + int.from_bytes(data[:4], "big")
        segments = json.loads(data[4:end])["segments"]
        return Clip(
            samples=np.frombuffer(data[end:], dtype="<f4").astype(np.float32),
            customer_segments=None
            if segments is None
            else tuple((float(start), float(stop)) for start, stop in segments),
        )

    def put_bytes(self, data: bytes) -> str:
        """Keep bytes; gives their id. Raises: MediaError."""
        media_id = secrets.token_urlsafe(24)
        key = DataKey.new()
        sealed = "\n".join((key.id, key.wrap(self._keyring), key.encrypt(data, purpose=_bound_to(media_id)))).encode()
        path = self._path(media_id)
        temporary = path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
            temporary.replace(path)
        except OSError as err:
            with suppress(OSError):
                temporary.unlink()
            raise MediaError(
                f"{self._folder} cannot take a file ({err.strerror}); expected a folder that this user may "
                "write to, with free space. Set ATTUNE_MEDIA_DIR to such a folder."
            ) from None
        return media_id

    def get_bytes(self, media_id: str) -> bytes | None:
        """The bytes, or None when they are gone, expired or were never there."""
        if not _ID.fullmatch(media_id):
            return None
        path = self._path(media_id)
        try:
            if self._is_expired(path):
                path.unlink(missing_ok=True)
                return None
            return self._opened(path.read_text("ascii"), media_id)
        except FileNotFoundError:
            return None
        except (DecryptionError, UnicodeDecodeError):
            # A damaged file can only be thrown away: nobody can ask the customer for it again.
            path.unlink(missing_ok=True)
            return None

    def named_keys(self) -> dict[str, int]:
        """How many files each key of the ring is needed for, by its id."""
        counts: dict[str, int] = {}
        for path in self._files():
            try:
                with path.open("rb") as file:
                    found = _NAMED.search(file.read(_HEADER_BYTES))
            except FileNotFoundError:
                continue
            if found:
                key_id = found[1].decode("ascii", "replace")
                counts[key_id] = counts.get(key_id, 0) + 1
        return counts

    def delete(self, media_id: str) -> None:
        """Remove a file; an unknown id is no error."""
        if _ID.fullmatch(media_id):
            self._path(media_id).unlink(missing_ok=True)

    def purge_expired(self) -> int:
        """Remove what is older than the time to live; gives the number of files."""
        return sum(self._remove(path) for path in self._files() if self._is_expired(path))

    def close(self) -> int:
        """Remove every file, expired or not; gives the number. For the end of the installation's last process."""
        return sum(self._remove(path) for path in self._files())

    def _opened(self, content: str, media_id: str) -> bytes:
        key_id, _, rest = content.partition("\n")
        wrapped, _, sealed = rest.partition("\n")
        if not sealed:
            # As earlier versions wrote it; such files live for minutes.
            return self._keyring.decrypt(content, purpose=_PURPOSE)
        return DataKey.unwrap(key_id, wrapped, self._keyring).decrypt(sealed, purpose=_bound_to(media_id))

    def _path(self, media_id: str) -> Path:
        return self._folder / f"{media_id}{_SUFFIX}"

    def _files(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        # ".new": left behind by a process that died while writing.
        return [path for path in self._folder.iterdir() if path.suffix in (_SUFFIX, ".new")]

    def _is_expired(self, path: Path) -> bool:
        try:
            return time.time() - path.stat().st_mtime > self._ttl_s
        except FileNotFoundError:
            return False

    def _remove(self, path: Path) -> bool:
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        return True


def _bound_to(media_id: str) -> str:
    return f"{_PURPOSE}:{media_id}"
