"""The file of a taste model: arrays and a header, without pickle, checked by a checksum, put in place at once."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import LearningError

VERSION: Final = 1
AGAIN: Final = "Make it again: attune recommend train"


@dataclass(frozen=True)
class Header:
    """What stands beside the arrays. ids: of the items, in the order of the arrays' lines."""

    ids: tuple[str, ...]
    settings: dict[str, Any]
    made_at: datetime
    numbers: dict[str, float]


def write_arrays(
    path: Path,
    arrays: Mapping[str, NDArray[Any]],
    ids: Sequence[str],
    settings: Mapping[str, Any],
    made_at: datetime,
    numbers: Mapping[str, float],
) -> None:
    """Write everything beside the file, then put it in its place. The same content gives the same bytes."""
    header = {
        "version": VERSION,
        "ids": list(ids),
        "settings": dict(settings),
        "made_at": made_at.isoformat(),
        "numbers": dict(numbers),
        "checksum": _checksum(arrays),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with waiting.open("wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
                _put(archive, "header.json", json.dumps(header, sort_keys=True).encode())
                for name, array in sorted(arrays.items()):
                    body = io.BytesIO()
                    np.lib.format.write_array(body, np.ascontiguousarray(array), allow_pickle=False)
                    _put(archive, f"{name}.npy", body.getvalue())
            out.flush()
            os.fsync(out.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def read_arrays(path: Path) -> tuple[Header, dict[str, NDArray[Any]]]:
    """Raises: LearningError if it is no such file, of another version, or was changed since; OSError if unreadable."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            header = json.loads(archive.read("header.json"))
            if header["version"] != VERSION:
                raise LearningError(
                    f"{path.name} is of version {header['version']!r}; this program reads {VERSION}. {AGAIN}"
                )
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            arrays = {
                name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
                for name in names
            }
            if _checksum(arrays) != header["checksum"]:
                raise LearningError(f"{path.name} is damaged: its checksum differs. {AGAIN}")
            made_at = datetime.fromisoformat(header["made_at"])
            return Header(tuple(header["ids"]), header["settings"], made_at, header["numbers"]), arrays
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError) as err:
        if isinstance(err, LearningError):
            raise
        raise LearningError(f"{path.name} is no taste model, or damaged ({type(err).__name__}). {AGAIN}") from None


def _checksum(arrays: Mapping[str, NDArray[Any]]) -> str:
    total = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        total.update(f"{name} {array.dtype} {array.shape}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()


def _put(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    # A fixed date: the file depends on its content alone.
    archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), body)
