"""Who works on an erasure now. A claim ends with its process, however that ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_KIND = "er"
_SUFFIX = ".lock"


class Claims:
    """One locked file for each erasure that is under way, below the installation's folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._held: dict[str, int] = {}

    def take(self, erasure_id: str) -> bool:
        """Claim an erasure; False if somebody alive works on it. Raises: OSError."""
        self._home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path(erasure_id), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._held[erasure_id] = descriptor
        return True

    @contextmanager
    def kept_on_success(self) -> Iterator[Callable[[str], bool]]:
        """Gives take(); what it claimed is given back if the work inside fails, because nothing was written then."""
        taken: list[str] = []

        def take(erasure_id: str) -> bool:
            got = self.take(erasure_id)
            if got:
                taken.append(erasure_id)
            return got

        try:
            yield take
        except BaseException:
            for erasure_id in taken:
                self.release(erasure_id, done=False)
            raise

    def release(self, erasure_id: str, *, done: bool) -> None:
        """Give a claim back. done: nobody will need it again."""
        descriptor = self._held.pop(erasure_id, None)
        if descriptor is None:
            return
        if done:
            self._path(erasure_id).unlink(missing_ok=True)
        os.close(descriptor)

    def tidy(self) -> int:
        """Remove what processes left that were killed before they wrote anything down; gives the number."""
        gone = 0
        for path in self._home.glob(f"{_KIND}_*{_SUFFIX}"):
            erasure_id = path.name.removesuffix(_SUFFIX)
            if erasure_id not in self._held and self.take(erasure_id):
                self.release(erasure_id, done=True)
                gone += 1
        return gone

    def _path(self, erasure_id: str) -> Path:
        return self._home / f"{erasure_id}{_SUFFIX}"
