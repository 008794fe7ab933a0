"""What a model takes up between two fits: new acts, new items."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.learned import Learned
from recommender.learning.links import Links
from recommender.learning.log import DAY_S, tabulate
from recommender.learning.settings import TasteSettings
from vocabulary import Interaction, Item


def with_acts(
    learned: Learned,
    row_of: Mapping[str, int],
    settings: TasteSettings,
    made_at_s: float,
    new: Iterable[Interaction],
    earlier: Iterable[Interaction],
) -> Learned:
    """Count new acts: what is popular, and what was chosen together with what.

    earlier: what the same people did before, so that new and old are seen together; counted already, so not again.
    The link between two items changes by the change of their cosine; all other parts stay as they were fitted.
    """
    past = list(earlier)
    before = tabulate(past, row_of)
    both = tabulate([*past, *new], row_of)
    was = {(person, row) for person, row in zip(before.people.tolist(), before.items.tolist(), strict=True)}
    is_new = np.array(
        [pair not in was for pair in zip(both.people.tolist(), both.items.tolist(), strict=True)], dtype=np.bool_
    )
    if not is_new.any():
        return learned
    fresh = both.only(is_new)
    rise = 0.5 ** ((made_at_s - fresh.times) / DAY_S / settings.popular_half_life_days)
    tally = learned.tally + np.bincount(fresh.items, fresh.weights * rise, fresh.n_items).astype(np.float32)
    sizes = learned.sizes + np.bincount(fresh.items, minlength=fresh.n_items).astype(np.float32)
    old, all_of_it = both.only(~is_new).who(), both.who()
    more = sparse.csr_matrix(all_of_it.T @ all_of_it - old.T @ old, dtype=np.float32)
    more.setdiag(0)
    more.eliminate_zeros()
    counts = sparse.csr_matrix(learned.counts + more)
    lines, columns = more.nonzero()
    change = _cosine(counts, sizes, lines, columns, settings.shrinkage) - _cosine(
        learned.counts, learned.sizes, lines, columns, settings.shrinkage
    )
    added = sparse.csr_matrix((change * np.float32(learned.fresh_weight), (lines, columns)), shape=counts.shape)
    return replace(
        learned,
        tally=tally,
        sizes=sizes,
        counts=counts,
        recent=sparse.csr_matrix(learned.recent + added, dtype=np.float32),
    )


def with_items(learned: Learned, ids: Sequence[str], items: Iterable[Item]) -> tuple[tuple[str, ...], Learned]:
    """Take up items that are new or have changed: they are known by their content from now on. Gives the new ids."""
    told = {item.id: item for item in items}
    if not told:
        return tuple(ids), learned
    known = set(ids)
    all_ids = (*ids, *(item_id for item_id in told if item_id not in known))
    stacked = sparse.vstack([learned.features, learned.content.features(list(told.values()))], format="csr")
    place = {item_id: len(ids) + number for number, item_id in enumerate(told)}
    features = stacked[[place.get(item_id, row) for row, item_id in enumerate(all_ids)]]
    size = len(all_ids)
    return all_ids, replace(
        learned,
        flat=_grown(learned.flat, size),
        recent=_grown(learned.recent, size),
        counts=_grown(learned.counts, size),
        features=sparse.csr_matrix(features, dtype=np.float32),
        tally=np.pad(learned.tally, (0, size - len(ids))),
        sizes=np.pad(learned.sizes, (0, size - len(ids))),
    )


def _cosine(
    counts: Links,
    sizes: NDArray[np.float32],
    lines: NDArray[np.int32],
    columns: NDArray[np.int32],
    shrinkage: float,
) -> NDArray[np.float32]:
    """The cosine of some pairs, as `links.cosine` has it."""
    both = np.asarray(counts[lines, columns], dtype=np.float32).ravel()
    lengths = np.sqrt(np.maximum(sizes[lines], 1.0) * np.maximum(sizes[columns], 1.0))
    return np.asarray(both / lengths * both / np.maximum(both + shrinkage, 1e-12), dtype=np.float32)


def _grown(links: Links, size: int) -> Links:
    starts = np.pad(links.indptr, (0, size + 1 - len(links.indptr)), mode="edge")
    return sparse.csr_matrix((links.data, links.indices, starts), shape=(size, size))
