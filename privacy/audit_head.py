"""The head of the audit chain outside the database: whoever cuts the chain's end cannot cut it here as well."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privacy.audit import AuditError, Head

_ALLOWED_MODE = 0o600
_LENGTH = 90


class HeadFile:
    """One line `NUMBER:HASH` of constant length, mode 0600, under a lock while it is used.

    Written after the entry is committed: it may be behind the chain, and is never ahead of it unless entries were lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        return self._path

    def read(self) -> Head | None:
        """What it says; None where there is no such file. Raises: AuditError."""
        try:
            with self._opened(os.O_RDONLY, fcntl.LOCK_SH) as descriptor:
                return self._parsed(descriptor)
        except FileNotFoundError:
            return None

    def begin(self) -> None:
        """Make the file of an empty chain. One that is there stays. Raises: AuditError."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._opened(os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX) as descriptor:
                if os.fstat(descriptor).st_size == 0:
                    self._write(descriptor, Head())
        except OSError as err:
            raise self._unusable(err) from None

    def writable(self) -> Head | None:
        """The same as read(), for one who is going to write an entry. Raises: AuditError where it cannot advance."""
        try:
            with self._opened(os.O_RDWR, fcntl.LOCK_SH) as descriptor:
                return self._parsed(descriptor)
        except FileNotFoundError:
            return None

    def advance(self, head: Head) -> None:
        """Move on to a newer head; an older one changes nothing. Raises: AuditError."""
        with self._opened(os.O_RDWR, fcntl.LOCK_EX) as descriptor:
            if self._parsed(descriptor).number < head.number:
                self._write(descriptor, head)

    def put(self, head: Head) -> None:
        """Set a head whatever was there, after a person has looked. Raises: AuditError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._opened(os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX) as descriptor:
            self._write(descriptor, head)

    @contextmanager
    def _opened(self, flags: int, lock: int) -> Iterator[int]:
        try:
            descriptor = os.open(self._path, flags | os.O_CLOEXEC, _ALLOWED_MODE)
        except FileNotFoundError:
            raise
        except OSError as err:
            raise self._unusable(err) from None
        try:
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            if mode & ~_ALLOWED_MODE:
                raise AuditError(
                    f"{self._path} has mode {mode:04o}; expected 0600. Check who has changed it, then run: "
                    f"chmod 600 {self._path} and `attune audit verify`.",
                    code="head_mode",
                )
            fcntl.flock(descriptor, lock)
            yield descriptor
        finally:
            os.close(descriptor)

    def _parsed(self, descriptor: int) -> Head:
        content = os.pread(descriptor, _LENGTH + 1, 0)
        if len(content) != _LENGTH:
            raise AuditError(
                f"{self._path} holds {len(content)} bytes; expected one line of {_LENGTH} as this product writes it. "
                "Run: attune audit verify",
                code="head_invalid",
            )
        return Head.parse(content.decode("ascii", "replace"))

    def _write(self, descriptor: int, head: Head) -> None:
        # One short write over the old line: a killed process leaves the old line or the new one.
        line = str(head).rjust(_LENGTH - 1) + "\n"
        try:
            os.pwrite(descriptor, line.encode("ascii"), 0)
            os.ftruncate(descriptor, _LENGTH)
        except OSError as err:
            raise self._unusable(err) from None

    def _unusable(self, err: OSError) -> AuditError:
        return AuditError(
            f"{self._path} cannot be used ({err.strerror}); expected a file that this user may write to, with free "
            "space. Without it no personal data is shown.",
            code="head_unusable",
        )
