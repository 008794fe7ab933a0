"""How good ranked lists are. All figures are averages over people who have something held out; between 0 and 1, but for
novelty.

One list with hits at places 1 and 3 of 3, and 2 of 4 wanted items found:

>>> ranks = np.array([[True, False, True]])
>>> wanted = np.array([4])
>>> round(float(precision(ranks)[0]), 3), round(float(recall(ranks, wanted)[0]), 3)
(0.667, 0.5)
>>> round(float(ndcg(ranks, wanted)[0]), 3)  # (1 + 1/log2(4)) / (1 + 1/log2(3) + 1/log2(4))
0.704
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hits = NDArray[np.bool_]
"""Shape (n_people, k): whether the item at each place, best first, is one that was held out."""
Wanted = NDArray[np.int64]
"""Shape (n_people,): how many items of each person were held out, 1 or more."""
PerPerson = NDArray[np.float64]

K: Final = 10


def precision(hits: Hits) -> PerPerson:
    """Share of the list that was wanted. A list shorter than k has misses at its end."""
    return np.asarray(hits.mean(axis=1), dtype=np.float64)


def recall(hits: Hits, wanted: Wanted) -> PerPerson:
    """Share of what was wanted that is in the list."""
    return np.asarray(hits.sum(axis=1) / wanted, dtype=np.float64)


def f1(hits: Hits, wanted: Wanted, listed: Wanted | None = None) -> PerPerson:
    """Harmonic mean of precision and recall; 0 where nothing was found. listed: true lengths of the lists."""
    found = hits.sum(axis=1)
    lengths = hits.shape[1] if listed is None else listed
    return np.asarray(2.0 * found / (lengths + wanted), dtype=np.float64)


def ndcg(hits: Hits, wanted: Wanted) -> PerPerson:
    """Gain 1 for each wanted item, discounted by log2(place + 1), over that of the best possible list.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.
    """
    k = hits.shape[1]
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    best = np.concatenate([[0.0], np.cumsum(discounts)])
    return np.asarray((hits @ discounts) / best[np.minimum(wanted, k)], dtype=np.float64)


def average_precision(hits: Hits, wanted: Wanted) -> PerPerson:
    """Mean of the precision at each hit, over the number of wanted items that fit into the list."""
    k = hits.shape[1]
    so_far = np.cumsum(hits, axis=1) / np.arange(1, k + 1)
    return np.asarray((so_far * hits).sum(axis=1) / np.minimum(wanted, k), dtype=np.float64)


def reciprocal_rank(hits: Hits) -> PerPerson:
    """One over the place of the first hit; 0 without any."""
    first = np.argmax(hits, axis=1)
    return np.where(hits.any(axis=1), 1.0 / (first + 1.0), 0.0)


def all_of(hits: Hits, wanted: Wanted) -> Mapping[str, PerPerson]:
    """Every figure of a list, by its name ("ndcg@10")."""
    k = hits.shape[1]
    return {
        f"ndcg@{k}": ndcg(hits, wanted),
        f"precision@{k}": precision(hits),
        f"recall@{k}": recall(hits, wanted),
        f"f1@{k}": f1(hits, wanted),
        f"map@{k}": average_precision(hits, wanted),
        f"mrr@{k}": reciprocal_rank(hits),
        f"hit@{k}": np.asarray(hits.any(axis=1), dtype=np.float64),
    }


def coverage(lists: NDArray[np.integer], n_items: int) -> float:
    """Share of all items that are in anybody's list. Entries below 0 are empty places."""
    return len(np.unique(lists[lists >= 0])) / n_items if n_items else 0.0


def novelty(lists: NDArray[np.integer], chosen_by: NDArray[np.floating], n_people: int) -> float:
    """Mean of -log2(share of people who chose the item before) over all listed items, in bits; one never chosen counts
    as chosen by one. Source: Zhou et al., "Solving the apparent diversity-accuracy dilemma", 2010."""
    listed = lists[lists >= 0]
    if not len(listed):
        return 0.0
    return float(np.mean(-np.log2(np.maximum(chosen_by[listed], 1.0) / max(n_people, 1))))


def gini(lists: NDArray[np.integer], n_items: int) -> float:
    """How unequally items are listed: 0 all alike, towards 1 few items fill all lists."""
    counts = np.sort(np.bincount(lists[lists >= 0].ravel(), minlength=n_items)).astype(np.float64)
    if not counts.sum():
        return 0.0
    places = np.arange(1, n_items + 1)
    return float((2.0 * places - n_items - 1.0) @ counts / (n_items * counts.sum()))


def interval(values: PerPerson, *, draws: int = 2_000, seed: int = 0) -> tuple[float, float]:
    """95 % interval of a mean over people, by drawing people with replacement (percentile bootstrap)."""
    drawn = np.random.default_rng(seed)
    means = [values[drawn.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
