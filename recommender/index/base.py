"""The large, unchanging part of an index in FAISS: exact up to some size, compressed above."""

import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import IndexFileError
from recommender.index.files import StoredFile, checked, store_bytes, store_path
from recommender.index.tuning import Tuning, build_compressed, tune

_CHUNK: Final = 10_000

EXACT_BASE_UP_TO: Final = 100_000
"""Items. A flat search costs 6 ms there and grows with the number; a compressed one costs under 1 ms."""


@dataclass(frozen=True)
class Base:
    """A FAISS index over rows of the text vectors, mapped from its file.

    rows: which rows it holds, ascending: int64, shape (n,). tuning: None for the flat index. size: of its file, bytes.
    """

    index: Any
    rows: NDArray[np.int64]
    tuning: Tuning | None
    built: "Built"
    size: int

    @property
    def kind(self) -> str:
        return "flat" if self.tuning is None else "ivf-pq"

    def search(
        self, vector: NDArray[np.float32], k: int, passing: NDArray[np.bool_] | None, share: float
    ) -> NDArray[np.int64]:
        """Rows near a vector, best first by this index's own measure.

        vector: shape (1, dimensions). passing: by row; None for all. share: how much of the base passes; a compressed
        search looks into more lists when little does.
        """
        import faiss

        # OpenMP counts threads for each calling thread anew.
        faiss.omp_set_num_threads(1)
        selector: Any = None
        if passing is not None:
            if self.tuning is not None:
                passing = self._by_place(passing)
            # The selector borrows these bits; both live until the search is over.
            bits = np.packbits(passing, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        k = min(k, len(self.rows))
        if self.tuning is None:
            params = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            found = self.index.search(vector, k, params=params)[1][0]
            return np.asarray(found[found >= 0], dtype=np.int64)
        found = self.index.search(vector, k, params=self.tuning.parameters(k, selector, share))[1][0]
        return np.asarray(self.rows[found[found >= 0]], dtype=np.int64)

    def _by_place(self, passing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if len(self.rows) and self.rows[-1] == len(self.rows) - 1:
            return passing[: len(self.rows)]
        return np.asarray(passing[self.rows])


@dataclass(frozen=True)
class Built:
    """A base on disk. stored: the FAISS file. rows: which vectors it holds, in order. tuning: how it is searched."""

    stored: StoredFile
    rows: StoredFile
    tuning: dict[str, Any] | None


@dataclass(frozen=True)
class Draft:
    """A base that is built, under a name that nobody reads yet."""

    path: Path
    rows: NDArray[np.int64]
    tuning: Tuning | None

    def publish(self, folder: Path) -> Built:
        """Give it its name. Under the writer's lock, and a meta file that names it must follow."""
        stored = store_path(folder, "base", self.path)
        tuning = None if self.tuning is None else asdict(self.tuning)
        return Built(stored, store_bytes(folder, "rows", self.rows.tobytes()), tuning)

    def drop(self) -> None:
        """Delete what is not needed after all."""
        self.path.unlink(missing_ok=True)


def build_base(
    folder: Path, matrix: NDArray[np.float32], rows: NDArray[np.int64], *, exact_up_to: int = EXACT_BASE_UP_TO
) -> Draft:
    """Make a base of these rows in the folder.

    matrix: all text vectors, mapped. rows: ascending. Minutes for a million rows; searches of other threads go on.
    """
    import faiss

    tuning: Tuning | None = None
    if len(rows) <= exact_up_to:
        index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(matrix.shape[1]))
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            index.add_with_ids(np.ascontiguousarray(matrix[part]), part)
    else:
        index = build_compressed(matrix, rows)
        tuning = tune(index, matrix, rows)
    handle, name = tempfile.mkstemp(prefix=".base-", dir=folder)
    os.close(handle)
    draft = Draft(Path(name), rows, tuning)
    try:
        faiss.write_index(index, name)
    except BaseException:
        draft.drop()
        raise
    return draft


def open_base(folder: Path, built: Built) -> Base:
    """Map a base from its file after its checksum held. Raises: IndexFileError."""
    import faiss

    path = checked(folder, built.stored)
    rows = np.fromfile(checked(folder, built.rows), dtype=np.int64)
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        tuning = None if built.tuning is None else Tuning(**built.tuning)
    except (RuntimeError, TypeError, ValueError) as error:
        raise IndexFileError(f"{path} cannot be read ({type(error).__name__}).") from error
    if index.ntotal != len(rows):
        raise IndexFileError(f"{path} holds {index.ntotal} vectors; expected {len(rows)}.")
    return Base(index, rows, tuning, built, path.stat().st_size)
