"""What no rule may do, whatever the file says. Pure.

1. A price is the catalogue's: an item goes through unchanged.
2. Of two items that are shown, a customer's state never puts the dearer one first, unless it stands first without it.
3. Nothing dearer than what the case is about gains by a state: it passes nothing, and nothing is left out before it.
4. In distress nothing is shown that is dearer than the item it is about, or, without one, than the best match.
5. In distress what is cheaper is left out for something dearer only if that helps with the case (a spare part, a
   replacement, a service) and the cheaper one does not.
6. Never more than asked, and nothing at all while offers are not allowed.

`violations` looks at a finished list and knows nothing of how it was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from recommender.ranking.rules import HELP, Rule
from recommender.slate import Candidate, Request
from vocabulary import CustomerState, Item, StateName

DISTRESS_FROM: Final = 55.0
"""The level from which the journey offers nothing of its own accord."""

DISTRESS: Final = frozenset({StateName.FRUSTRATED, StateName.STRESSED})


def is_distressed(state: CustomerState | None) -> bool:
    """Whether somebody is in distress: frustrated, stressed, or at a level of 55 or more."""
    return state is not None and (state.frustration >= DISTRESS_FROM or state.name in DISTRESS)


def distressing(rule: Rule) -> bool:
    """Whether a rule names distress. Others can meet it where no earlier rule does; `arrange` keeps the lines there."""
    return bool(rule.states & DISTRESS) or rule.frustration_from is not None


def costs_no_more(one: Item, other: Item) -> bool:
    """Whether the first is known not to be the dearer one. Prices of two currencies are not compared."""
    if one.price is None:
        return other.price is None
    return other.price is None or (one.currency == other.currency and one.price <= other.price)


def ceiling_of(case: Sequence[Item], best: Item | None) -> Item | None:
    """The item whose price nothing may pass in distress: the cheapest one of the case, else the best match.

    Items of the case without a price say nothing. None: there is nothing to compare with.
    """
    priced = [item for item in case if item.price is not None]
    return min(priced, key=lambda item: item.dearness, default=best)


def helps(candidate: Candidate) -> bool:
    """Whether it helps with the case."""
    return candidate.bond is not None and candidate.bond.kind in HELP


def violations(
    shown: Sequence[Candidate],
    neutral: Sequence[Candidate],
    request: Request,
    *,
    case: Sequence[Item] = (),
    catalogue: Mapping[str, Item],
) -> list[str]:
    """Every red line that a list crosses, in words; empty for a list that keeps them.

    shown: what the customer would see. neutral: the whole order for the same request without a state, best first.
    case: the items that it is about. catalogue: the shop's items by id.
    """
    found = []
    if len(shown) > max(request.limit, 0):
        found.append(f"{len(shown)} shown, {request.limit} asked for")
    if shown and not request.offers_allowed:
        found.append(f"{len(shown)} shown while offers are not allowed")
    if len({candidate.item.id for candidate in shown}) < len(shown):
        found.append("an item twice")
    found += [f"{one.item.id} is not the catalogue's item" for one in shown if catalogue.get(one.item.id) != one.item]
    place = {candidate.item.id: number for number, candidate in enumerate(neutral)}
    found += [f"{one.item.id} is not in the order without a state" for one in shown if one.item.id not in place]
    if found or request.state is None:
        return found
    distressed = is_distressed(request.state)
    bound = ceiling_of(case, neutral[0].item if neutral and distressed else None)
    found += _passed(shown, place, bound)
    found += _left_out(shown, neutral, bound, distressed)
    if distressed and bound is not None:
        found += [f"{one.item.id} is dearer than {bound.id}" for one in shown if not costs_no_more(one.item, bound)]
    return found


def _passed(shown: Sequence[Candidate], place: Mapping[str, int], bound: Item | None) -> Iterator[str]:
    for number, first in enumerate(shown):
        for second in shown[number + 1 :]:
            if place[first.item.id] < place[second.item.id]:
                continue
            if not costs_no_more(first.item, second.item):
                yield f"{first.item.id} stands before the cheaper {second.item.id}"
            elif bound is not None and not costs_no_more(first.item, bound):
                yield f"{first.item.id} gains, although it is dearer than {bound.id}"


def _left_out(
    shown: Sequence[Candidate], neutral: Sequence[Candidate], bound: Item | None, distressed: bool
) -> Iterator[str]:
    ids = {candidate.item.id for candidate in shown}
    models = {model_of(candidate.item) for candidate in shown}
    for number, without in enumerate(neutral):
        if without.item.id in ids or model_of(without.item) in models:
            continue
        for later in (one for one in neutral[number + 1 :] if one.item.id in ids):
            if takes_the_place(later, without, bound, distressed):
                yield f"{later.item.id} is shown instead of {without.item.id}"


def takes_the_place(later: Candidate, without: Candidate, bound: Item | None, distressed: bool) -> bool:
    """Whether showing the one and not the other, which stands before it without a state, crosses line 3 or 5."""
    if bound is not None and not costs_no_more(without.item, bound):
        return False
    if bound is not None and not costs_no_more(later.item, bound):
        return True
    helpful = helps(later) and not helps(without)
    return distressed and not helpful and not costs_no_more(later.item, without.item)


def model_of(item: Item) -> str:
    """What an item is a colour or size of."""
    return item.attributes.get("model") or item.title
