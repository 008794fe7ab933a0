"""The catalogue, ready to be asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.filters import Filters
from recommender.index.index import IndexFileError, VectorIndex
from recommender.lexical.lexicon import Lexicon
from recommender.query.kinds import Kinds, Wish, type_of
from recommender.query.prices import read_price_wish
from recommender.query.words import content_stems, stem, with_shop_words
from recommender.ranking.order import Candidate, bond_between, manner_for, rank
from recommender.ranking.reasons import Evidence, reason_for
from vocabulary import CustomerState, Item, Relation, RelationKind, Suggestion, TextEncoder

MAX_QUERY_CHARS: Final = 600
"""A suggestion is asked for in a sentence or two; the rest of a longer text is not read."""

WORDS_WEIGHT: Final = 0.6
KIND_WEIGHT: Final = 0.25
TARGET_WEIGHT: Final = 0.2
BOND_WEIGHTS: Final = {
    RelationKind.SPARE_PART_OF: 0.65,
    RelationKind.REPLACEMENT_FOR: 0.6,
    RelationKind.ACCESSORY_OF: 0.6,
    RelationKind.SERVICE_PLAN_FOR: 0.5,
}
"""What belongs to an item of the case comes first, in every state: the state only leaves things out."""
UNASKED_PART_WEIGHT: Final = 0.15
_PARTS: Final = frozenset({RelationKind.SPARE_PART_OF, RelationKind.ACCESSORY_OF})
FLOOR: Final = 0.3
"""Below this relevance an item is not worth showing: random letters reach .28."""
FLOOR_SHARE: Final = 0.6
"""Nor below this share of the best item's relevance."""


@dataclass(frozen=True)
class _Catalogue:
    """One state of the catalogue; replaced as a whole, so that a reader never sees half an update."""

    items: tuple[Item, ...]
    index: VectorIndex
    lexicon: Lexicon
    kinds: Kinds
    types: tuple[str, ...]
    target_types: tuple[frozenset[str], ...]
    is_part: tuple[bool, ...]
    position: dict[str, int]


class Recommender:
    """Suggests items for a customer's words, with filters that are exact and a ranking that knows the state."""

    def __init__(self, catalogue: _Catalogue, encoder: TextEncoder, index_dir: Path) -> None:
        self._catalogue = catalogue
        self._encoder = encoder
        self._index_dir = index_dir

    @classmethod
    def open(cls, items: Sequence[Item], encoder: TextEncoder, index_dir: Path) -> "Recommender":
        """Load the stored index if it fits these items and this encoder, else build and store it.

        Only texts that are new or changed are embedded. A damaged index is built anew.
        """
        try:
            stored: VectorIndex | None = VectorIndex.load(index_dir, encoder.version)
        except IndexFileError:
            stored = None
        return cls(_arrange(items, encoder, stored, index_dir), encoder, index_dir)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items as they were given last."""
        return self._catalogue.items

    @property
    def categories(self) -> tuple[str, ...]:
        """The names that a category filter may use, besides kinds of things and common synonyms."""
        return self._catalogue.kinds.categories

    def update_items(self, items: Sequence[Item]) -> None:
        """Take in new prices, stock and items; texts that are known already are not embedded again.

        Cheap when nothing or only prices and stock have changed, so it may be called before every question.
        """
        held, now = tuple(items), self._catalogue
        if held == now.items:
            return
        if _described_alike(held, now.items):
            self._catalogue = replace(now, items=held)
            return
        self._catalogue = _arrange(held, self._encoder, now.index, self._index_dir)

    def suggest(
        self,
        query: str,
        *,
        limit: int = 3,
        filters: Filters | None = None,
        state: CustomerState | None = None,
        offers_allowed: bool = True,
        about: Sequence[str] = (),
    ) -> list[Suggestion]:
        """The best items for a query, best first; fewer than `limit` when fewer are worth showing.

        filters: hold exactly; price limits in the words of the query hold as well.
        state: changes the ranking, never a price (see `ranking`). offers_allowed: False always gives [].
        about: ids of the items that the case is about; unknown ids are ignored, and they are never suggested.
        An empty query gives what belongs to the items of the case, or nothing.
        Raises: FilterError for an unknown category.
        """
        catalogue = self._catalogue
        filters = filters or Filters()
        admits = _admission(filters, catalogue)
        if not offers_allowed or limit < 1:
            return []
        wish = read_price_wish(query[:MAX_QUERY_CHARS])
        limits = filters.narrowed(max_price=wish.max_price, min_price=wish.min_price)
        case = tuple(dict.fromkeys(item_id for item_id in about if item_id in catalogue.position))
        if limits is None:
            return []
        passing = np.array(
            [
                position
                for position, item in enumerate(catalogue.items)
                if limits.admits(item) and admits(position) and item.id not in case
            ],
            dtype=np.int64,
        )
        asked = _Question(wish.rest, catalogue, self._encoder)
        judged = asked.judge(passing, case)
        floor = max(FLOOR, FLOOR_SHARE * max((relevance for _, relevance, _ in judged), default=0.0))
        candidates = [Candidate(item, relevance, bond) for item, relevance, bond in judged if relevance >= floor]
        prices_about = [catalogue.items[catalogue.position[item_id]].dearness for item_id in case]
        shown = rank(candidates, manner_for(state), limit=limit, prices_about=prices_about)
        return [
            Suggestion(
                item_id=candidate.item.id,
                title=candidate.item.title,
                price=candidate.item.price,
                category=candidate.item.category,
                image=candidate.item.image,
                url=candidate.item.url,
                currency=candidate.item.currency,
                score=round(candidate.relevance, 4),
                reason=reason_for(candidate.item, asked.evidence(candidate, limits)),
            )
            for candidate in shown
        ]


class _Question:
    """One query against one state of the catalogue."""

    def __init__(self, text: str, catalogue: _Catalogue, encoder: TextEncoder) -> None:
        self._catalogue = catalogue
        self._surface = {stem(word): word for word in with_shop_words(text).split()}
        self._words = content_stems(with_shop_words(text))
        self._wish: Wish = catalogue.kinds.wish(text) if self._words else Wish()
        # Words that say nothing, signs and emoji alone are no question: they would match at random.
        self._vector: NDArray[np.float32] | None = encoder.encode([text])[0] if self._words else None

    def judge(self, passing: NDArray[np.int64], case: Sequence[str]) -> list[tuple[Item, float, Relation | None]]:
        """Relevance of the passing items, whatever the customer's state."""
        catalogue = self._catalogue
        if self._vector is None:
            found, cosines = passing, np.zeros(passing.size, dtype=np.float32)
        else:
            found, cosines = catalogue.index.search(self._vector, passing)
        shares = catalogue.lexicon.score(self._words)
        judged = []
        for position, cosine in zip(found.tolist(), cosines.tolist(), strict=True):
            item = catalogue.items[position]
            relevance = cosine + WORDS_WEIGHT * float(shares[position])
            hit = self._wish.head.get(catalogue.types[position], 0.0)
            fits = not catalogue.target_types[position].isdisjoint(self._wish.target)
            bond = bond_between(item, case) if case else None
            relevance += KIND_WEIGHT * hit + TARGET_WEIGHT * fits + (BOND_WEIGHTS[bond.kind] if bond else 0.0)
            if catalogue.is_part[position] and not (hit or fits or bond):
                relevance -= UNASKED_PART_WEIGHT
            judged.append((item, relevance, bond))
        return judged

    def evidence(self, candidate: Candidate, limits: Filters) -> Evidence:
        """What the reason may say of a candidate."""
        catalogue = self._catalogue
        position = catalogue.position[candidate.item.id]
        kind = catalogue.types[position]
        target = catalogue.position.get(candidate.bond.target_id) if candidate.bond else None
        return Evidence(
            words=[self._surface.get(word, word) for word in self._words if catalogue.lexicon.holds(word, position)],
            kind=candidate.item.attributes.get("type") if kind in self._wish.head else None,
            bond=candidate.bond,
            target=catalogue.items[target].title if target is not None else None,
            min_price=limits.lower,
            max_price=limits.upper,
        )


def _described_alike(some: Sequence[Item], others: Sequence[Item]) -> bool:
    """Whether the items differ in price and stock at most."""
    return len(some) == len(others) and all(
        one is other or replace(one, price=other.price, stock=other.stock) == other
        for one, other in zip(some, others, strict=True)
    )


def _arrange(items: Sequence[Item], encoder: TextEncoder, stored: VectorIndex | None, index_dir: Path) -> _Catalogue:
    held = tuple(items)
    known = stored.vectors() if stored is not None and stored.version == encoder.version else {}
    index = VectorIndex.build(held, encoder, known)
    if stored is None or stored.hashes != index.hashes or stored.version != index.version:
        index.save(index_dir)
    types = tuple(type_of(item) for item in held)
    position = {item.id: place for place, item in enumerate(held)}
    target_types = tuple(
        frozenset(types[position[relation.target_id]] for relation in item.relations if relation.target_id in position)
        for item in held
    )
    is_part = tuple(bool(item.relation_kinds() & _PARTS) for item in held)
    return _Catalogue(held, index, Lexicon(held), Kinds(held), types, target_types, is_part, position)


def _admission(filters: Filters, catalogue: _Catalogue) -> Callable[[int], bool]:
    if filters.category is None or not filters.category.strip():
        return lambda position: True
    categories, types = catalogue.kinds.named(filters.category)
    return lambda position: catalogue.items[position].category in categories or catalogue.types[position] in types
