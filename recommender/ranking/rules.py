"""The rules of suggestions as data: how lists are ordered for everybody, and what a customer's state changes.

A rule may leave out, put first and shorten; it has no words for prices. What no rule may do is kept by `redlines`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from recommender.bandit.settings import BanditSettings
from vocabulary import CustomerState, RelationKind, StateName

MOST_RAISED: Final = 2.0
"""Relevance goes up to about 2: more than that would put anything first, whatever was asked."""
MOST_SHOWN: Final = 20

HELP: Final = frozenset({RelationKind.SPARE_PART_OF, RelationKind.REPLACEMENT_FOR, RelationKind.SERVICE_PLAN_FOR})
"""What gets a thing to work again, or keeps it working."""


class PriceBound(StrEnum):
    """Up to which price a rule shows anything.

    case: the cheapest item that the case is about; without a case the best match. best: the best match.
    """

    CASE = "case"
    BEST = "best"


@dataclass(frozen=True)
class Order:
    """How every list is ordered, whatever the customer's state. All in points of relevance unless said otherwise.

    taste: what the best fit to the customer's own behaviour adds. liked: how much better a neighbour may be that a
    liked category still passes, if it is not dearer. popular: what the most popular item gains. novelty: what the most
    popular item loses, so that the same few things do not fill every list. variety: what an item loses that is the
    same as one before it. close: share of the best match's relevance that anything shown must reach, 0 to 1.
    one_per_model: further colours and sizes of a model are left out.
    """

    taste: float = 0.25
    liked: float = 0.05
    popular: float = 0.0
    novelty: float = 0.0
    variety: float = 0.0
    close: float = 0.6
    one_per_model: bool = True


@dataclass(frozen=True)
class Rule:
    """What a state changes. The first rule of the file that applies is the only one.

    words: what it is for, in plain sentences; staff and auditors read them. It applies in one of `states`, or from
    `frustration_from` (0 to 100; None: at no level). case: only with (True) or without (False) items that the case is
    about; None: both. The anchor is the item of the case, without one the best match.
    first: points of relevance for what has such a relation to the anchor. facts: points for items with such an
    attribute ("guarantee"), or with this value of it ("type: maintenance service"). cheap: points that something for
    nothing would gain; what costs as much as the best match, or more, gains none. only: where the case has anything so
    related, nothing else is shown. leave_out: what is so related to the case is not shown. at_most: so many are shown;
    None: as many as asked for. no_dearer_than: nothing above this price is shown. direct: variety does not count, the
    best matches stand as they are. variants: colours and sizes of one model are shown each.
    """

    name: str
    words: str
    states: frozenset[StateName] = frozenset()
    frustration_from: float | None = None
    case: bool | None = None
    first: Mapping[RelationKind, float] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)
    only: frozenset[RelationKind] = frozenset()
    leave_out: frozenset[RelationKind] = frozenset()
    at_most: int | None = None
    no_dearer_than: PriceBound | None = None
    cheap: float = 0.0
    direct: bool = False
    variants: bool = False

    def applies(self, state: CustomerState, has_case: bool) -> bool:
        """Whether this rule is for a customer in this state, with or without items that the case is about."""
        raised = self.frustration_from is not None and state.frustration >= self.frustration_from
        return (raised or state.name in self.states) and self.case in (None, has_case)

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "words": self.words,
            "states": sorted(state.value for state in self.states),
            "frustration_from": self.frustration_from,
            "case": self.case,
            "first": {kind.value: points for kind, points in self.first.items()},
            "facts": dict(self.facts),
            "only": sorted(kind.value for kind in self.only),
            "leave_out": sorted(kind.value for kind in self.leave_out),
            "at_most": self.at_most,
            "no_dearer_than": self.no_dearer_than.value if self.no_dearer_than else None,
            "cheap": self.cheap,
            "direct": self.direct,
            "variants": self.variants,
        }


@dataclass(frozen=True)
class Rules:
    """The whole file. version: a fingerprint of its text; "none" for rules that come from no file."""

    order: Order = field(default_factory=Order)
    bandit: BanditSettings = field(default_factory=BanditSettings)
    states: tuple[Rule, ...] = ()
    version: str = "none"

    def rule_for(self, state: CustomerState | None, has_case: bool) -> Rule | None:
        """The first rule that applies; None without a state, and where none does."""
        if state is None:
            return None
        return next((rule for rule in self.states if rule.applies(state, has_case)), None)
