"""What a rule adds to an item's score, each time as a factor that says so."""

from collections.abc import Sequence

from recommender.ranking.neutral import with_factor, with_factors
from recommender.ranking.rules import Rule
from recommender.slate import Candidate, FactorKind
from vocabulary import Item, RelationKind


class Points:
    """The points of one rule in one situation.

    case: the items that it is about. best: the best match without a state; None where there is none.
    """

    def __init__(self, rule: Rule, case: Sequence[Item], best: Item | None) -> None:
        self._rule = rule
        self._best = best
        self._anchors = frozenset(item.id for item in case) or (frozenset({best.id}) if best else frozenset())

    def given(self, candidate: Candidate) -> Candidate:
        """The candidate with the rule's points."""
        rule, raised = self._rule, self.undone(candidate)
        relation = self._relation(candidate)
        if relation is not None and rule.first.get(relation):
            raised = with_factor(
                raised, FactorKind.STATE, rule.first[relation], rule=rule.name, relation=relation.value
            )
        for fact, points in rule.facts.items():
            name, _, value = fact.partition(": ")
            held = candidate.item.attributes.get(name)
            if points and held and value in ("", held):
                raised = with_factor(raised, FactorKind.STATE, points, rule=rule.name, fact=name)
        if share := self._cheapness(candidate.item):
            raised = with_factor(raised, FactorKind.STATE, rule.cheap * share, rule=rule.name, cheaper="yes")
        return raised

    def undone(self, candidate: Candidate) -> Candidate:
        """The candidate without what the rule switches off."""
        if not self._rule.direct:
            return candidate
        lost = sum(factor.weight for factor in candidate.factors if factor.kind is FactorKind.VARIETY)
        kept = tuple(factor for factor in candidate.factors if factor.kind is not FactorKind.VARIETY)
        return with_factors(candidate, kept, candidate.score - lost)

    def _relation(self, candidate: Candidate) -> RelationKind | None:
        if candidate.bond is not None:
            return candidate.bond.kind
        kinds = {relation.kind for relation in candidate.item.relations if relation.target_id in self._anchors}
        return next((kind for kind in self._rule.first if kind in kinds), None)

    def _cheapness(self, item: Item) -> float:
        """From 0, for what costs as much as the best match or more, to 1 for nothing; 0 where prices do not compare."""
        best = self._best
        if not self._rule.cheap or best is None or not best.price or item.price is None:
            return 0.0
        return 0.0 if item.currency != best.currency else max(0.0, 1.0 - float(item.price / best.price))


def points_in(candidate: Candidate) -> float:
    """All that rules have added to a candidate's score."""
    return sum(factor.weight for factor in candidate.factors if factor.kind is FactorKind.STATE)
