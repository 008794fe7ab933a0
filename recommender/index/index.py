"""The vectors of a catalogue in FAISS, kept on disk so that a restart embeds nothing."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from vocabulary import Item, TextEncoder

FORMAT: Final = 1
META_FILE: Final = "index.json"
EXACT_UP_TO: Final = 5_000
"""With no more passing items than this, every one is scored; above, the nearest this many are."""


class IndexFileError(RecommenderError):
    """The stored index is missing, damaged, or of another encoder; it is rebuilt, never trusted."""

    code = "index_unusable"
    retryable = True


def text_of(item: Item) -> str:
    """What the encoder reads of an item: everything but price and stock, which change without a new embedding."""
    facts = ", ".join(f"{name} {value}" for name, value in item.attributes.items() if name != "model" and value != "no")
    return f"{item.title}. {item.category}. {item.description} {facts}".strip()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


class VectorIndex:
    """Exact inner-product search over items by position. Immutable once built.

    Rows are unit vectors, so the inner product is the cosine.
    """

    def __init__(self, hashes: tuple[str, ...], vectors: NDArray[np.float32], version: str) -> None:
        """vectors: float32, shape (n_items, dimensions), rows of length 1, in the order of the hashes."""
        import faiss

        # A search of some hundred rows takes microseconds; waking a second thread on a busy machine took 7 ms.
        faiss.omp_set_num_threads(1)
        self.hashes = hashes
        self.version = version
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        self._index.add_with_ids(np.ascontiguousarray(vectors), np.arange(len(hashes), dtype=np.int64))

    @classmethod
    def build(
        cls, items: Sequence[Item], encoder: TextEncoder, known: Mapping[str, NDArray[np.float32]]
    ) -> "VectorIndex":
        """Index the items; only texts whose hash is not in `known` are embedded."""
        texts = [text_of(item) for item in items]
        hashes = tuple(_hash(text) for text in texts)
        missing = {digest: text for digest, text in zip(hashes, texts, strict=True) if digest not in known}
        fresh = dict(zip(missing, encoder.encode(list(missing.values())), strict=True)) if missing else {}
        vectors = np.empty((len(items), encoder.dimensions), dtype=np.float32)
        for position, digest in enumerate(hashes):
            vectors[position] = fresh[digest] if digest in fresh else known[digest]
        return cls(hashes, vectors, encoder.version)

    def vectors(self) -> dict[str, NDArray[np.float32]]:
        """The stored vectors by the hash of their text."""
        if not self.hashes:
            return {}
        rows = self._index.reconstruct_batch(np.arange(len(self.hashes), dtype=np.int64))
        return dict(zip(self.hashes, rows, strict=True))

    def search(
        self, vector: NDArray[np.float32], passing: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Cosines of the passing positions, nearest first.

        vector: shape (dimensions,). passing: positions, shape (n,); the result holds all of them, or the nearest
        EXACT_UP_TO. The filter is exact: FAISS compares the passing rows and no others.
        """
        if not passing.size:
            return passing, np.empty(0, dtype=np.float32)
        import faiss

        wanted = min(passing.size, EXACT_UP_TO)
        # The stubs do not know the parameter; the library's own documentation does.
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(passing))  # type: ignore[call-arg]
        cosines, positions = self._index.search(vector[None, :], wanted, params=chosen)
        found = positions[0] >= 0
        return positions[0][found], cosines[0][found]

    def save(self, folder: Path) -> None:
        """Write the index; a reader at any moment sees the old one or the new one, whole."""
        import faiss

        folder.mkdir(parents=True, exist_ok=True)
        data = faiss.serialize_index(self._index).tobytes()
        checksum = hashlib.sha256(data).hexdigest()
        name = f"vectors-{checksum[:16]}.faiss"
        _write(folder / name, data)
        meta = {
            "format": FORMAT,
            "encoder": self.version,
            "vectors": name,
            "sha256": checksum,
            "hashes": list(self.hashes),
        }
        _write(folder / META_FILE, json.dumps(meta).encode())
        for old in folder.glob("vectors-*.faiss"):
            if old.name != name:
                with suppress(OSError):
                    old.unlink()

    @classmethod
    def load(cls, folder: Path, version: str) -> "VectorIndex":
        """Read the index of this encoder version. Raises: IndexFileError."""
        import faiss

        try:
            meta = json.loads((folder / META_FILE).read_bytes())
            if meta["format"] != FORMAT or meta["encoder"] != version:
                raise IndexFileError(f"the index in {folder} was made by {meta['encoder']}; expected {version}.")
            # Only the last part of the name: the file lies in this folder and nowhere else.
            data = (folder / Path(meta["vectors"]).name).read_bytes()
            if hashlib.sha256(data).hexdigest() != meta["sha256"]:
                raise IndexFileError(f"the index in {folder} does not match its checksum.")
            stored = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
            hashes = tuple(str(digest) for digest in meta["hashes"])
            vectors = (
                stored.reconstruct_batch(np.arange(len(hashes), dtype=np.int64))
                if hashes
                else np.empty((0, stored.d), dtype=np.float32)
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise IndexFileError(f"the index in {folder} cannot be read ({type(error).__name__}).") from error
        return cls(hashes, vectors, version)


def _write(path: Path, data: bytes) -> None:
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
