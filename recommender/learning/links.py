"""Links from one item to others: the parts that a taste model is blended of."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.table import DAY_S, Table

Matrix = sparse.csr_matrix
"""Shape (n_items, n_items), float32: line = an item that somebody chose, column = what it speaks for."""


def chosen(table: Table) -> Matrix:
    """Who chose what, shape (n_people, n_items), ones."""
    ones = np.ones(len(table.rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (table.people, table.rows)), shape=(table.n_people, table.n_items))


def together(who: Matrix, *, shrinkage: float, keep: int) -> Matrix:
    """Items chosen by the same people: cosine of two columns, less for few people.

    c = both / sqrt(a · b) · both / (both + shrinkage). Source: Sarwar et al., "Item-based collaborative filtering
    recommendation algorithms", 2001; shrinkage as in Koren, "Factorization meets the neighborhood", 2008.
    """
    both = (who.T @ who).tocsr().astype(np.float32)
    both.setdiag(0)
    both.eliminate_zeros()
    size = np.sqrt(np.maximum(np.asarray(who.sum(axis=0)).ravel(), 1.0))
    line = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
    both.data = both.data / (size[line] * size[both.indices]) * both.data / (both.data + shrinkage)
    return strongest(both, keep)


def ease(who: Matrix, *, regularisation: float, largest: int, keep: int) -> Matrix:
    """EASE over the `largest` most chosen items: what each item adds once all others are known.

    B = I - P / diag(P), P = (XᵀX + λI)⁻¹, diagonal 0. Source: Steck, "Embarrassingly shallow autoencoders for sparse
    data", 2019.
    """
    n_items = who.shape[1]
    counts = np.asarray(who.sum(axis=0)).ravel()
    rows = np.sort(np.argsort(-counts, kind="stable")[:largest])
    rows = rows[counts[rows] > 0]
    if len(rows) == 0:
        return sparse.csr_matrix((n_items, n_items), dtype=np.float32)
    some = who[:, rows]
    gram = np.asarray((some.T @ some).todense(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += regularisation
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    small = strongest(sparse.csr_matrix(weights.astype(np.float32)), keep).tocoo()
    return sparse.csr_matrix((small.data, (rows[small.row], rows[small.col])), shape=(n_items, n_items))


def popularity(table: Table, now_s: float, *, half_life_days: float) -> NDArray[np.float32]:
    """How much each item is chosen of late, shape (n_items,), from 0 (never) to 1 (the most)."""
    fading = 0.5 ** (np.maximum(now_s - table.times, 0.0) / DAY_S / half_life_days)
    counts = np.bincount(table.rows, weights=table.weights * fading, minlength=table.n_items)
    return (np.log1p(counts) / max(np.log1p(counts.max(initial=0.0)), 1e-12)).astype(np.float32)


def strongest(matrix: Matrix, keep: int) -> Matrix:
    """The `keep` entries of each line with the largest size; the same on every run."""
    matrix = matrix.tocsr()
    data, columns, starts = [], [], [0]
    for line in range(matrix.shape[0]):
        begin, end = matrix.indptr[line], matrix.indptr[line + 1]
        values, at = matrix.data[begin:end], matrix.indices[begin:end]
        if len(values) > keep:
            top = np.sort(np.lexsort((at, -np.abs(values)))[:keep])
            values, at = values[top], at[top]
        data.append(values)
        columns.append(at)
        starts.append(starts[-1] + len(values))
    return sparse.csr_matrix(
        (
            np.concatenate(data or [np.zeros(0)]).astype(np.float32),
            np.concatenate(columns or [np.zeros(0, int)]),
            starts,
        ),
        shape=matrix.shape,
    )
