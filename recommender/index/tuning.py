"""The compressed index of a large catalogue: how it is trained, and how widely it has to look.

Inverted lists with product-quantised codes that are scanned sixteen at a time (André, Kermarrec and Le Scouarnec,
Quicker ADC, 2019; FAISS `IndexIVFPQFastScan`), refined with 8-bit vectors. How many lists and how many candidates a
search takes is not guessed: the catalogue's own vectors are searched for, exactly and compressed, and the quickest
setting that finds RECALL of the neighbours is kept.
"""

import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RECALL: Final = 0.985
"""Of the ten nearest neighbours, on vectors of the catalogue; the target on queries is .97."""

_NEIGHBOURS: Final = 10
_QUERIES: Final = 200
_TRAINING_ROWS_OF_A_LIST: Final = 32
_LISTS_PER_ROOT: Final = 4
_MAX_LISTS: Final = 4_096
_DIMENSIONS_OF_A_CODE: Final = 2
_CHUNK: Final = 20_000
_WIDTHS: Final = ((8, 8), (16, 8), (16, 16), (32, 16), (32, 32), (64, 32), (64, 64), (128, 64), (256, 64), (512, 128))
"""(lists, candidates for each neighbour) that are tried, in the order of their cost."""


@dataclass(frozen=True)
class Tuning:
    """How a compressed base is searched.

    lists: how many of its inverted lists. candidates: taken from the codes for each neighbour that is wanted, at
    least. recall: of the ten nearest neighbours, as measured on the catalogue's own vectors when it was built.
    """

    lists: int
    candidates: int
    recall: float

    def parameters(self, selector: Any, share: float) -> Any:
        """FAISS search parameters; with a selector that lets little pass, more lists."""
        import faiss

        widened = self.lists if selector is None else int(min(_MAX_LISTS, self.lists / max(share, 0.01) ** 0.5))
        return faiss.IndexRefineSearchParameters(  # type: ignore[call-arg]
            k_factor=float(self.candidates),
            base_index_params=faiss.IVFSearchParameters(nprobe=widened, sel=selector),  # type: ignore[call-arg]
        )


def build_compressed(matrix: NDArray[np.float32], rows: NDArray[np.int64], *, seed: int = 5) -> Any:
    """A trained and filled FAISS index; the n-th vector in it is matrix[rows[n]]."""
    import faiss

    dimensions = matrix.shape[1]
    lists = int(min(_MAX_LISTS, max(1, _LISTS_PER_ROOT * round(len(rows) ** 0.5))))
    code_size = next(m for m in range(dimensions // _DIMENSIONS_OF_A_CODE or 1, 0, -1) if dimensions % m == 0)
    coarse = faiss.IndexFlatIP(dimensions)
    codes: Any = faiss.IndexIVFPQFastScan(coarse, dimensions, lists, code_size, 4, faiss.METRIC_INNER_PRODUCT)
    fine: Any = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    draw = np.random.default_rng(seed)
    count = min(len(rows), lists * _TRAINING_ROWS_OF_A_LIST)
    sample = np.ascontiguousarray(matrix[np.sort(draw.choice(rows, count, replace=False))])
    codes.cp.min_points_per_centroid = 1
    codes.train(sample)
    fine.train(sample)
    index: Any = faiss.IndexRefine(codes, fine)
    for start in range(0, len(rows), _CHUNK):
        index.add(np.ascontiguousarray(matrix[rows[start : start + _CHUNK]]))
    return index


def tune(index: Any, matrix: NDArray[np.float32], rows: NDArray[np.int64], *, seed: int = 6) -> Tuning:
    """The quickest width that reaches RECALL, or the widest."""
    draw = np.random.default_rng(seed)
    queries = np.ascontiguousarray(matrix[draw.choice(rows, min(_QUERIES, len(rows)), replace=False)])
    # A query's own row would always be found; noise of a fifth of its length makes it a question of its own.
    queries += draw.standard_normal(queries.shape, dtype=np.float32) * (0.2 / queries.shape[1] ** 0.5)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    truth = exact_neighbours(matrix, rows, queries)
    best: tuple[float, Tuning] | None = None
    for lists, candidates in _WIDTHS:
        tried = Tuning(lists, candidates, 0.0)
        start = time.perf_counter()
        found = np.concatenate(
            [index.search(query[None], _NEIGHBOURS, params=tried.parameters(None, 1.0))[1] for query in queries]
        )
        seconds = time.perf_counter() - start
        recall = float(np.mean([len(set(a) & set(b)) / len(b) for a, b in zip(found.tolist(), truth, strict=True)]))
        measured = Tuning(lists, candidates, round(recall, 4))
        if best is None or best[1].recall < min(recall, RECALL) or (recall >= RECALL and seconds < best[0]):
            best = seconds, measured
        if recall >= RECALL:
            break
    assert best is not None
    return best[1]


def exact_neighbours(
    matrix: NDArray[np.float32], rows: NDArray[np.int64], queries: NDArray[np.float32]
) -> list[list[int]]:
    """Places in `rows` of the nearest vectors of each query, by comparing all."""
    best = np.full((len(queries), _NEIGHBOURS), -np.inf, dtype=np.float32)
    place = np.full((len(queries), _NEIGHBOURS), -1, dtype=np.int64)
    for start in range(0, len(rows), _CHUNK):
        cosines = queries @ matrix[rows[start : start + _CHUNK]].T
        cosines = np.concatenate([best, cosines], axis=1)
        where = np.concatenate(
            [
                place,
                np.broadcast_to(
                    np.arange(start, start + cosines.shape[1] - _NEIGHBOURS),
                    (len(queries), cosines.shape[1] - _NEIGHBOURS),
                ),
            ],
            axis=1,
        )
        top = np.argpartition(-cosines, _NEIGHBOURS - 1, axis=1)[:, :_NEIGHBOURS]
        best, place = np.take_along_axis(cosines, top, axis=1), np.take_along_axis(where, top, axis=1)
    return [[one for one in row if one >= 0] for row in place.tolist()]
