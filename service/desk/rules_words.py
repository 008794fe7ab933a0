"""The rules of suggestions in words: when each applies and what it does, from its fields alone."""

from collections.abc import Iterable
from typing import Final

from recommender import Order, PriceBound, Rule
from vocabulary import RelationKind

_PLURALS: Final = {
    RelationKind.SPARE_PART_OF: "spare parts",
    RelationKind.REPLACEMENT_FOR: "replacements",
    RelationKind.SERVICE_PLAN_FOR: "service plans",
    RelationKind.ACCESSORY_OF: "accessories",
}
_BOUNDS: Final = {PriceBound.CASE: "the item of the case", PriceBound.BEST: "the best match"}


def when(rule: Rule) -> str:
    """Whom it is for: "frustrated, or from a frustration of 55; only with an item of the case"."""
    parts = []
    if rule.states:
        parts.append(" or ".join(sorted(state.value for state in rule.states)))
    if rule.frustration_from is not None:
        parts.append(f"from a frustration of {rule.frustration_from:g}")
    case = {True: "; only with an item of the case", False: "; only without an item of the case", None: ""}[rule.case]
    return ", or ".join(parts) + case


def effects(rule: Rule) -> list[str]:
    """What it changes, one sentence each; empty for a rule that changes nothing."""
    said = []
    if rule.only:
        said.append(f"Where the case has any, only {_kinds(rule.only)} are shown.")
    if rule.first or rule.facts:
        raised = [f"{_PLURALS[kind]} (+{points:g})" for kind, points in sorted(rule.first.items())]
        raised += [f"items with {_fact(name)} (+{points:g})" for name, points in sorted(rule.facts.items())]
        said.append(f"Comes forward: {_listed(raised)}.")
    if rule.cheap:
        said.append(f"The cheaper, the further forward (up to +{rule.cheap:g}).")
    if rule.leave_out:
        said.append(f"Left out: {_kinds(rule.leave_out)}.")
    if rule.at_most is not None:
        said.append(f"At most {rule.at_most} {'is' if rule.at_most == 1 else 'are'} shown.")
    if rule.no_dearer_than is not None:
        said.append(f"Nothing dearer than {_BOUNDS[rule.no_dearer_than]} is shown.")
    if rule.direct:
        said.append("The best matches stand as they are, without variety.")
    if rule.variants:
        said.append("Colours and sizes of one model are shown each.")
    return said


def order_facts(order: Order) -> list[tuple[str, str]]:
    """How every list is ordered, as names and values."""
    return [
        ("Own behaviour", f"the best fit adds {order.taste:g}"),
        ("Liked categories", f"pass a neighbour that is up to {order.liked:g} better"),
        ("Popular items", f"the most popular gains {order.popular:g}"),
        ("Against always the same", f"the most popular loses {order.novelty:g}"),
        ("Variety", f"an item like one before it loses {order.variety:g}"),
        ("Worth showing", f"from {order.close:.0%} of the best match"),
        ("Colours and sizes", "one of each model" if order.one_per_model else "each by itself"),
    ]


def _kinds(kinds: Iterable[RelationKind]) -> str:
    return _listed(sorted(_PLURALS[kind] for kind in kinds))


def _fact(name: str) -> str:
    fact, colon, value = name.partition(": ")
    return f"{fact} “{value}”" if colon else f"“{name}”"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
