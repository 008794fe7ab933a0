"""How good the suggestions are, against queries judged by hand."""

import json
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from recommender.errors import RecommenderError
from recommender.filters import Filters
from recommender.query.prices import read_price_wish
from recommender.recommender import Recommender
from recommender.slate import Request
from vocabulary import Item


class JudgementsError(RecommenderError, ValueError):
    """The file of judged queries cannot be used."""

    code = "judgements_invalid"


@dataclass(frozen=True)
class Wanted:
    """Items of one kind are right for a query. grade: 2 (just what was asked for) or 1 (useful).

    facts: attributes that such an item has as well ("noise": "quiet").
    """

    grade: int
    type: str
    facts: tuple[tuple[str, str], ...] = ()

    def covers(self, item: Item) -> bool:
        return item.attributes.get("type") == self.type and all(
            item.attributes.get(name) == value for name, value in self.facts
        )


@dataclass(frozen=True)
class Judged:
    """A query and what is right for it; nothing wanted means that nothing should be shown.

    split: "tuning" queries were looked at while weights were chosen, "held_out" ones were not.
    """

    query: str
    split: str
    wanted: tuple[Wanted, ...]

    def grade(self, item: Item) -> int:
        """How right an item is: 2, 1 or 0."""
        return max((wanted.grade for wanted in self.wanted if wanted.covers(item)), default=0)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Self:
        wanted = (
            Wanted(int(one["grade"]), str(one["type"]), tuple(one.get("facts", {}).items())) for one in raw["wanted"]
        )
        return cls(str(raw["query"]), str(raw["split"]), tuple(wanted))


@dataclass(frozen=True)
class Report:
    """Means over the queries that want something; silence over those that want nothing.

    ndcg: of the first k, [0, 1]. hit: share of queries with a right item among the first k.
    best: share of queries with an item of the highest possible grade among the first k.
    silence: share of the queries without meaning that got no suggestion; None if there were none.
    milliseconds: median time of one question, its embedding included.
    misses: queries without a hit.
    """

    queries: int
    k: int
    ndcg: float
    hit: float
    best: float
    silence: float | None
    milliseconds: float
    misses: tuple[str, ...]


def ndcg(gains: Sequence[int], possible: Iterable[int], k: int) -> float:
    """Normalised discounted cumulative gain with gains 2^grade - 1.

    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002.

    >>> ndcg([2, 0, 1], [2, 1, 0], 3)  # (3 + 0 + 1/2) / (3 + 1/log2(3))
    0.9639...
    """
    ideal = _discounted(sorted(possible, reverse=True)[:k])
    return _discounted(list(gains)[:k]) / ideal if ideal else 0.0


def read_judgements(path: Path, split: str | None = None) -> list[Judged]:
    """Judged queries from a JSON file, of one split or all. Raises: JudgementsError."""
    try:
        judged = [Judged.from_dict(raw) for raw in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JudgementsError(
            f"{path} is no file of judged queries ({type(error).__name__}). Expected a JSON list of objects with "
            "query, split and wanted."
        ) from error
    chosen = [one for one in judged if split in (None, one.split)]
    if not chosen:
        raise JudgementsError(
            f"{path} has no queries of the split {split!r}; it has {', '.join(sorted({one.split for one in judged}))}."
        )
    return chosen


def evaluate(recommender: Recommender, judged: Sequence[Judged], *, k: int = 3) -> Report:
    """Ask every judged query plainly (no customer state) and compare."""
    by_id = {item.id: item for item in recommender.items}
    scores, hits, bests, silences, times, misses = [], [], [], [], [], []
    for one in judged:
        start = time.perf_counter()
        shown = recommender.recommend(Request(one.query, limit=k)).suggestions
        times.append((time.perf_counter() - start) * 1000)
        gains = [one.grade(by_id[suggestion.item_id]) for suggestion in shown]
        if not one.wanted:
            silences.append(not shown)
            continue
        possible = _possible(one, recommender.items)
        scores.append(ndcg(gains, possible, k))
        hits.append(any(gains))
        bests.append(max(gains, default=0) == max(possible, default=0) > 0)
        if not any(gains):
            misses.append(one.query)
    return Report(
        queries=len(judged),
        k=k,
        ndcg=_mean(scores),
        hit=_mean(hits),
        best=_mean(bests),
        silence=_mean(silences) if silences else None,
        milliseconds=sorted(times)[len(times) // 2],
        misses=tuple(misses),
    )


def _possible(judged: Judged, items: Sequence[Item]) -> list[int]:
    """The grades that could be had: one item of each model, in stock, within the price that the query names."""
    wish = read_price_wish(judged.query)
    filters = Filters(max_price=wish.max_price, min_price=wish.min_price)
    best: dict[str, int] = {}
    for item in items:
        if filters.admits(item):
            model = item.attributes.get("model", item.id)
            best[model] = max(best.get(model, 0), judged.grade(item))
    return list(best.values())


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum((2.0**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0
