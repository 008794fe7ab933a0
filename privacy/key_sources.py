"""Where the keys come from: a file of one's own, the environment, or a command."""

import shlex
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol, Self

from privacy.errors import KeyFileError
from privacy.files import locked, read_or_create, read_private, replace

COMMAND_TIMEOUT_S: Final = 10.0
_ASK_AGAIN_S: Final = 5.0
"""A command is not run more often than this for keys that nobody knows."""


class KeySource(Protocol):
    """name: how errors call it. writable: whether writing() works.

    changed(): whether a new read() may give something else, asked before every sealing.
    """

    name: str
    writable: bool

    def read(self) -> bytes:
        """The ring as JSON. Raises: KeyFileError."""

    def changed(self) -> bool:
        """Cheap, never raises."""

    def writing(self) -> AbstractContextManager[Callable[[bytes], None]]:
        """Alone among all processes: what takes the new content. Raises: KeyFileError."""


class FileSource:
    """A file of mode 0600."""

    writable = True

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        self._seen: tuple[int, int, int] | None = None

    @classmethod
    def opened(cls, path: Path, make: Callable[[], bytes]) -> Self:
        """The file, which is made first if it is missing: at a start, never later. Raises: KeyFileError."""
        read_or_create(path, make)
        return cls(path)

    def read(self) -> bytes:
        """Raises: KeyFileError."""
        # Noted first: a file that is replaced in between counts as changed.
        seen = self._stamp()
        content = read_private(self._path)
        self._seen = seen
        return content

    def changed(self) -> bool:
        """By inode, size and time: a few microseconds."""
        return self._stamp() != self._seen

    @contextmanager
    def writing(self) -> Iterator[Callable[[bytes], None]]:
        """Raises: KeyFileError."""
        with locked(self._path):
            yield lambda content: replace(self._path, content)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


class _ReadOnly:
    name: str
    writable = False

    @contextmanager
    def writing(self) -> Iterator[Callable[[bytes], None]]:
        """Raises: KeyFileError."""
        raise KeyFileError(
            f"the keys come from {self.name}, which this command cannot change. Add the new key there yourself "
            "(attune keys new prints the whole ring with one more), let every process see it, then run it again.",
            code="keys_read_only",
        )
        yield  # pragma: no cover - a context manager yields


class EnvironmentSource(_ReadOnly):
    """The JSON of a key file, in the setting itself."""

    name = "ATTUNE_KEYS"

    def __init__(self, content: str) -> None:
        self._content = content.encode("utf-8", "surrogatepass")

    def read(self) -> bytes:
        """Never raises."""
        return self._content

    def changed(self) -> bool:
        """A process's environment stays as it is."""
        return False


class CommandSource(_ReadOnly):
    """What a command prints: the JSON of a key file. It is run without a shell, and asked anew for unknown keys."""

    name = "ATTUNE_KEY_COMMAND"

    def __init__(self, command: str, *, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        try:
            self._words = shlex.split(command)
        except ValueError:
            self._words = []
        if not self._words:
            raise KeyFileError(
                "ATTUNE_KEY_COMMAND is no command; expected a program and its arguments, quoted as for a shell.",
                code="key_command",
            )
        self._timeout_s = timeout_s
        self._content: bytes | None = None
        self._asked_at = 0.0

    def read(self) -> bytes:
        """Its standard output, at most COMMAND_TIMEOUT_S later. Raises: KeyFileError."""
        if self._content is not None and time.monotonic() - self._asked_at < _ASK_AGAIN_S:
            return self._content
        try:
            done = subprocess.run(
                self._words, stdin=subprocess.DEVNULL, capture_output=True, timeout=self._timeout_s, check=False
            )
        except subprocess.TimeoutExpired:
            raise self._failed(f"did not end within {self._timeout_s:g} s") from None
        except OSError as err:
            raise self._failed(f"cannot be run ({err.strerror})") from None
        if done.returncode != 0:
            # What it says on its standard error may hold a secret.
            raise self._failed(f"ended with status {done.returncode}")
        self._content, self._asked_at = done.stdout, time.monotonic()
        return done.stdout

    def changed(self) -> bool:
        """Nobody can tell without running it."""
        return False

    def _failed(self, how: str) -> KeyFileError:
        return KeyFileError(
            f"ATTUNE_KEY_COMMAND ({self._words[0]}) {how}; expected it to print the keys as JSON. "
            "Run it by hand as the same user and see what it says.",
            code="key_command",
        )
