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

MOST_SHARE: Final = 0.5
"""If more passes, what does not is left out of what was found."""

_MARGIN: Final = 1.3


def nearest(
    view: "View", vector: NDArray[np.float32], k: int, passing: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k nearest passing items: slots and cosines, nearest first; equal ones by slot.

    vector: as `checked_vector` gives it. passing: by slot.
    """
    fitted = view.fitted(passing)
    many = view.count if passing is None else int(np.count_nonzero(fitted))
    k = min(k, many)
    if k < 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    if view.base is None or _few(many, view.base):
        rows = view.passing_rows(fitted)
    else:
        rows = _candidates(view, view.base, vector, k, fitted, many)
    best, cosines = _best(view.matrix, vector, rows, k)
    return view.slots_of(best, cosines, fitted, k)


def _candidates(
    view: "View", base: "Base", vector: NDArray[np.float32], k: int, fitted: NDArray[np.bool_], many: int
) -> NDArray[np.int64]:
    """At least k rows of passing items, or all; the nearest are among them, as surely as the base finds them."""
    overlay = view.overlay[view.pass_of(view.overlay, fitted)]
    wanted = k if base.tuning is None else k + SPARE
    held = max(1, len(base.rows))
    share = min(1.0, many / held, 1.0 - view.stale / held)
    if share >= MOST_SHARE:
        # Leaving out afterwards costs a look at each that was found; a selector costs one at each that is compared.
        found = base.search(vector, wanted if share == 1.0 else int(wanted / share * _MARGIN) + SPARE, None, 1.0)
        found = found[view.pass_of(found, fitted)]
        if len(found) >= k:
            return np.concatenate([found, overlay])
    found = np.concatenate([base.search(vector, wanted, view.by_row(fitted), share), overlay])
    # Too few: the lists that were looked at held no more that pass, or items share vectors.
    return found if len(found) >= k else view.passing_rows(fitted)


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
