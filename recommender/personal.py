"""What a customer's own behaviour says about candidates; nothing without a history and leave to use it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from recommender.learning import TasteModel
from recommender.ranking import Order
from recommender.slate import Candidate, Factor, FactorKind, Request
from vocabulary import Interaction, Item

FROM_BEHAVIOUR: Final = 0.35
AFFINITY_WEIGHT: Final = 0.5
"""Without words, what behaviour brings starts at the first and gains the second for the best fit."""

POPULAR_WEIGHT: Final = 0.2


class Personal:
    """A taste model where there is one, and silence where there is none."""

    def __init__(self, taste: TasteModel | None = None) -> None:
        self._taste = taste

    @property
    def taste(self) -> TasteModel | None:
        """The model, if there is one."""
        return self._taste

    def weighed(self, candidates: Sequence[Candidate], request: Request) -> list[Candidate]:
        """The candidates with affinity and popularity."""
        if self._taste is None or not candidates:
            return list(candidates)
        ids = [candidate.item.id for candidate in candidates]
        popular = self._taste.popularity(ids)
        affinity = self._taste.affinity(request.history, ids, request.at) if request.history else [0.0] * len(ids)
        return [
            replace(candidate, affinity=float(fit), popularity=float(fame))
            for candidate, fit, fame in zip(candidates, affinity, popular, strict=True)
        ]

    def scored(self, candidate: Candidate, order: Order, liked: Sequence[str]) -> Candidate:
        """The candidate with what taste adds to its relevance, as factors; for a search, which has no other rules."""
        factors = list(candidate.factors)
        if candidate.affinity > 0 and order.taste:
            factors.append(Factor(FactorKind.BEHAVIOUR, order.taste * candidate.affinity))
        named = frozenset(liked).intersection(candidate.item.categories)
        if named:
            factors.append(Factor(FactorKind.TASTE, order.liked, {"category": min(named)}))
        return replace(candidate, factors=tuple(factors), score=sum(factor.weight for factor in factors))

    def nearest(self, history: Sequence[Interaction], n: int, request: Request) -> list[str]:
        """Ids of the items that fit a history best, best first."""
        if self._taste is None or not history:
            return []
        return [item_id for item_id, _ in self._taste.nearest(history, n, request.at)]

    def most_popular(self, ids: Sequence[str], n: int) -> list[str]:
        """The n most popular of these that anybody chose, the most popular first."""
        if self._taste is None:
            return []
        fame = self._taste.popularity(ids).tolist()
        order = sorted(range(len(ids)), key=lambda place: (-fame[place], ids[place]))
        return [ids[place] for place in order[:n] if fame[place] > 0]

    def of_behaviour(self, item: Item, request: Request) -> Candidate:
        """A candidate that no words asked for: by the history, or because many choose it."""
        (plain,) = self.weighed([Candidate(item, 0.0)], request)
        if plain.affinity > 0:
            factor = Factor(FactorKind.BEHAVIOUR, FROM_BEHAVIOUR + AFFINITY_WEIGHT * plain.affinity)
        else:
            factor = Factor(FactorKind.POPULAR, FROM_BEHAVIOUR + POPULAR_WEIGHT * plain.popularity)
        return replace(plain, relevance=factor.weight, score=factor.weight, factors=(factor,))

    def told(self, candidate: Candidate, request: Request) -> Candidate:
        """The candidate with the item of the history that spoke for it most, where behaviour moved it; and with the
        word that it did so by likeness alone, if nobody chose both."""
        if self._taste is None or not any(factor.kind is FactorKind.BEHAVIOUR for factor in candidate.factors):
            return candidate
        causes = self._taste.causes(request.history, candidate.item.id, request.at)
        if not causes:
            return candidate
        because = {"because": causes[0][0]}
        if not self._taste.is_shared(causes[0][0], candidate.item.id):
            because["by"] = "likeness"
        factors = tuple(
            replace(factor, details={**factor.details, **because}) if factor.kind is FactorKind.BEHAVIOUR else factor
            for factor in candidate.factors
        )
        return replace(candidate, factors=factors)
