"""Is anything left? A search for the bytes of ids and words in every file and every stored value."""

import gzip
import mmap
import sqlite3
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from store.erasure.needles import Needles

_BIG: Final = 64 * 1024 * 1024
_MOST_UNPACKED: Final = 512 * 1024 * 1024
_BLOCK: Final = 8 * 1024 * 1024
_SQLITE: Final = b"SQLite format 3\0"
_PACKED: Final = (".gz", ".tgz", ".zip", ".tar")


@dataclass
class Found:
    """What a search went through. hits: where, as "file name" or "table.column", never what.

    unchanged: big files that were last written before the person was first stored, and were therefore left out.
    copies: databases of this product's kind that are not the ones in use, with whether they hold any needle.
    """

    files: int = 0
    bytes: int = 0
    values: int = 0
    unchanged: int = 0
    unreadable: list[str] = field(default_factory=list)
    hits: list[str] = field(default_factory=list)
    copies: dict[str, bool] = field(default_factory=dict)


def search_files(
    folders: Sequence[Path], wanted: Needles, *, in_use: Sequence[Path], since: float, found: Found
) -> None:
    """Look through every file below the folders, and into archives. Blocks.

    in_use: the databases of the running product; any other SQLite file is a copy, told apart from hits.
    since: when the person was first stored (seconds since 1970).
    """
    used = {path.resolve() for path in in_use}
    for path in _files(folders):
        try:
            stat = path.stat()
            if stat.st_size > _BIG and stat.st_mtime < since:
                found.unchanged += 1
                continue
            hit = _file_holds(path, wanted)
        except FileNotFoundError:
            # Journals and media come and go while the product runs.
            continue
        except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile):
            found.unreadable.append(path.name)
            continue
        found.files += 1
        found.bytes += stat.st_size
        if is_copy(path, used) or (hit and path.suffix in _PACKED and path.parent.name != "models"):
            found.copies[path.name] = hit
        elif hit:
            found.hits.append(path.name)


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            real = path.resolve()
            if real not in seen and path.is_file():
                seen.add(real)
                yield path


def _file_holds(path: Path, wanted: Needles) -> bool:
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if wanted.are_in(content):
            return True
    return path.suffix in _PACKED and any(_stream_holds(stream, wanted) for stream in _unpacked(path))


def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield member
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for entry in archive:
                taken = archive.extractfile(entry) if entry.isfile() else None
                if taken is not None:
                    yield taken
    else:
        with gzip.open(path) as stream:
            yield stream  # type: ignore[misc]


def _stream_holds(stream: IO[bytes], wanted: Needles) -> bool:
    overlap = max(wanted.longest - 1, 0)
    tail, read = b"", 0
    while block := stream.read(_BLOCK):
        read += len(block)
        if read > _MOST_UNPACKED:
            raise OSError("the archive is larger than what is searched")
        window = tail + block
        if wanted.are_in(window):
            return True
        tail = window[-overlap:] if overlap else b""
    return False


def copies(folders: Sequence[Path], in_use: Sequence[Path]) -> list[Path]:
    """Databases of this product's kind that are not the ones in use. Blocks."""
    used = {path.resolve() for path in in_use}
    return [path for path in _files(folders) if is_copy(path, used)]


def is_copy(path: Path, used: set[Path]) -> bool:
    """Whether a file is a database of this product's kind that is not in use."""
    if path.resolve() in used or path.name.endswith(("-wal", "-shm", "-journal")):
        return False
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            return False
    try:
        db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        try:
            names = {str(name) for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        finally:
            db.close()
    except sqlite3.Error:
        return True
    return bool(names & {"conversations", "attune_turns"})
