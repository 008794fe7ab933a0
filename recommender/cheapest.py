"""Where the price decides. Pure."""

from collections.abc import Sequence

from recommender.columns import PARTS
from recommender.query.kinds import kinds_of
from recommender.query.reading import Asked
from recommender.slate import Candidate


def by_price(found: Sequence[Candidate], asked: Asked, limit: int) -> list[Candidate]:
    """Where the price decides: things of one category, and the cheapest of them if those are asked for.

    The cheapest kettle is a kettle, not its lid.
    """
    wanted = frozenset(asked.wish.head)
    things = [
        one for one in found if not one.item.relation_kinds() & PARTS or not wanted.isdisjoint(kinds_of(one.item))
    ]
    if wanted:
        things = [one for one in things if not wanted.isdisjoint(kinds_of(one.item))]
    if not things:
        return []
    best = max(things, key=lambda one: (one.relevance, one.item.id))
    same = [one for one in things if one.item.category == best.item.category]
    if not asked.cheapest:
        return same
    models: set[str] = set()
    cheapest = []
    for one in cheapest_first(same):
        model = one.item.attributes.get("model") or one.item.title
        if model not in models:
            models.add(model)
            cheapest.append(one)
    return cheapest[:limit]


def cheapest_first(found: Sequence[Candidate]) -> list[Candidate]:
    """By price; of equal prices the more relevant first."""
    return sorted(found, key=lambda one: (one.item.dearness, -one.relevance, one.item.id))
