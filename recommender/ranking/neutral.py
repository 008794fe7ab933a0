"""The order for everybody: relevance, the customer's own taste, and no list of the same things. Without any state."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.redlines import costs_no_more, model_of
from recommender.ranking.rules import Order
from recommender.slate import Candidate, Factor, FactorKind, Request

POOL: Final = 60
"""So many of the best are ordered, and what belongs to the case beside them; a customer sees twenty at most."""
MOST: Final = 120
PLACES: Final = 20
"""So many places are filled with an eye on variety: nobody is shown more."""

Likeness = Callable[[int], NDArray[np.float64]]
"""How like each item of the pool is to the one in this row, at most about 1; shape (n_pool,)."""


def neutral_order(
    candidates: Sequence[Candidate],
    request: Request,
    order: Order,
    *,
    vectors: NDArray[np.float32] | None = None,
) -> list[Candidate]:
    """The best candidates, best first; `score` falls, and `factors` say what it is made of.

    candidates: in any order. vectors: float32, shape (n_candidates, dimensions), rows of length 1, in the order of the
    candidates; without them things are alike by category (.5), kind (.25) and model (.25).
    """
    weighed = [_weighed(candidate, order) for candidate in candidates]
    ranked = sorted(range(len(weighed)), key=lambda row: (-weighed[row].score, weighed[row].item.id))
    best = [row for number, row in enumerate(ranked) if number < POOL or weighed[row].bond is not None][:MOST]
    pool = [weighed[row] for row in best]
    if order.variety and len(pool) > 1:
        pool = _varied(pool, _likeness(pool, None if vectors is None else vectors[best]), order.variety)
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
    factors = (*candidate.factors, Factor(kind, weight, details))
    return with_factors(candidate, factors, candidate.score + weight)


def with_factors(one: Candidate, factors: tuple[Factor, ...], score: float) -> Candidate:
    """The candidate with other causes. Written out: this runs for every candidate of every question."""
    return Candidate(one.item, one.relevance, one.affinity, one.popularity, one.bond, factors, score)


def _weighed(candidate: Candidate, order: Order) -> Candidate:
    weighed = with_factors(candidate, candidate.factors, candidate.relevance)
    if order.taste and candidate.affinity:
        weighed = with_factor(weighed, FactorKind.BEHAVIOUR, order.taste * candidate.affinity)
    if (fame := order.popular - order.novelty) and candidate.popularity:
        weighed = with_factor(weighed, FactorKind.POPULAR, fame * candidate.popularity)
    return weighed


def _varied(pool: Sequence[Candidate], alike: Likeness, variety: float) -> list[Candidate]:
    """Maximal marginal relevance: each place goes to the best score less `variety` times the likeness to those before.

    After PLACES places the rest follow by what is left of their scores. Source: Carbonell and Goldstein, The use of
    MMR, 1998, with a price instead of a share for what is alike.
    """
    scores = np.array([candidate.score for candidate in pool])
    loss = np.zeros(len(pool))
    left = np.ones(len(pool), dtype=bool)
    order = []
    for _ in range(min(PLACES, len(pool))):
        row = int(np.where(left, scores - variety * loss, -np.inf).argmax())
        left[row] = False
        order.append(row)
        loss = np.where(left, np.maximum(loss, np.minimum(alike(row), 1.0)), loss)
    rest = np.flatnonzero(left)
    order += rest[np.argsort(variety * loss[rest] - scores[rest], kind="stable")].tolist()
    lost = (variety * loss).tolist()
    return [with_factor(pool[row], FactorKind.VARIETY, -lost[row]) if lost[row] else pool[row] for row in order]


def _likeness(pool: Sequence[Candidate], vectors: NDArray[np.float32] | None) -> Likeness:
    if vectors is not None:
        # Not by BLAS: its threads cost more than so small a product where the machine is busy.
        return lambda row: np.einsum("ij,j->i", vectors, vectors[row]).astype(np.float64)
    parts = [
        (np.array([candidate.item.category for candidate in pool]), 0.5),
        (np.array([candidate.item.attributes.get("type", candidate.item.id) for candidate in pool]), 0.25),
        (np.array([model_of(candidate.item) for candidate in pool]), 0.25),
    ]
    return lambda row: np.sum([weight * (names == names[row]) for names, weight in parts], axis=0)


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
