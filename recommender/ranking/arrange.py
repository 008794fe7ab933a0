"""What is shown, in which order: the neutral order, the one rule for the customer's state, and the red lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.neutral import neutral_order, one_per_model, with_factor
from recommender.ranking.points import Points, points_in
from recommender.ranking.redlines import ceiling_of, costs_no_more, helps, is_distressed, takes_the_place
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
    if rule is None and not distressed:
        ordered = [one for one in neutral if one.relevance >= _floor(neutral, rules)]
    else:
        ordered = _by_rule(neutral, rule or _NO_CHANGE, _Moment(bound, tuple(case), distressed, _floor(neutral, rules)))
    every = rule is not None and rule.variants
    if rules.order.one_per_model and not every:
        ordered = one_per_model(ordered)
    if rule is not None:
        place = {candidate.item.id: number for number, candidate in enumerate(one_per_model(neutral))}
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


@dataclass(frozen=True)
class _Moment:
    """bound: what gains costs no more than this. floor: the relevance from which anything is shown."""

    bound: Item | None
    case: tuple[Item, ...]
    distressed: bool
    floor: float

    def is_fair(self, item: Item) -> bool:
        return self.bound is None or costs_no_more(item, self.bound)


def _floor(neutral: Sequence[Candidate], rules: Rules) -> float:
    return rules.order.close * max((candidate.relevance for candidate in neutral), default=0.0)


def _by_rule(neutral: Sequence[Candidate], rule: Rule, moment: _Moment) -> list[Candidate]:
    points = Points(rule, moment.case, neutral[0].item if neutral else None)
    raised = [points.given(one) if moment.is_fair(one.item) else points.undone(one) for one in neutral]
    kept = _kept(neutral, raised, rule, moment)
    return _in_order([raised[row] for row in kept], moment)


def _kept(neutral: Sequence[Candidate], raised: Sequence[Candidate], rule: Rule, moment: _Moment) -> list[int]:
    """Rows of what the rule leaves on the list, in the neutral order, with what the red lines put back."""
    ceiling = moment.bound if moment.distressed else _ceiling(rule, moment, neutral)
    wanted = set()
    for row, one in enumerate(raised):
        # In distress points bring only help onto the list: else they would bring the dear as well as the cheap.
        counts = not moment.distressed or helps(one)
        worth = one.relevance + (points_in(one) if counts else 0.0)
        if worth >= moment.floor and (ceiling is None or costs_no_more(one.item, ceiling)):
            wanted.add(row)
    if moment.case:
        wanted = {row for row in wanted if not _is_bound(neutral[row], rule.leave_out)}
        # Nothing dearer than the case may come to the front because others are left out.
        tied = {row for row in wanted if _is_bound(neutral[row], rule.only) and moment.is_fair(neutral[row].item)}
        wanted = tied or wanted
    return _with_put_back(neutral, wanted, moment)


def _is_bound(candidate: Candidate, kinds: frozenset[RelationKind]) -> bool:
    return candidate.bond is not None and candidate.bond.kind in kinds


def _ceiling(rule: Rule, moment: _Moment, neutral: Sequence[Candidate]) -> Item | None:
    if rule.no_dearer_than is None or not neutral:
        return None
    by_case = moment.bound is not None and rule.no_dearer_than is PriceBound.CASE
    return moment.bound if by_case else neutral[0].item


def _with_put_back(neutral: Sequence[Candidate], wanted: set[int], moment: _Moment) -> list[int]:
    """From the last to the first: what must not be left out for something that is shown behind it comes back."""
    kept: list[int] = []
    for row in reversed(range(len(neutral))):
        if row in wanted or any(
            takes_the_place(neutral[later], neutral[row], moment.bound, moment.distressed) for later in kept
        ):
            kept.append(row)
    return kept[::-1]


def _in_order(raised: Sequence[Candidate], moment: _Moment) -> list[Candidate]:
    """In the order that the points ask for, as far as prices let one pass another.

    raised: in the neutral order. Each place goes to the highest score among those whose cheaper predecessors all have
    a place already.
    """
    scores = np.array([candidate.score for candidate in raised])
    holds_back = _holding_back([candidate.item for candidate in raised], moment)
    held = holds_back.sum(axis=0)
    waiting = np.ones(len(raised), dtype=bool)
    result = []
    for _ in raised:
        row = int(np.argmax(np.where(waiting & (held == 0), scores, -np.inf)))
        waiting[row] = False
        held -= holds_back[row]
        result.append(raised[row])
    return result


def _holding_back(items: Sequence[Item], moment: _Moment) -> NDArray[np.int64]:
    """1 at [i, j] where j stands behind i and must not pass it; shape (n_items, n_items)."""
    prices = sorted({item.dearness for item in items})
    rank = {price: number for number, price in enumerate(prices)}
    dear = np.array([rank[item.dearness] for item in items], dtype=np.int64)
    money = np.array([item.currency for item in items], dtype=np.str_)
    unknown = np.array([item.price is None for item in items], dtype=bool)
    fair = np.array([moment.is_fair(item) for item in items], dtype=bool)
    # [i, j]: j costs no more than i, as `costs_no_more` has it.
    passes = (dear[None, :] <= dear[:, None]) & ((money[None, :] == money[:, None]) | unknown[:, None])
    held: NDArray[np.int64] = np.triu(~(passes & fair[None, :]), k=1).astype(np.int64)
    return held


def _with_place(candidate: Candidate, rule: Rule, neutral: Mapping[str, int], number: int) -> Candidate:
    """Without points of its own an item can still have its place by the rule, which left others out."""
    before = neutral.get(candidate.item.id)
    own = any(factor.kind is FactorKind.STATE for factor in candidate.factors)
    if own or before is None or before <= number:
        return candidate
    return with_factor(
        candidate, FactorKind.STATE, 0.0, rule=rule.name, place_without=str(before + 1), place=str(number + 1)
    )
