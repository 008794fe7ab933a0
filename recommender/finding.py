"""What may answer a question, before anything is ordered."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.alike import made_even
from recommender.candidates import candidate, gather, with_company
from recommender.cheapest import by_price
from recommender.columns import Mask
from recommender.filters import Filters
from recommender.holding import Holding
from recommender.personal import Personal
from recommender.query.reading import Asked
from recommender.ranking import Order
from recommender.slate import Candidate, Request
from vocabulary import Item, TextEncoder

FLOOR_SHARE: Final = 0.6
"""In a search, nothing below this share of the best item's relevance is found."""

MOST_FOUND: Final = 600
"""A search counts and pages through no more than this."""

CONSIDERED: Final = 60
"""So many of the best candidates are ordered by the ranking."""


class Finding:
    """Finds candidates in what is held. All but `vector` want the lock of the holding."""

    def __init__(self, held: Holding, encoder: TextEncoder, personal: Personal) -> None:
        self._held = held
        self._encoder = encoder
        self._personal = personal

    def vector(self, asked: Asked) -> NDArray[np.float32] | None:
        """What the question means, length 1: its words, the item that it should be like, or the middle of both."""
        if asked.filters is None:
            return None
        parts = [self._encoder.encode([asked.meaning])[0]] if asked.meaning else []
        like = None if asked.like is None else self._held.index.vector(asked.like)
        if like is not None:
            parts.append(like)
        if not parts:
            return None
        middle = np.asarray(np.sum(parts, axis=0), dtype=np.float32)
        length = float(np.linalg.norm(middle))
        return np.asarray(middle / length, dtype=np.float32) if length > 0 else None

    def candidates(
        self, asked: Asked, request: Request, vector: NDArray[np.float32] | None, case: Sequence[str]
    ) -> list[Candidate]:
        """What the ranking may choose from."""
        held = self._held
        if asked.filters is None:
            return []
        refused = [asked.like] if asked.like else []
        passing = held.passing(asked, asked.filters, without=[*case, *refused])
        pool = gather(held, asked, vector, passing, case=case)
        pool = made_even(pool, asked, held.columns)
        if not case and not asked.by_price:
            pool = with_company(held, asked, vector, passing, pool)
        found = [one for row in pool.rows(CONSIDERED) if (one := candidate(held, asked, pool, row)) is not None]
        if not asked.words and asked.like is None and (asked.is_open or request.history) and not case:
            found += self._by_behaviour(request, passing)
        found = self._personal.weighed(found, request)
        return by_price(found, asked, request.limit) if asked.by_price else found

    def _by_behaviour(self, request: Request, passing: Mask | None) -> list[Candidate]:
        """Without words: what fits the history, else what is popular, in the liked categories first."""
        held = self._held
        ids = self._personal.nearest(request.history, 3 * CONSIDERED, request)
        if not ids:
            known = [item.id for item in held if not request.liked or _is_liked(item, request.liked)]
            ids = self._personal.most_popular(known, 3 * CONSIDERED)
        items = [item for item_id in ids if held.passes(item_id, passing) and (item := held.item(item_id)) is not None]
        return [self._personal.of_behaviour(item, request) for item in items[:CONSIDERED]]

    def found(
        self, asked: Asked, request: Request, vector: NDArray[np.float32] | None, order: Order
    ) -> list[Candidate]:
        """What a search for these words gives, best first."""
        held = self._held
        passing = None if asked.filters is None else held.passing(asked, asked.filters)
        pool = made_even(gather(held, asked, vector, passing, depth=MOST_FOUND, most=MOST_FOUND), asked, held.columns)
        found = [one for row in pool.rows(MOST_FOUND) if (one := candidate(held, asked, pool, row)) is not None]
        found = [one for one in found if one.relevance >= FLOOR_SHARE * found[0].relevance]
        scored = [self._personal.scored(one, order, request.liked) for one in self._personal.weighed(found, request)]
        scored.sort(key=lambda one: (one.item.dearness if asked.cheapest else 0, -one.score, one.item.id))
        return scored

    def browse(self, request: Request, filters: Filters, order: Order, page: slice) -> tuple[list[Candidate], int]:
        """A page of everything that passes, and how much that is: what fits the customer first, then as the catalogue
        has it."""
        held = self._held
        passing = held.passing(Asked(), filters)
        slots = np.flatnonzero(held.columns.live[: held.columns.size] if passing is None else passing)
        if not request.history and not request.liked:
            return [Candidate(item, 0.0) for item in self._items(slots[page])], len(slots)
        plain = [Candidate(item, 0.0) for item in self._items(slots)]
        scored = [self._personal.scored(one, order, request.liked) for one in self._personal.weighed(plain, request)]
        scored.sort(key=lambda one: -one.score)
        return scored[page], len(scored)

    def _items(self, slots: NDArray[np.int64]) -> list[Item]:
        return [item for slot in slots.tolist() if (item := self._held.columns.items[slot]) is not None]


def _is_liked(item: Item, liked: Sequence[str]) -> bool:
    return not frozenset(liked).isdisjoint(item.categories)
