"""The vectors of texts on disk: each text is embedded once, whatever asks and however often the work is stopped.

Two files that only ever grow, written by one process at a time and mapped by all:

| file                    | holds, row after row                                                           |
|-------------------------|--------------------------------------------------------------------------------|
| `texts-<model>-<n>.f32` | the vector, float32                                                            |
| `texts-<model>-<n>.keys`| the key of the text (16 bytes) and the CRC-32 of the vector                    |

A row counts once its key is there, and keys are written after vectors: what a killed process left half is cut off by
the next writer. `<model>` is a fingerprint of the encoder's version: vectors of two models never meet in one file.
`<n>` rises when rows that no item needs any more are left behind.
"""

import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.embedding.texts import KEY_BYTES
from recommender.errors import EncoderError, VectorsMovedError

_RECORD: Final = np.dtype([("high", "<u8"), ("low", "<u8"), ("crc", "<u4")])
_UNSORTED_ROWS: Final = 4_096
_NORM_TOLERANCE: Final = 1e-3


class TextVectors:
    """Rows of one encoder by the key of their text. Reading is safe beside one writer, in any process."""

    def __init__(self, folder: Path, encoder: str, dimensions: int, generation: int = 1) -> None:
        """Open, or begin, the files of this encoder's version and this generation. Raises: OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.generation = generation
        self.dimensions = dimensions
        self.stem = f"texts-{hashlib.sha256(encoder.encode()).hexdigest()[:8]}-{generation}"
        self._vectors_path = folder / f"{self.stem}.f32"
        self._keys_path = folder / f"{self.stem}.keys"
        self._records = np.empty(0, dtype=_RECORD)
        self._matrix: NDArray[np.float32] = np.empty((0, dimensions), dtype=np.float32)
        self._sorted = np.empty(0, dtype=np.uint64)
        self._order = np.empty(0, dtype=np.int64)
        self._late: dict[bytes, int] = {}
        self.refresh()

    def __len__(self) -> int:
        return len(self._records)

    @property
    def matrix(self) -> NDArray[np.float32]:
        """All rows, mapped from the file, read-only: shape (len(self), dimensions)."""
        return self._matrix

    @property
    def megabytes(self) -> float:
        """On disk."""
        return len(self) * (self.dimensions * 4 + _RECORD.itemsize) / 1e6

    def refresh(self) -> bool:
        """Take in the rows that any process has added. True if there were some."""
        there = self._complete_rows()
        if there <= len(self):
            return False
        with self._keys_path.open("rb") as stream:
            stream.seek(len(self) * _RECORD.itemsize)
            fresh = np.fromfile(stream, dtype=_RECORD, count=there - len(self))
        # The matrix first: who sees the new length must be able to read the rows.
        self._matrix = np.memmap(self._vectors_path, dtype=np.float32, mode="r", shape=(there, self.dimensions))
        before = len(self)
        self._records = np.concatenate([self._records, fresh])
        if len(self._late) + len(fresh) > max(_UNSORTED_ROWS, before // 8):
            self._order = np.argsort(self._records["high"], kind="stable")
            self._sorted = self._records["high"][self._order]
            self._late = {}
        else:
            keys = fresh[["high", "low"]].tolist()
            self._late.update(
                (high.to_bytes(8, "little") + low.to_bytes(8, "little"), before + place)
                for place, (high, low) in enumerate(keys)
            )
        return True

    def find(self, keys: Sequence[bytes]) -> NDArray[np.int64]:
        """The row of each key, -1 where there is none: shape (len(keys),)."""
        if not keys:
            return np.empty(0, dtype=np.int64)
        wanted = np.frombuffer(b"".join(keys), dtype=np.uint64).reshape(-1, KEY_BYTES // 8)
        found = np.full(len(keys), -1, dtype=np.int64)
        if len(self._sorted):
            place = np.minimum(np.searchsorted(self._sorted, wanted[:, 0]), len(self._sorted) - 1)
            rows = self._order[place]
            held = self._records[rows]
            same = (held["high"] == wanted[:, 0]) & (held["low"] == wanted[:, 1])
            found[same] = rows[same]
        if self._late:
            late = np.fromiter((self._late.get(key, -1) for key in keys), dtype=np.int64, count=len(keys))
            # A row that was written anew, because the first one is damaged, is the one that counts.
            found = np.where(late >= 0, late, found)
        return found

    def sound(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each row is what was written, by its CRC-32: shape (len(rows),)."""
        wanted = self._records["crc"][rows]
        matrix = self._matrix
        return np.fromiter(
            (zlib.crc32(matrix[row]) == crc for row, crc in zip(rows.tolist(), wanted.tolist(), strict=True)),
            dtype=np.bool_,
            count=len(rows),
        )

    def keys(self, rows: NDArray[np.int64]) -> list[bytes]:
        """The key of each row."""
        held = self._records[rows]
        both = np.stack([held["high"], held["low"]], axis=1).tobytes()
        return [both[start : start + KEY_BYTES] for start in range(0, len(both), KEY_BYTES)]

    def append(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Write rows; they survive a power cut from here on. Only for the process that holds the writer's lock.

        vectors: float32, shape (len(keys), dimensions), rows of length 1. Raises: EncoderError for other rows.
        """
        if not len(keys):
            return
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        norms = np.linalg.norm(rows, axis=1)
        if rows.shape != (len(keys), self.dimensions) or not np.all(np.abs(norms - 1) < _NORM_TOLERANCE):
            raise EncoderError(
                f"the encoder gave {rows.shape[0]} × {rows.shape[1]} numbers for {len(keys)} texts, lengths from "
                f"{norms.min():.3f} to {norms.max():.3f}; expected rows of {self.dimensions} numbers with length 1. "
                "Make the encoder again with `attune train --force`, or name another model in ATTUNE_ENCODER_MODEL."
            )
        there = self._complete_rows()
        if there < len(self):
            raise VectorsMovedError(
                f"{self._vectors_path} holds {there} rows and had {len(self)}: another process has put the vectors in "
                "order. Open the index again."
            )
        records = np.empty(len(keys), dtype=_RECORD)
        halves = np.frombuffer(b"".join(keys), dtype=np.uint64).reshape(-1, 2)
        records["high"], records["low"] = halves[:, 0], halves[:, 1]
        records["crc"] = [zlib.crc32(row) for row in rows]
        _add(self._vectors_path, there * self.dimensions * 4, rows.tobytes())
        _add(self._keys_path, there * _RECORD.itemsize, records.tobytes())
        self.refresh()

    def _complete_rows(self) -> int:
        return min(
            _size(self._vectors_path) // (self.dimensions * 4),
            _size(self._keys_path) // _RECORD.itemsize,
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _add(path: Path, offset: int, data: bytes) -> None:
    """Write at an offset; what lay behind it, half a row of a killed process, goes."""
    with path.open("r+b" if path.exists() else "w+b") as stream:
        stream.truncate(offset)
        stream.seek(offset)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
