"""Small secret files: created once, whole, and readable by their owner alone."""

import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from privacy.errors import KeyFileError

_ALLOWED_MODE = 0o600


def read_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content; the file is made first if it is missing.

    Two processes that start at once get the same content: a new file appears whole, by a hard link
    that fails when the other process was faster, and each process then reads what is there.
    Raises: KeyFileError when the file cannot be made or read, or others than its owner may use it.
    """
    if not path.exists():
        _create(path, make())
    return read_private(path)


def read_private(path: Path) -> bytes:
    """The content of a file that must belong to its owner alone. Raises: KeyFileError."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as err:
        raise KeyFileError(
            f"{path} cannot be read ({err.strerror}); expected a file that this user may read. "
            "Run as the user that owns it, or restore it from a backup."
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & ~_ALLOWED_MODE:
            raise KeyFileError(
                f"{path} has mode {mode:04o}; expected 0600, so that only its owner can read it. "
                f"Check who has seen it, then run: chmod 600 {path}",
                code="key_file_mode",
            )
        return file.read()


def replace(path: Path, content: bytes) -> None:
    """Put new content in place of the file's old content, at once and durably. Raises: KeyFileError."""
    temporary = _write_temporary(path, content)
    try:
        temporary.replace(path)
    except OSError as err:
        temporary.unlink(missing_ok=True)
        raise _not_created(path, err) from None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among all processes that change this file; another one waits. The lock lies beside the file and stays.

    Raises: KeyFileError.
    """
    lock = path.with_name(f".{path.name}.lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, _ALLOWED_MODE)
    except OSError as err:
        raise _not_created(lock, err) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _create(path: Path, content: bytes) -> None:
    temporary = _write_temporary(path, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # Another process was faster; its file counts.
    except OSError as err:
        raise _not_created(path, err) from None
    finally:
        temporary.unlink(missing_ok=True)


def _write_temporary(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ALLOWED_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as err:
        with suppress(OSError):
            temporary.unlink()
        raise _not_created(path, err) from None
    return temporary


def _not_created(path: Path, err: OSError) -> KeyFileError:
    return KeyFileError(
        f"{path} cannot be created ({err.strerror}); expected a folder that this user may write to, "
        "with free space. Set ATTUNE_HOME to such a folder."
    )
