"""How the customer's state changes what is shown. Pure; never touches a price.

The rules, and the red lines that the property tests keep:

| state                                | shown                                                              | at most |
|--------------------------------------|--------------------------------------------------------------------|---------|
| distressed (frustrated, stressed, or | spare parts, replacements and service for the items of the case;   | 2       |
| frustration ≥ 55)                    | nothing dearer than the item it is about, or than the best match   |         |
| relieved                             | complements of the items of the case                               | 2       |
| otherwise                            | the best matches                                                   | limit   |

1. Prices are the catalogue's, in every state.
2. For two items shown in distress, the dearer one never stands further ahead than it does when calm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from vocabulary import CustomerState, Item, Relation, RelationKind, StateName

DISTRESS_FROM: Final = 55.0
SHORT_LIST: Final = 2

RELIEF: Final = frozenset({RelationKind.SPARE_PART_OF, RelationKind.REPLACEMENT_FOR, RelationKind.SERVICE_PLAN_FOR})
COMPLEMENT: Final = frozenset({RelationKind.ACCESSORY_OF})


class Manner(StrEnum):
    """How suggestions are chosen."""

    PLAIN = "plain"
    RELIEF = "relief"
    COMPLEMENT = "complement"


@dataclass(frozen=True)
class Candidate:
    """One item with its relevance. bond: its relation to an item of the case, None if it has none."""

    item: Item
    relevance: float
    bond: Relation | None = None

    def is_bound_by(self, kinds: frozenset[RelationKind]) -> bool:
        return self.bond is not None and self.bond.kind in kinds


def manner_for(state: CustomerState | None) -> Manner:
    """How to choose for this customer; without a state, plainly."""
    if state is None:
        return Manner.PLAIN
    if state.frustration >= DISTRESS_FROM or state.name in (StateName.FRUSTRATED, StateName.STRESSED):
        return Manner.RELIEF
    if state.name is StateName.RELIEVED:
        return Manner.COMPLEMENT
    return Manner.PLAIN


def bond_between(item: Item, about: Sequence[str]) -> Relation | None:
    """The item's relation to one of the items of the case: help first, then complements."""
    bonds = [relation for relation in item.relations if relation.target_id in about]
    return next((bond for bond in bonds if bond.kind in RELIEF), bonds[0] if bonds else None)


def rank(
    candidates: Sequence[Candidate], manner: Manner, *, limit: int, prices_about: Sequence[Decimal] = ()
) -> list[Candidate]:
    """Order and cut. candidates: in any order. prices_about: of the items of the case, if there are any."""
    best_first = sorted(candidates, key=_calm_order)
    if manner is Manner.PLAIN:
        return one_per_model(best_first)[:limit]
    if manner is Manner.COMPLEMENT:
        tied = [candidate for candidate in best_first if candidate.is_bound_by(COMPLEMENT)]
        return one_per_model(tied or best_first)[: min(limit, SHORT_LIST)]
    if not best_first:
        return []
    ceiling = min(prices_about, default=best_first[0].item.dearness)
    fair = [candidate for candidate in best_first if candidate.item.dearness <= ceiling]
    if prices_about:
        helpful = [candidate for candidate in fair if candidate.is_bound_by(RELIEF)]
        fair = helpful or fair
    else:
        fair = lift(fair, lambda candidate: bool(candidate.item.relation_kinds() & RELIEF))
    return one_per_model(fair)[: min(limit, SHORT_LIST)]


def lift(order: Sequence[Candidate], favoured: Callable[[Candidate], bool]) -> list[Candidate]:
    """Move favoured candidates ahead of the others, but never ahead of a cheaper one."""
    result: list[Candidate] = []
    for candidate in order:
        place = len(result)
        if favoured(candidate):
            while (
                place and not favoured(result[place - 1]) and result[place - 1].item.dearness >= candidate.item.dearness
            ):
                place -= 1
        result.insert(place, candidate)
    return result


def one_per_model(order: Sequence[Candidate]) -> list[Candidate]:
    """Leave out further colours and sizes of a model that is there already."""
    seen: set[str] = set()
    kept: list[Candidate] = []
    for candidate in order:
        model = candidate.item.attributes.get("model") or candidate.item.title
        if model not in seen:
            seen.add(model)
            kept.append(candidate)
    return kept


def _calm_order(candidate: Candidate) -> tuple[float, str]:
    # The id decides between equals, so that an answer does not depend on the order of the catalogue.
    return -candidate.relevance, candidate.item.id
