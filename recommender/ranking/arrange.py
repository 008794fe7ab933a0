"""What is shown, in which order: the neutral order, the one rule for the customer's state, and the red lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.neutral import neutral_order, one_per_model, with_factor
from recommender.ranking.redlines import ceiling_of, costs_no_more, is_distressed, takes_the_place
from recommender.ranking.rules import PriceBound, Rule, Rules
from recommender.slate import Candidate, FactorKind, Request
from vocabulary import Item, RelationKind


@dataclass(frozen=True)
class Arrangement:
    """A list, and what may still be done with it.

    ordered: all that may be shown, best first, with scores and factors; the customer sees the first `limit`.
    rule: the rule of the customer's state that applied; None without one. neutral: the order without a state, further
    colours and sizes included. is_open: whether the order may be tried with: never for the distressed, nor where one
    choice is recommended, nor where something dearer than the item of the case could gain by it.
    """

    ordered: tuple[Candidate, ...] = ()
    limit: int = 0
    rule: Rule | None = None
    neutral: tuple[Candidate, ...] = ()
    is_open: bool = False

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """What the customer sees when nothing is tried."""
        return self.ordered[: self.limit]


def arrange(
    candidates: Sequence[Candidate],
    request: Request,
    rules: Rules,
    limit: int | None = None,
    *,
    case: Sequence[Item] = (),
    vectors: NDArray[np.float32] | None = None,
) -> Arrangement:
    """Order and cut.

    candidates: in any order, already past every filter. limit: at most so many, never more than `request.limit`.
    case: the items that `request.about` names. vectors: see `neutral_order`.
    """
    most = request.limit if limit is None else min(limit, request.limit)
    if not request.offers_allowed or most < 1:
        return Arrangement()
    neutral = neutral_order(candidates, request, rules.order, vectors=vectors)
    rule = rules.rule_for(request.state, bool(case))
    distressed = is_distressed(request.state)
    bound = ceiling_of(case, neutral[0].item if neutral and distressed else None)
    ordered = neutral
    if rule is not None or distressed:
        changes = rule or _NO_CHANGE
        ordered = _raised(_kept(neutral, changes, bound, bool(case), distressed), changes, bound, bool(case))
    thin = one_per_model if rules.order.one_per_model else list
    ordered = thin(ordered)
    if rule is not None:
        place = {candidate.item.id: number for number, candidate in enumerate(thin(neutral))}
        ordered = [_with_place(candidate, rule, place, number) for number, candidate in enumerate(ordered)]
    one_choice = rule is not None and rule.at_most == 1
    fair = bound is None or all(costs_no_more(candidate.item, bound) for candidate in ordered)
    return Arrangement(
        ordered=tuple(ordered),
        limit=most if rule is None or rule.at_most is None else min(most, rule.at_most),
        rule=rule,
        neutral=tuple(neutral),
        is_open=fair and not distressed and not one_choice,
    )


_NO_CHANGE: Final = Rule(name="none", words="Nothing changes.")


def _kept(
    neutral: Sequence[Candidate], rule: Rule, bound: Item | None, has_case: bool, distressed: bool
) -> list[Candidate]:
    """What the rule leaves on the list, in the neutral order, with what the red lines put back."""
    best = max((candidate.relevance for candidate in neutral), default=0.0)
    ceiling = bound if distressed else _ceiling(rule, bound, neutral)
    fair = [one for one in neutral if ceiling is None or costs_no_more(one.item, ceiling)]
    wanted = {one.item.id for one in fair if one.relevance >= rule.close * best}
    if rule.leave_out:
        wanted -= {one.item.id for one in fair if _relation(one, has_case) in rule.leave_out}
    if rule.only and has_case:
        # Nothing dearer than the case may come to the front because others are left out.
        tied = {
            one.item.id
            for one in fair
            if one.bond and one.bond.kind in rule.only and (bound is None or costs_no_more(one.item, bound))
        }
        wanted = (wanted & tied) or wanted
    return _put_back(neutral, wanted, bound, distressed)


def _ceiling(rule: Rule, bound: Item | None, neutral: Sequence[Candidate]) -> Item | None:
    if rule.no_dearer_than is None or not neutral:
        return None
    return bound if bound is not None and rule.no_dearer_than is PriceBound.CASE else neutral[0].item


def _put_back(neutral: Sequence[Candidate], wanted: set[str], bound: Item | None, distressed: bool) -> list[Candidate]:
    """From the last to the first: what must not be left out for something that is shown behind it comes back."""
    kept: list[Candidate] = []
    for candidate in reversed(neutral):
        if candidate.item.id in wanted or any(takes_the_place(later, candidate, bound, distressed) for later in kept):
            kept.append(candidate)
    kept.reverse()
    return kept


def _raised(kept: Sequence[Candidate], rule: Rule, bound: Item | None, has_case: bool) -> list[Candidate]:
    """The kept ones with the rule's points, in the order that the points ask for, as far as prices let them pass.

    Each place goes to the highest score among those whose cheaper predecessors all have a place already.
    """
    raised = [_with_points(candidate, rule, bound, has_case) for candidate in kept]
    scores = np.array([candidate.score for candidate in raised])
    holds_back = _holding_back([candidate.item for candidate in raised], bound)
    held = holds_back.sum(axis=0)
    waiting = np.ones(len(raised), dtype=bool)
    result = []
    for _ in raised:
        row = int(np.argmax(np.where(waiting & (held == 0), scores, -np.inf)))
        waiting[row] = False
        held -= holds_back[row]
        result.append(raised[row])
    return result


def _holding_back(items: Sequence[Item], bound: Item | None) -> NDArray[np.int64]:
    """1 at [i, j] where j stands behind i and must not pass it; shape (n_items, n_items)."""
    prices = sorted({item.dearness for item in items})
    rank = {price: number for number, price in enumerate(prices)}
    dear = np.array([rank[item.dearness] for item in items], dtype=np.int64)
    money = np.array([item.currency for item in items], dtype=np.str_)
    unknown = np.array([item.price is None for item in items], dtype=bool)
    fair = np.array([bound is None or costs_no_more(item, bound) for item in items], dtype=bool)
    # [i, j]: j costs no more than i, as `costs_no_more` has it.
    passes = (dear[None, :] <= dear[:, None]) & ((money[None, :] == money[:, None]) | unknown[:, None])
    held: NDArray[np.int64] = np.triu(~(passes & fair[None, :]), k=1).astype(np.int64)
    return held


def _with_points(candidate: Candidate, rule: Rule, bound: Item | None, has_case: bool) -> Candidate:
    raised = candidate
    if rule.direct:
        lost = sum(factor.weight for factor in raised.factors if factor.kind is FactorKind.VARIETY)
        kept = tuple(factor for factor in raised.factors if factor.kind is not FactorKind.VARIETY)
        raised = replace(raised, factors=kept, score=raised.score - lost)
    if bound is not None and not costs_no_more(candidate.item, bound):
        return raised
    relation = _relation(candidate, has_case)
    if relation is not None and rule.first.get(relation):
        raised = with_factor(raised, FactorKind.STATE, rule.first[relation], rule=rule.name, relation=relation.value)
    for name, points in rule.facts.items():
        if points and candidate.item.attributes.get(name):
            raised = with_factor(raised, FactorKind.STATE, points, rule=rule.name, fact=name)
    return raised


def _relation(candidate: Candidate, has_case: bool) -> RelationKind | None:
    """How it relates to the case, or, without one, to anything: help before the rest."""
    if has_case:
        return candidate.bond.kind if candidate.bond else None
    kinds = candidate.item.relation_kinds()
    return next((kind for kind in RelationKind if kind in kinds and kind is not RelationKind.ACCESSORY_OF), None) or (
        RelationKind.ACCESSORY_OF if RelationKind.ACCESSORY_OF in kinds else None
    )


def _with_place(candidate: Candidate, rule: Rule, neutral: Mapping[str, int], number: int) -> Candidate:
    """Without points of its own an item can still have its place by the rule, which left others out."""
    before = neutral.get(candidate.item.id)
    own = any(factor.kind is FactorKind.STATE for factor in candidate.factors)
    if own or before is None or before <= number:
        return candidate
    return with_factor(
        candidate, FactorKind.STATE, 0.0, rule=rule.name, place_without=str(before + 1), place=str(number + 1)
    )
