"""How the files of an index are written: whole or not at all, one writer at a time, never trusted unchecked."""

import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from recommender.errors import IndexFileError

FORMAT: Final = 2
META_FILE: Final = "index.json"
LOCK_FILE: Final = "writer.lock"

_OURS: Final = ("texts-", "items-", "base-", "rows-", "vectors-")
_LEFT_BEHIND_S: Final = 3_600.0
"""A temporary file of this age is a killed process's."""


@dataclass(frozen=True)
class StoredFile:
    """One file of an index. name: within the folder. sha256: of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Meta:
    """What belongs together. A reader takes the files that the meta file names, or none.

    stamp: rises with every save. version: of the catalogue that the items are from; None if the caller named none.
    generation: of the files of vectors. items: ids and rows. base: the FAISS index, and rows: which vectors it holds;
    None for an empty catalogue. tuning: how the base is searched.
    """

    encoder: str
    dimensions: int
    stamp: int
    version: int | None
    generation: int
    items: StoredFile
    base: StoredFile | None = None
    rows: StoredFile | None = None
    tuning: dict[str, Any] | None = None


def read_meta(folder: Path) -> Meta | None:
    """What the folder holds; None if there is no index of this format. Raises: IndexFileError."""
    try:
        raw = json.loads((folder / META_FILE).read_bytes())
        if raw["format"] != FORMAT:
            return None
        return Meta(
            encoder=str(raw["encoder"]),
            dimensions=int(raw["dimensions"]),
            stamp=int(raw["stamp"]),
            version=None if raw["version"] is None else int(raw["version"]),
            generation=int(raw["generation"]),
            items=_stored(raw["items"]),
            base=None if raw["base"] is None else _stored(raw["base"]),
            rows=None if raw["rows"] is None else _stored(raw["rows"]),
            tuning=raw["tuning"],
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexFileError(f"{folder / META_FILE} cannot be read ({type(error).__name__}).") from error


def write_meta(folder: Path, meta: Meta, texts: str) -> None:
    """From here on readers see the files that it names; what no longer belongs to them is deleted.

    texts: the stem of the files of vectors that are in use.
    """
    replace_file(folder / META_FILE, json.dumps({"format": FORMAT, **asdict(meta)}).encode())
    named = {stored.name for stored in (meta.items, meta.base, meta.rows) if stored is not None}
    for path in folder.iterdir():
        # A process that has an old file mapped keeps its content until it lets go.
        unused = path.name.startswith(_OURS) and path.name not in named and path.stem != texts
        if unused or (path.name.startswith(".") and _age_s(path) > _LEFT_BEHIND_S):
            path.unlink(missing_ok=True)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # Another process has just given it its name.


def stamp_of(folder: Path) -> tuple[int, int] | None:
    """Changes when the meta file is written; costs one look at the file's entry."""
    try:
        found = (folder / META_FILE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def store_bytes(folder: Path, stem: str, data: bytes) -> StoredFile:
    """Write a file named by its content."""
    digest = hashlib.sha256(data).hexdigest()
    stored = StoredFile(f"{stem}-{digest[:16]}", digest)
    replace_file(folder / stored.name, data)
    return stored


def store_path(folder: Path, stem: str, path: Path) -> StoredFile:
    """Take in a file that was written within the folder."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stored = StoredFile(f"{stem}-{digest[:16]}", digest)
    path.replace(folder / stored.name)
    _sync_folder(folder)
    return stored


def checked(folder: Path, stored: StoredFile) -> Path:
    """The path of a stored file whose content is what was written. Raises: IndexFileError."""
    path = folder / stored.name
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise IndexFileError(f"{path} cannot be read ({type(error).__name__}).") from error
    if found != stored.sha256:
        raise IndexFileError(f"{path} does not match its checksum.")
    return path


def replace_file(path: Path, data: bytes) -> None:
    """A reader at any moment, and after a power cut, finds the old content or the new one, whole."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


@contextmanager
def writing(folder: Path, *, name: str = LOCK_FILE, wait: bool = True) -> Iterator[bool]:
    """Hold the writer's lock of a folder, against other processes and other threads.

    Gives False at once if somebody else has it and wait is False. A killed process lets go of it by dying.
    """
    with (folder / name).open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _stored(raw: Any) -> StoredFile:
    # Only the last part of the name: the file lies in this folder and nowhere else.
    return StoredFile(Path(str(raw["name"])).name, str(raw["sha256"]))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
