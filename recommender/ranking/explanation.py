"""One sentence for the customer that says what moved a suggestion, and all causes for those who check.

Details that a factor may carry, by kind:

| kind       | details                                                                                     |
|------------|---------------------------------------------------------------------------------------------|
| meaning    | like: id of the item that the customer wants something like                                   |
| words      | words: those of the query that the item holds as well, with blanks between                    |
| kind       | kind: what the item is                                                                        |
| relation   | relation: the kind of relation; target: id; title: of the target                              |
| behaviour  | because: id of the item that the customer has looked at or bought; title: of that item;        |
|            | by: "likeness" where nobody has chosen both, and they are only alike                          |
| taste      | category: the one that the customer likes                                                     |
| state      | rule: its name; relation, fact: what it raised; place_without, place: where it moved the item   |
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from recommender.filters import Filters
from recommender.ranking.arrange import Arrangement
from recommender.slate import Candidate, Explanation, Factor, FactorKind
from vocabulary import Item, RelationKind

_RELATION_WORDS: Final = {
    RelationKind.SPARE_PART_OF: "A spare part for the {target}",
    RelationKind.REPLACEMENT_FOR: "A replacement for the {target}",
    RelationKind.SERVICE_PLAN_FOR: "A service for the {target}",
    RelationKind.ACCESSORY_OF: "Goes with the {target}",
}
_WORDS: Final = frozenset({FactorKind.WORDS, FactorKind.KIND})
_TELLING: Final = frozenset({FactorKind.RELATION, FactorKind.BEHAVIOUR, FactorKind.TASTE, FactorKind.POPULAR})
_MOST_WORDS: Final = 3

Titles = Callable[[str], str | None]
"""The title of an item by its id; None for an unknown one."""


def explain(
    candidate: Candidate,
    place: int,
    arrangement: Arrangement,
    *,
    limits: Filters | None = None,
    below: Item | None = None,
    title_of: Titles,
) -> tuple[str, Explanation]:
    """Why an item stands where it does: a sentence for the customer, and everything for an auditor.

    candidate: as `arrange` or the bandit gave it. place: from 1. limits: the filters and the limits of the customer's
    words together. below: what it was asked to cost less than; that is told in place of a limit that nobody named. The
    sentence names causes that added to the score, never how anybody feels.
    """
    factors = tuple(sorted(candidate.factors, key=lambda factor: (-abs(factor.weight), factor.kind.value)))
    told = [
        fact
        for fact in (
            *_facts(factors, candidate.item),
            _price_words(limits, candidate.item.currency) if below is None else f"costs less than the {below.title}",
            _stock_words(candidate.item),
        )
        if fact
    ]
    why = _why(candidate, factors, title_of)
    sentence = f"{why}; {_joined(told)}." if told else f"{why}."
    rule = arrangement.rule.name if arrangement.rule is not None else None
    return sentence, Explanation(candidate.item.id, place, factors, rule)


def _why(candidate: Candidate, factors: Sequence[Factor], title_of: Titles) -> str:
    """The strongest cause that can be put into words."""
    causes = [(factor.weight, _cause(factor, title_of)) for factor in factors if factor.kind in _TELLING]
    causes.append((sum(one.weight for one in factors if one.kind in _WORDS), _words(factors)))
    told = [(weight, words) for weight, words in causes if weight > 0 and words]
    # Words that match are no news beside a relation to what the customer has.
    bound = [words for factor in factors if factor.kind is FactorKind.RELATION for words in [_cause(factor, title_of)]]
    if bound and bound[0]:
        return bound[0]
    like = next((factor.details["like"] for factor in factors if factor.details.get("like")), None)
    if like is not None and (title := title_of(like)):
        return f"Similar to the {title}"
    if told:
        return max(told)[1]
    return f"Comes close to what you describe, from our {candidate.item.category.lower()}"


def _cause(factor: Factor, title_of: Titles) -> str:
    details = factor.details
    if factor.weight <= 0:
        return ""
    if factor.kind is FactorKind.RELATION:
        target = details.get("title") or title_of(details.get("target", ""))
        known = details.get("relation") in set(RelationKind)
        return _RELATION_WORDS[RelationKind(details["relation"])].format(target=target) if target and known else ""
    if factor.kind is FactorKind.BEHAVIOUR:
        title = details.get("title") or title_of(details.get("because", ""))
        if title and details.get("by") == "likeness":
            return f"Similar to the {title}, which you have looked at"
        return f"Chosen by people who also looked at the {title}" if title else "Close to what you have looked at"
    if factor.kind is FactorKind.TASTE:
        return f"From {details['category']}, which you like" if details.get("category") else ""
    return "Chosen often in this shop" if factor.kind is FactorKind.POPULAR else ""


def _words(factors: Sequence[Factor]) -> str:
    matching = [factor for factor in factors if factor.kind in _WORDS and factor.weight > 0]
    kind = next((factor.details["kind"] for factor in matching if factor.details.get("kind")), None)
    words = [word for factor in matching for word in factor.details.get("words", "").split()]
    named = [kind] if kind else []
    named += [word for word in dict.fromkeys(words) if len(word) > 1 and not (kind and (word in kind or kind in word))]
    return f"Matches {_joined([f'“{word}”' for word in named[:_MOST_WORDS]])}" if named else ""


def _facts(factors: Sequence[Factor], item: Item) -> list[str]:
    """What a rule looked for in the item, such as its guarantee."""
    names = [one.details["fact"] for one in factors if one.kind is FactorKind.STATE and one.details.get("fact")]
    return [f"{name}: {item.attributes[name]}" for name in names if item.attributes.get(name)]


def _price_words(limits: Filters | None, currency: str) -> str:
    low, high = (None, None) if limits is None else (limits.lower, limits.upper)
    if low is not None and high is not None:
        return f"between {_money(low)} and {_money(high)} {currency}"
    if high is not None:
        return f"within your limit of {_money(high)} {currency}"
    return f"above {_money(low)} {currency}" if low is not None else ""


def _stock_words(item: Item) -> str:
    return "in stock" if item.stock else ""


def _money(amount: Decimal) -> str:
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
