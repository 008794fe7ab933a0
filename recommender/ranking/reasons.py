"""One sentence for the customer that says what moved a suggestion. It never mentions a mood."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from vocabulary import Item, Relation, RelationKind

_BOND_WORDS: Final = {
    RelationKind.SPARE_PART_OF: "A spare part for the {target}",
    RelationKind.REPLACEMENT_FOR: "A replacement for the {target}",
    RelationKind.SERVICE_PLAN_FOR: "A service for the {target}",
    RelationKind.ACCESSORY_OF: "Goes with the {target}",
}
_SHOWN_WORDS: Final = 3


@dataclass(frozen=True)
class Evidence:
    """What put an item on the list.

    words: of the query that the item's text holds as well. kind: what the item is, if the query names that.
    target: title of the item that the bond leads to. min_price, max_price: the limits that were asked for.
    """

    words: Sequence[str] = ()
    kind: str | None = None
    bond: Relation | None = None
    target: str | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None


def reason_for(item: Item, evidence: Evidence) -> str:
    """One friendly, true sentence."""
    facts = [_price_words(evidence.min_price, evidence.max_price), "in stock" if item.stock else ""]
    told = [fact for fact in facts if fact]
    return f"{_why(item, evidence)}; {_joined(told)}." if told else f"{_why(item, evidence)}."


def _why(item: Item, evidence: Evidence) -> str:
    if evidence.bond is not None and evidence.target:
        return _BOND_WORDS[evidence.bond.kind].format(target=evidence.target)
    words = [evidence.kind] if evidence.kind else []
    words += [word for word in evidence.words if len(word) > 1 and not (evidence.kind and word in evidence.kind)]
    if words:
        return f"Matches {_joined([f'“{word}”' for word in words[:_SHOWN_WORDS]])}"
    return f"Comes close to what you describe, from our {item.category.lower()}"


def _price_words(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"between {_money(low)} and {_money(high)} EUR"
    if high is not None:
        return f"within your limit of {_money(high)} EUR"
    return f"above {_money(low)} EUR" if low is not None else ""


def _money(amount: Decimal) -> str:
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
