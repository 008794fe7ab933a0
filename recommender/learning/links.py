"""Links from one item to others, learned from what people did. Each is one way in which a choice speaks for another.

Memory and time: `ease` needs n² numbers and n³ steps of the items it covers, all others only what was seen together.
"""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.log import DAY_S, Log, People

Links: TypeAlias = sparse.csr_matrix
"""Shape (n_items, n_items), float32: line = an item that somebody chose, column = what that speaks for."""
Features: TypeAlias = sparse.csr_matrix
"""Shape (n_items, n_features), float32, lines of length 1."""


def together(who: People) -> Links:
    """How many people chose both, for each two items; the diagonal is 0."""
    both = sparse.csr_matrix(who.T @ who, dtype=np.float32)
    both.setdiag(0)
    both.eliminate_zeros()
    return both


def in_a_row(log: Log, *, half_life_acts: float, window: int) -> Links:
    """How often the column was chosen after the line, by the same person: 0.5 ** ((steps - 1) / half life) each time.

    Only steps up to `window`. The transpose says before; the sum of both says near.
    """
    order = log.in_order()
    people, items = log.people[order], log.items[order]
    total = sparse.csr_matrix((log.n_items, log.n_items), dtype=np.float32)
    for step in range(1, window + 1):
        same = people[:-step] == people[step:]
        if not same.any():
            break
        weight = np.full(int(same.sum()), 0.5 ** ((step - 1) / half_life_acts), dtype=np.float32)
        total = total + sparse.csr_matrix((weight, (items[:-step][same], items[step:][same])), shape=total.shape)
    total.setdiag(0)
    total.eliminate_zeros()
    return total.tocsr()


def cosine(counts: Links, sizes: NDArray[np.float32], *, shrinkage: float) -> Links:
    """c / sqrt(a · b) · c / (c + shrinkage): counts that few people stand behind say less.

    sizes: how many chose each item, shape (n_items,). Source: Sarwar et al., "Item-based collaborative filtering
    recommendation algorithms", 2001; shrinkage as in Koren, "Factorization meets the neighborhood", 2008.
    """
    lengths = np.sqrt(np.maximum(sizes, 1.0))
    lines = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    links = counts.copy()
    links.data = links.data / (lengths[lines] * lengths[links.indices]) * links.data / (links.data + shrinkage)
    return links


def ease(
    counts: Links,
    sizes: NDArray[np.float32],
    *,
    regularisation: float,
    largest: int,
    features: Features | None = None,
    kinship: float = 0.0,
    dropped: float = 1.0,
) -> Links:
    """EASE over the `largest` most chosen items: what each choice adds once all others are known.

    B = I - P / diag(P) with P = (G + k · FFᵀ + diag(λ + d · a))⁻¹ and diagonal 0. G: `counts` with the sizes a as its
    diagonal. d: `dropped`, 1 is the penalty of dropping half of the choices (Steck, "Autoencoders that don't overfit
    towards the identity", 2020). F: `features`, k: `kinship` (Jeunen et al., "Closed-form models for collaborative
    filtering with side-information", 2020). Source: Steck, "Embarrassingly shallow autoencoders for sparse data", 2019.
    """
    n_items = counts.shape[0]
    rows = np.sort(np.argsort(-sizes, kind="stable")[:largest])
    rows = rows[sizes[rows] > 0]
    if len(rows) == 0:
        return sparse.csr_matrix((n_items, n_items), dtype=np.float32)
    gram = counts[rows][:, rows].toarray().astype(np.float64)
    if features is not None and kinship:
        likeness = features[rows].toarray()
        gram += kinship * (likeness @ likeness.T)
    gram[np.diag_indices_from(gram)] += (1.0 + dropped) * sizes[rows] + regularisation
    inverse = _inverse(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    dense = sparse.coo_matrix(weights.astype(np.float32))
    return sparse.csr_matrix((dense.data, (rows[dense.row], rows[dense.col])), shape=(n_items, n_items))


def _inverse(gram: NDArray[np.float64]) -> NDArray[np.float64]:
    """By Cholesky, a third of the work of a general inverse; by the general one if the table is not positive."""
    from scipy.linalg import lapack  # for learning only: a process that suggests does without it

    factor, failed = lapack.dpotrf(gram, lower=1)
    if failed:
        return np.asarray(np.linalg.inv(gram), dtype=np.float64)
    half, _ = lapack.dpotri(factor, lower=1)
    half = np.tril(half)
    return np.asarray(half + np.tril(half, -1).T, dtype=np.float64)


def fading_tally(log: Log, now_s: float, *, half_life_days: float) -> NDArray[np.float32]:
    """How much each item was chosen, shape (n_items,); a choice counts half after so many days."""
    fading = 0.5 ** (np.maximum(now_s - log.times, 0.0) / DAY_S / half_life_days)
    return np.bincount(log.items, weights=log.weights * fading, minlength=log.n_items).astype(np.float32)


def normalised(tally: NDArray[np.float32]) -> NDArray[np.float32]:
    """A tally as a logarithm, over that of the most chosen item: from 0 (never) to 1 (the most)."""
    logs = np.log1p(tally)
    return np.asarray(logs / max(float(logs.max(initial=0.0)), 1e-12), dtype=np.float32)


def popularity(log: Log, now_s: float, *, half_life_days: float) -> NDArray[np.float32]:
    """How much each item is chosen of late, shape (n_items,), from 0 (never) to 1 (the most)."""
    return normalised(fading_tally(log, now_s, half_life_days=half_life_days))


def strongest(links: Links, keep: int) -> Links:
    """The `keep` entries of each line that are largest in size; of equal ones those of the lower column."""
    parts = list(_lines(links.tocsr(), keep))
    starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in parts])])
    columns = np.concatenate([*(columns for columns, _ in parts), np.zeros(0, dtype=np.int32)])
    values = np.concatenate([*(values for _, values in parts), np.zeros(0, dtype=np.float32)])
    return sparse.csr_matrix((values.astype(np.float32), columns, starts), shape=links.shape)


def _lines(links: Links, keep: int) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float32]]]:
    for begin, end in zip(links.indptr[:-1], links.indptr[1:], strict=True):
        columns, values = links.indices[begin:end], links.data[begin:end]
        if len(values) > keep:
            top = np.sort(np.lexsort((columns, -np.abs(values)))[:keep])
            columns, values = columns[top], values[top]
        yield columns, values
