"""How many different things a shop's suggestions show: without care the same few fill every list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommender.slate import Slate
from vocabulary import Item


@dataclass(frozen=True)
class Spread:
    """coverage: share of the catalogue that is in any list. gini: of how often each item is shown, from 0 (all alike)
    to 1 (always the same one). categories: different ones in a list, as a share of its length, mean over lists of at
    least two."""

    coverage: float
    gini: float
    categories: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "coverage": round(self.coverage, 4),
            "gini": round(self.gini, 4),
            "categories_per_item": round(self.categories, 4),
        }


def spread(slates: Sequence[Slate], items: Mapping[str, Item]) -> Spread:
    """Measure lists. items: the catalogue by id, at least one.

    Gini over all n items, also the ones never shown: sum of (2 i - n - 1) x_i / (n sum of x), x ascending, i from 1.
    Source: Castells, Hurley, Vargas, Novelty and Diversity in Recommender Systems, 2015.
    """
    shown = Counter(one.item_id for slate in slates for one in slate.suggestions)
    counts = sorted(shown.get(item_id, 0) for item_id in items)
    total, size = sum(counts), len(counts)
    unequal = sum((2 * place - size - 1) * count for place, count in enumerate(counts, start=1))
    shares = [
        len({items[one.item_id].category for one in slate.suggestions}) / len(slate.suggestions)
        for slate in slates
        if len(slate.suggestions) > 1
    ]
    return Spread(
        coverage=len(shown) / size,
        gini=unequal / (size * total) if total else 0.0,
        categories=sum(shares) / len(shares) if shares else 0.0,
    )
