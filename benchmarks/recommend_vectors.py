"""Rows to measure an index with: of real texts by the encoder, or drawn around centres."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.recommend_texts import product_texts
from vocabulary import TextEncoder

CLUSTERS: Final = 2_000
SPREAD: Final = 0.35
"""Length of the noise beside a centre of length 1."""

_CHUNK: Final = 2_048


def drawn_vectors(count: int, dimensions: int = 384, seed: int = 6) -> NDArray[np.float32]:
    """Unit rows around CLUSTERS centres of uneven size: float32, shape (count, dimensions).

    The share of the n-th cluster falls with n (Zipf), as the kinds of things of a shop do. The noise of all clusters
    falls from axis to axis as 1/n, as embeddings fall along their principal axes; noise that is the same in every
    direction would leave no neighbours to find.
    """
    draw = np.random.default_rng(seed)
    centres = _unit(draw.standard_normal((CLUSTERS, dimensions), dtype=np.float32))
    shares = 1 / np.arange(10, CLUSTERS + 10)
    lengths = 1 / np.arange(1, dimensions + 1)
    lengths *= SPREAD / np.sqrt((lengths**2).sum())
    turned = np.linalg.qr(draw.standard_normal((dimensions, dimensions)))[0]
    axes = (lengths[:, None] * turned).astype(np.float32)
    rows = np.empty((count, dimensions), dtype=np.float32)
    for start in range(0, count, 50_000):
        stop = min(start + 50_000, count)
        chosen = draw.choice(CLUSTERS, size=stop - start, p=shares / shares.sum())
        noise = draw.standard_normal((stop - start, dimensions), dtype=np.float32) @ axes
        rows[start:stop] = _unit(centres[chosen] + noise)
    return rows


def text_vectors(
    count: int, encoder: TextEncoder, folder: Path, progress: Callable[[int, int], None] | None = None
) -> NDArray[np.float32]:
    """The encoder's rows of `product_texts(count)`, read-only: float32, shape (count, encoder.dimensions).

    What is embedded is kept in the folder, chunk by chunk, by encoder: a run that is stopped goes on where it was.
    progress: told (rows there, count) after each chunk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{encoder.version}.f32"
    width = encoder.dimensions * 4
    if path.is_file() and path.stat().st_size >= count * width:
        return np.memmap(path, dtype=np.float32, mode="r", shape=(count, encoder.dimensions))
    with path.open("ab") as stream:
        there = stream.tell() // width
        stream.truncate(there * width)
        texts = islice(product_texts(count), there, None)
        while chunk := list(islice(texts, _CHUNK)):
            stream.write(encoder.encode(chunk).tobytes())
            stream.flush()
            there += len(chunk)
            if progress is not None:
                progress(there, count)
    return np.memmap(path, dtype=np.float32, mode="r", shape=(count, encoder.dimensions))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    norms: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / norms, dtype=np.float32)
