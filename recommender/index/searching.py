"""Nearest items: candidates from the base, everything new beside them, and exact cosines in the end."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from recommender.index.tuning import SPARE

if TYPE_CHECKING:
    from recommender.index.base import Base
    from recommender.index.view import View

COMPARED_UP_TO: Final = 20_000
"""With no more passing rows than this, each is compared: exact, and about as quick as a compressed search."""

COMPARED_SHARE: Final = 0.2
"""Of a flat base: with a smaller share passing, comparing those is quicker than scanning with a selector."""


def nearest(
    view: "View", vector: NDArray[np.float32], k: int, passing: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k nearest passing items: slots and cosines, nearest first; equal ones by slot.

    vector: as `checked_vector` gives it. passing: by slot.
    """
    k = min(k, view.count)
    if k < 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    base = view.base
    mask = None if passing is None and not view.stale else view.by_row(passing)
    many = view.count if mask is None else int(np.count_nonzero(mask))
    if base is None or _few(many, base):
        rows = np.flatnonzero(view.by_row(None) if mask is None else mask)
    else:
        overlay = view.overlay if mask is None else view.overlay[mask[view.overlay]]
        wanted = k if base.tuning is None else k + SPARE
        rows = np.concatenate([base.search(vector, wanted, mask, many / max(1, len(base.rows))), overlay])
        if len(rows) < min(k, many):
            # The lists that were looked at held too few that pass, or items share vectors.
            rows = np.flatnonzero(view.by_row(None) if mask is None else mask)
    best, cosines = _best(view.matrix, vector, rows, k)
    return view.slots_of(best, cosines, passing, k)


def checked_vector(vector: NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    """As FAISS takes it: float32, shape (1, dimensions), contiguous. Raises: ValueError for what is no vector."""
    row = np.ascontiguousarray(vector, dtype=np.float32)
    if row.shape != (dimensions,) or not np.isfinite(row).all():
        raise ValueError(f"expected a vector of {dimensions} finite numbers; got shape {row.shape}.")
    return row[None, :]


def inner_products(
    matrix: NDArray[np.float32], vector: NDArray[np.float32], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Of some rows of a matrix with a vector, in their order: float32, shape (len(rows),)."""
    import faiss

    faiss.omp_set_num_threads(1)
    products: NDArray[np.float32] = np.empty(len(rows), dtype=np.float32)
    wanted = np.ascontiguousarray(rows, dtype=np.int64)
    faiss.fvec_inner_products_by_idx(  # type: ignore[attr-defined]
        faiss.swig_ptr(products),
        faiss.swig_ptr(vector),
        faiss.swig_ptr(matrix),
        faiss.swig_ptr(wanted),
        matrix.shape[1],
        1,
        len(rows),
    )
    return products


def _best(
    matrix: NDArray[np.float32], vector: NDArray[np.float32], rows: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k rows with the largest inner products; all that are as good as the last one of them."""
    products = inner_products(matrix, vector, rows)
    if k >= len(rows):
        return rows, products
    least = np.partition(products, len(rows) - k)[len(rows) - k]
    chosen = products >= least
    return rows[chosen], products[chosen]


def _few(many: int, base: "Base") -> bool:
    return many <= COMPARED_UP_TO if base.tuning is not None else many <= len(base.rows) * COMPARED_SHARE
