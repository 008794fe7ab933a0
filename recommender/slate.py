"""What is asked of the recommender, what it considers, and what it answers: the words that its parts share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from recommender.filters import Filters
from vocabulary import CustomerState, Interaction, Item, Relation, Suggestion

DEFAULT_LIMIT: Final = 3


class FactorKind(StrEnum):
    """What can move an item up or down.

    words: it holds words of the query. meaning: its text means what was asked. kind: it is the kind of thing asked for.
    relation: it belongs to an item of the case. behaviour: people who did what this customer did chose it.
    taste: a category that the customer has said to like. popular: many choose it. state: a rule for the customer's
    state. variety: it differs from what stands before it. tried: the bandit moved it. cold: too new for behaviour,
    judged by its text. price: the customer asked for the lowest price.
    """

    WORDS = "words"
    MEANING = "meaning"
    KIND = "kind"
    RELATION = "relation"
    BEHAVIOUR = "behaviour"
    TASTE = "taste"
    POPULAR = "popular"
    STATE = "state"
    VARIETY = "variety"
    TRIED = "tried"
    COLD = "cold"
    PRICE = "price"


@dataclass(frozen=True)
class Factor:
    """One cause of an item's place. weight: what it added to the score. details: what exactly, as words and ids
    ({"words": "quiet kettle"}, {"target": "kettle-quiet"}, {"rule": "repair-first"})."""

    kind: FactorKind
    weight: float
    details: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "weight": round(self.weight, 4), "details": dict(self.details)}


@dataclass(frozen=True)
class Candidate:
    """One item that may be suggested.

    relevance: how well it fits what was asked, whatever the customer's state; about 0 (not at all) to 2.
    affinity: how well it fits this customer's behaviour, 0 to 1; 0 without any. popularity: share of all purchases and
    views, on a scale from 0 (never) to 1 (the most). bond: its relation to an item of the case. factors: what the
    relevance is made of. `score` orders the list: relevance at first, then what each step has made of it.
    """

    item: Item
    relevance: float
    affinity: float = 0.0
    popularity: float = 0.0
    bond: Relation | None = None
    factors: tuple[Factor, ...] = ()
    score: float = 0.0


@dataclass(frozen=True)
class Request:
    """One question.

    query: the customer's words. offers_allowed: False gives nothing, always. about: ids of the items of the case.
    shown: ids of what was suggested last in this conversation, best first ("cheaper", "like the second one").
    earlier: what the customer said before in this conversation, oldest first: "in red?" still means kettles.
    history: what this customer has done, oldest first; empty without leave to use it. liked: categories.
    state: changes order and number, never a price. at: now. segment: of the customer, if one is known.
    seed: makes what the bandit tries repeatable (ids of conversation and message).
    """

    query: str = ""
    limit: int = DEFAULT_LIMIT
    filters: Filters = field(default_factory=Filters)
    state: CustomerState | None = None
    offers_allowed: bool = True
    about: Sequence[str] = ()
    shown: Sequence[str] = ()
    earlier: Sequence[str] = ()
    history: Sequence[Interaction] = ()
    liked: Sequence[str] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    segment: str | None = None
    seed: str = ""


@dataclass(frozen=True)
class Explanation:
    """All that an auditor needs to know about one item's place.

    factors: strongest first. rule: the rule of the customer's state that applied; None without one. place: from 1.
    """

    item_id: str
    place: int
    factors: tuple[Factor, ...]
    rule: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "item": self.item_id,
            "place": self.place,
            "factors": [factor.to_dict() for factor in self.factors],
            "rule": self.rule,
        }


@dataclass(frozen=True)
class Choice:
    """How the order of a slate was chosen.

    policy: name and version. propensity: the chance, in (0, 1], that this policy shows this order in this context.
    context: the numbers it looked at. arms: the numbers of each item that it considered, shown or not, by id, in the
    ranking's order. shown: ids, best first. explored: whether it tried something.
    """

    policy: str
    propensity: float = 1.0
    context: tuple[float, ...] = ()
    arms: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    explored: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "policy": self.policy,
            "propensity": self.propensity,
            "context": list(self.context),
            # A list of pairs: the order counts, and a JSON object promises none.
            "arms": [[item_id, list(numbers)] for item_id, numbers in self.arms.items()],
            "shown": list(self.shown),
            "explored": self.explored,
        }


@dataclass(frozen=True)
class Slate:
    """The answer: suggestions, best first, each with its explanation, and how they were chosen.

    note: what a caller may have to say when there is none: "not_offered", "nothing_found", "nothing_cheaper" (than
    `price`, in `currency`), "other_currency" (the words name one that nothing is sold in).
    """

    suggestions: tuple[Suggestion, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    choice: Choice | None = None
    note: str | None = None
    price: Decimal | None = None
    currency: str | None = None
