"""The compressed index of a large catalogue: how it is trained, and how widely it has to look.

Inverted lists with product-quantised codes that are scanned sixteen at a time (André, Kermarrec and Le Scouarnec,
Quicker ADC, 2019; FAISS `IndexIVFPQFastScan`), refined with 8-bit vectors. How many lists and how many candidates a
search takes is not guessed: the catalogue's own vectors are searched for, exactly and compressed, and the narrowest
search that finds RECALL of the neighbours is kept.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RECALL: Final = 0.985
"""Of the ten nearest neighbours, on vectors of the catalogue; the target on queries is .97."""

SPARE: Final = 10
"""So many more than are wanted are taken from the index and compared exactly: 8 bits may swap near neighbours."""

_NEIGHBOURS: Final = 10
_QUERIES: Final = 200
_TRAINING_ROWS_OF_A_LIST: Final = 32
_LISTS_PER_ROOT: Final = 4
_MAX_LISTS: Final = 4_096
_DIMENSIONS_OF_A_CODE: Final = 2
_CHUNK: Final = 20_000
_WIDTHS: Final = ((64, 320), (64, 640), (128, 640), (128, 1_280), (256, 1_280), (256, 2_560), (512, 2_560))
"""(lists, refined) that are tried, in the order of their cost.

Items of a catalogue lie nearer to each other than to a customer's words: a narrower search found .99 of the neighbours
of items, and .88 of those of the judged queries' words; the first of these found .99 of both (200,000 short texts).
"""


@dataclass(frozen=True)
class Tuning:
    """How a compressed base is searched.

    lists: how many of its inverted lists. refined: how many of the best by their codes are compared again by their
    8-bit vectors. recall: of the ten nearest neighbours of items, as measured when it was built.
    """

    lists: int
    refined: int
    recall: float

    def parameters(self, k: int, selector: Any = None, share: float = 1.0) -> Any:
        """FAISS search parameters for k neighbours.

        selector: what passes, which is this share of all; the less, the more lists are looked into.
        """
        import faiss

        widened = self.lists if selector is None else int(min(_MAX_LISTS, self.lists / max(share, 0.01) ** 0.5))
        return faiss.IndexRefineSearchParameters(  # type: ignore[call-arg]
            k_factor=max(2.0, self.refined / k),
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
    codes.cp.min_points_per_centroid = codes.pq.cp.min_points_per_centroid = 1
    codes.train(sample)
    fine.train(sample)
    index: Any = faiss.IndexRefine(codes, fine)
    for start in range(0, len(rows), _CHUNK):
        index.add(np.ascontiguousarray(matrix[rows[start : start + _CHUNK]]))
    return index


def tune(index: Any, matrix: NDArray[np.float32], rows: NDArray[np.int64], *, seed: int = 6) -> Tuning:
    """The narrowest search that finds RECALL of the neighbours of items, or else the best."""
    own = np.random.default_rng(seed).choice(len(rows), min(_QUERIES, len(rows)), replace=False)
    queries = np.ascontiguousarray(matrix[rows[own]])
    truth = [
        set(found) - {place} for place, found in zip(own.tolist(), exact_neighbours(matrix, rows, queries), strict=True)
    ]
    best: Tuning | None = None
    for lists, refined in _WIDTHS:
        parameters = Tuning(lists, refined, 0.0).parameters(_NEIGHBOURS + SPARE)
        found = [_nearest(index, matrix, rows, query, parameters) for query in queries]
        shares = [len(near & set(one)) / len(near) for one, near in zip(found, truth, strict=True) if near]
        recall = float(np.mean(shares)) if shares else 1.0
        if best is None or recall > best.recall:
            best = Tuning(lists, refined, round(recall, 4))
        if recall >= RECALL:
            break
    assert best is not None
    return best


def _nearest(
    index: Any, matrix: NDArray[np.float32], rows: NDArray[np.int64], query: NDArray[np.float32], parameters: Any
) -> list[int]:
    """What a search finds: the best of the compressed index, compared exactly in the end."""
    places = index.search(query[None], _NEIGHBOURS + SPARE, params=parameters)[1][0]
    places = places[places >= 0]
    best = np.argsort(-(matrix[rows[places]] @ query))[: _NEIGHBOURS + 1]
    return [int(place) for place in places[best]]


def exact_neighbours(
    matrix: NDArray[np.float32], rows: NDArray[np.int64], queries: NDArray[np.float32]
) -> list[list[int]]:
    """Places in `rows` of the nearest vectors of each query, one more than the neighbours that count."""
    kept = _NEIGHBOURS + 1
    cosines = np.full((len(queries), kept), -np.inf, dtype=np.float32)
    places = np.full((len(queries), kept), -1, dtype=np.int64)
    for start in range(0, len(rows), _CHUNK):
        fresh = queries @ matrix[rows[start : start + _CHUNK]].T
        numbers = np.broadcast_to(np.arange(start, start + fresh.shape[1]), fresh.shape)
        cosines, places = np.concatenate([cosines, fresh], axis=1), np.concatenate([places, numbers], axis=1)
        top = np.argpartition(-cosines, kept - 1, axis=1)[:, :kept]
        cosines, places = np.take_along_axis(cosines, top, axis=1), np.take_along_axis(places, top, axis=1)
    return [[place for place in found if place >= 0] for found in places.tolist()]
