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
from recommender.ranking.order import Candidate as Ranked
from recommender.ranking.order import bond_between, manner_for, rank
from recommender.ranking.reasons import Evidence, reason_for
from recommender.slate import Candidate, Explanation, Factor, FactorKind, Request, Slate
from vocabulary import (
    CatalogueChanges,
    CustomerState,
    Interaction,
    Item,
    Relation,
    RelationKind,
    Suggestion,
    TextEncoder,
)

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

    def __init__(self, catalogue: _Catalogue, encoder: TextEncoder, folder: Path) -> None:
        self._catalogue = catalogue
        self._encoder = encoder
        self._folder = folder
        self._version = 0

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: TextEncoder,
        *,
        items: Sequence[Item] = (),
        rules: object | None = None,
        taste: object | None = None,
        bandit: object | None = None,
    ) -> "Recommender":
        """Load the stored index if it fits these items and this encoder, else build and store it.

        Only texts that are new or changed are embedded. A damaged index is built anew.
        """
        try:
            stored: VectorIndex | None = VectorIndex.load(folder, encoder.version)
        except IndexFileError:
            stored = None
        return cls(_arrange(items, encoder, stored, folder), encoder, folder)

    @property
    def version(self) -> int:
        """The catalogue's version that is held; 0 before the first change was taken in."""
        return self._version

    @property
    def items(self) -> tuple[Item, ...]:
        """The items as they were given last."""
        return self._catalogue.items

    def item(self, item_id: str) -> Item | None:
        """One item of the catalogue; None if it is not there."""
        place = self._catalogue.position.get(item_id)
        return None if place is None else self._catalogue.items[place]

    @property
    def categories(self) -> tuple[str, ...]:
        """The names that a category filter may use, besides kinds of things and common synonyms."""
        return self._catalogue.kinds.categories

    def update(self, changes: CatalogueChanges) -> None:
        """Take in what has changed in the catalogue; texts that are known already are not embedded again."""
        if changes.whole:
            self.update_items(changes.items)
        elif changes.items or changes.removed:
            gone, new = set(changes.removed), {item.id: item for item in changes.items}
            kept = [new.pop(item.id, item) for item in self.items if item.id not in gone]
            self.update_items([*kept, *new.values()])
        self._version = changes.version

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
        self._catalogue = _arrange(held, self._encoder, now.index, self._folder)

    def recommend(self, request: Request) -> Slate:
        """The best items for a request, best first; fewer than its limit when fewer are worth showing.

        Filters hold exactly; price limits in the words hold as well. The state changes order and number, never a price.
        Unknown ids in `about` are ignored, and the items of the case are never suggested. No words give what belongs
        to the items of the case, or nothing. Raises: FilterError for an unknown category.
        """
        found = self._gather(request)
        if found is None:
            return Slate(note=None if request.offers_allowed else "not_offered")
        candidates, question, limits, case = found
        by_id = {candidate.item.id: candidate for candidate in candidates}
        prices_about = [item.dearness for item in case]
        ranked = [Ranked(candidate.item, candidate.relevance, candidate.bond) for candidate in candidates]
        shown = rank(ranked, manner_for(request.state), limit=request.limit, prices_about=prices_about)
        chosen = [by_id[one.item.id] for one in shown]
        return Slate(
            suggestions=tuple(_suggestion(one, reason_for(one.item, question.evidence(one, limits))) for one in chosen),
            explanations=tuple(
                Explanation(one.item.id, place, one.factors) for place, one in enumerate(chosen, start=1)
            ),
            note=None if chosen else "nothing_found",
        )

    def search(
        self,
        query: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Interaction] = (),
        liked: Sequence[str] = (),
        limit: int = 24,
        offset: int = 0,
    ) -> tuple[list[Candidate], int]:
        """A page of what fits a query, best first, and how many fit in all. Raises: FilterError."""
        request = Request(query, limit=1, filters=filters or Filters(), history=history, liked=liked)
        found = self._gather(request)
        if found is None:
            return [], 0
        best_first = sorted(found[0], key=lambda candidate: (-candidate.score, candidate.item.id))
        return best_first[offset : offset + limit], len(best_first)

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
        """What `recommend` suggests, without the explanations."""
        request = Request(query, limit, filters or Filters(), state, offers_allowed, about)
        return list(self.recommend(request).suggestions)

    def _gather(self, request: Request) -> "tuple[list[Candidate], _Question, Filters, list[Item]] | None":
        """What may be suggested, in any order; None if nothing may."""
        catalogue = self._catalogue
        admits = _admission(request.filters, catalogue)
        if not request.offers_allowed or request.limit < 1:
            return None
        wish = read_price_wish(request.query[:MAX_QUERY_CHARS])
        limits = request.filters.narrowed(max_price=wish.max_price, min_price=wish.min_price)
        case = tuple(dict.fromkeys(item_id for item_id in request.about if item_id in catalogue.position))
        if limits is None:
            return None
        passing = np.array(
            [
                position
                for position, item in enumerate(catalogue.items)
                if limits.admits(item) and admits(position) and item.id not in case
            ],
            dtype=np.int64,
        )
        question = _Question(wish.rest, catalogue, self._encoder)
        judged = question.judge(passing, case)
        floor = max(FLOOR, FLOOR_SHARE * max((one.relevance for one in judged), default=0.0))
        kept = [one for one in judged if one.relevance >= floor]
        return kept, question, limits, [catalogue.items[catalogue.position[item_id]] for item_id in case]


def _suggestion(candidate: Candidate, reason: str) -> Suggestion:
    item = candidate.item
    return Suggestion(
        item_id=item.id,
        title=item.title,
        price=item.price,
        category=item.category,
        image=item.image,
        url=item.url,
        currency=item.currency,
        score=round(candidate.relevance, 4),
        reason=reason,
    )


class _Question:
    """One query against one state of the catalogue."""

    def __init__(self, text: str, catalogue: _Catalogue, encoder: TextEncoder) -> None:
        self._catalogue = catalogue
        self._surface = {stem(word): word for word in with_shop_words(text).split()}
        self._words = content_stems(with_shop_words(text))
        self._wish: Wish = catalogue.kinds.wish(text) if self._words else Wish()
        # Words that say nothing, signs and emoji alone are no question: they would match at random.
        self._vector: NDArray[np.float32] | None = encoder.encode([text])[0] if self._words else None

    def judge(self, passing: NDArray[np.int64], case: Sequence[str]) -> list[Candidate]:
        """The passing items with their relevance, whatever the customer's state."""
        catalogue = self._catalogue
        if self._vector is None:
            found, cosines = passing, np.zeros(passing.size, dtype=np.float32)
        else:
            found, cosines = catalogue.index.search(self._vector, passing)
        shares = catalogue.lexicon.score(self._words)
        judged = []
        for position, cosine in zip(found.tolist(), cosines.tolist(), strict=True):
            item = catalogue.items[position]
            bond = bond_between(item, case) if case else None
            factors = self._factors(position, cosine, float(shares[position]), bond)
            relevance = sum(factor.weight for factor in factors)
            judged.append(Candidate(item, relevance, bond=bond, factors=factors, score=relevance))
        return judged

    def _factors(self, position: int, cosine: float, share: float, bond: Relation | None) -> tuple[Factor, ...]:
        catalogue = self._catalogue
        kind = catalogue.types[position]
        hit = self._wish.head.get(kind, 0.0)
        fits = not catalogue.target_types[position].isdisjoint(self._wish.target)
        factors = [Factor(FactorKind.MEANING, cosine)]
        if share:
            factors.append(Factor(FactorKind.WORDS, WORDS_WEIGHT * share))
        if hit:
            factors.append(Factor(FactorKind.KIND, KIND_WEIGHT * hit, {"kind": kind}))
        if fits:
            factors.append(Factor(FactorKind.RELATION, TARGET_WEIGHT, {"kind": " ".join(sorted(self._wish.target))}))
        if bond:
            told = {"relation": bond.kind.value, "target": bond.target_id}
            factors.append(Factor(FactorKind.RELATION, BOND_WEIGHTS[bond.kind], told))
        if catalogue.is_part[position] and not (hit or fits or bond):
            factors.append(Factor(FactorKind.KIND, -UNASKED_PART_WEIGHT, {"kind": "part"}))
        return tuple(factors)

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
