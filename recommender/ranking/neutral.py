"""The order for everybody: relevance, the customer's own taste, and no list of the same things. Without any state."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.redlines import costs_no_more, model_of
from recommender.ranking.rules import Order
from recommender.slate import Candidate, Factor, FactorKind, Request

POOL: Final = 60
"""So many of the best are ordered, and what belongs to the case beside them; a customer sees twenty at most."""
MOST: Final = 120


def neutral_order(
    candidates: Sequence[Candidate],
    request: Request,
    order: Order,
    *,
    vectors: NDArray[np.float32] | None = None,
) -> list[Candidate]:
    """The best candidates, best first; `score` falls, and `factors` say what it is made of.

    candidates: in any order. vectors: float32, shape (n_candidates, dimensions), rows of length 1, in the order of the
    candidates; without them things are alike by category, kind and model.
    """
    weighed = [_weighed(candidate, order) for candidate in candidates]
    ranked = sorted(range(len(weighed)), key=lambda row: (-weighed[row].score, weighed[row].item.id))
    best = [row for number, row in enumerate(ranked) if number < POOL or weighed[row].bond is not None][:MOST]
    pool = [weighed[row] for row in best]
    if order.variety and len(pool) > 1:
        alike = _alike(pool) if vectors is None else np.asarray(vectors[best] @ vectors[best].T, dtype=np.float64)
        pool = _varied(pool, alike, order.variety)
    return _with_liked(pool, request, order.liked)


def one_per_model(order: Sequence[Candidate]) -> list[Candidate]:
    """Leave out further colours and sizes of a model that is there already."""
    seen: set[str] = set()
    kept = []
    for candidate in order:
        model = model_of(candidate.item)
        if model not in seen:
            seen.add(model)
            kept.append(candidate)
    return kept


def with_factor(candidate: Candidate, kind: FactorKind, weight: float, /, **details: str) -> Candidate:
    """The candidate with one more cause, which adds its weight to the score."""
    factor = Factor(kind, weight, details)
    return replace(candidate, score=candidate.score + weight, factors=(*candidate.factors, factor))


def _weighed(candidate: Candidate, order: Order) -> Candidate:
    weighed = replace(candidate, score=candidate.relevance)
    if order.taste and candidate.affinity:
        weighed = with_factor(weighed, FactorKind.BEHAVIOUR, order.taste * candidate.affinity)
    if (fame := order.popular - order.novelty) and candidate.popularity:
        weighed = with_factor(weighed, FactorKind.POPULAR, fame * candidate.popularity)
    return weighed


def _varied(pool: Sequence[Candidate], alike: NDArray[np.float64], variety: float) -> list[Candidate]:
    """Maximal marginal relevance: each place goes to the best score less `variety` times the likeness to those before.

    Source: Carbonell and Goldstein, The use of MMR, 1998, with a price instead of a share for what is alike.
    """
    scores = np.array([candidate.score for candidate in pool])
    loss = np.zeros(len(pool))
    taken = np.zeros(len(pool), dtype=bool)
    result = []
    for _ in pool:
        row = int(np.argmax(np.where(taken, -np.inf, scores - variety * loss)))
        taken[row] = True
        lost = variety * float(loss[row])
        result.append(with_factor(pool[row], FactorKind.VARIETY, -lost) if lost else pool[row])
        loss = np.maximum(loss, np.clip(alike[row], 0.0, 1.0))
    return result


def _alike(pool: Sequence[Candidate]) -> NDArray[np.float64]:
    """1 for one model, else .5 for one category and .25 more for one kind of thing; shape (n_pool, n_pool)."""
    shares = [
        (np.array([read(candidate) for candidate in pool]), weight)
        for read, weight in (
            (lambda one: one.item.category, 0.5),
            (lambda one: one.item.attributes.get("type", one.item.id), 0.25),
            (lambda one: model_of(one.item), 0.25),
        )
    ]
    total = np.zeros((len(pool), len(pool)))
    for names, weight in shares:
        total += weight * (names[:, None] == names[None, :])
    return total


def _with_liked(pool: Sequence[Candidate], request: Request, margin: float) -> list[Candidate]:
    """A liked category passes neighbours that fit hardly better and are not cheaper."""
    liked = frozenset(request.liked)
    result: list[Candidate] = []
    for candidate in pool:
        place, named = len(result), liked.intersection(candidate.item.categories)
        while named and place and _lets_pass(candidate, result[place - 1], liked, margin):
            place -= 1
        if place < len(result):
            gained = result[place].score - candidate.score
            candidate = with_factor(candidate, FactorKind.TASTE, gained, category=min(named))
        result.insert(place, candidate)
    return result


def _lets_pass(one: Candidate, other: Candidate, liked: frozenset[str], margin: float) -> bool:
    near = other.score - one.score <= margin
    return near and liked.isdisjoint(other.item.categories) and costs_no_more(one.item, other.item)
