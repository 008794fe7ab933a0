"""What an item costs: the list price and published rules of segment, stock and time. It knows nothing else.

No customer, no conversation and nothing that was sensed can be given to it: Facts takes no such value, the rules' file
no such condition, and this module imports nothing of ours.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("pricing.toml")
_CENT: Final = Decimal("0.01")
_MOST_PERCENT: Final = 50


class PricingError(ValueError):
    """A price is asked with impossible facts, or the rules' file cannot be used."""

    code = "pricing"


class Segment(Enum):
    """Whom a rule is for. Set by a person in the customer's contract, never by a model."""

    EVERYONE = "everyone"
    BUSINESS = "business"


@dataclass(frozen=True)
class Facts:
    """All that a price may depend on. list_price: two decimals. stock: pieces. on: the day. Raises: PricingError."""

    list_price: Decimal
    segment: Segment
    stock: int
    on: date

    def __post_init__(self) -> None:
        # Exact types: a level of 0 to 100 is a float, a mode is a string, a bool is no number of pieces.
        right = type(self.list_price) is Decimal and type(self.segment) is Segment
        if not (right and type(self.stock) is int and type(self.on) is date):
            raise PricingError("a price needs a Decimal, a Segment, a whole number of pieces and a date.")
        if not self.list_price.is_finite() or self.list_price < 0 or self.stock < 0:
            raise PricingError(f"list price {self.list_price} with {self.stock} pieces; expected neither below 0.")


@dataclass(frozen=True)
class Rule:
    """One published rule. percent: how much less. None: the rule does not look at this."""

    name: str
    words: str
    percent: int
    segment: Segment | None = None
    stock_at_least: int | None = None
    first: date | None = None
    last: date | None = None

    def applies(self, facts: Facts) -> bool:
        """Whether all that the rule asks for is there."""
        return (
            (self.segment is None or self.segment is facts.segment)
            and (self.stock_at_least is None or facts.stock >= self.stock_at_least)
            and (self.first is None or facts.on >= self.first)
            and (self.last is None or facts.on <= self.last)
        )


@dataclass(frozen=True)
class Price:
    """What an item costs. rule: the published rule that made it less than the list price; None without one."""

    amount: Decimal
    list_price: Decimal
    rule: Rule | None


def price(facts: Facts, rules: Sequence[Rule] | None = None) -> Price:
    """The price under these rules, the shop's own by default. The best rule that applies counts, once."""
    applying = [rule for rule in (pricing_rules() if rules is None else rules) if rule.applies(facts)]
    best = max(applying, key=lambda rule: (rule.percent, rule.name), default=None)
    factor = Decimal(100 - (best.percent if best else 0)) / 100
    return Price((facts.list_price * factor).quantize(_CENT, rounding=ROUND_HALF_UP), facts.list_price, best)


@cache
def pricing_rules() -> tuple[Rule, ...]:
    """The shop's published rules. Raises: PricingError."""
    return read_rules(_FILE.read_text(encoding="utf-8"))


def read_rules(text: str) -> tuple[Rule, ...]:
    """Rules from the file's text. A condition that the file's head does not name is refused. Raises: PricingError."""
    try:
        raw = tomllib.loads(text)
        rules = tuple(_rule(entry) for entry in raw.pop("rule", []))
    except (tomllib.TOMLDecodeError, AttributeError, TypeError, KeyError, ValueError) as err:
        if isinstance(err, PricingError):
            raise
        raise PricingError(f"the rules of prices cannot be read ({type(err).__name__}); see the file's head.") from None
    if raw or len({rule.name for rule in rules}) < len(rules):
        raise PricingError("the rules of prices hold something beside [[rule]], or a name twice; see the file's head.")
    return rules


def _rule(entry: Mapping[str, Any]) -> Rule:
    left = dict(entry)
    segment = left.pop("segment", None)
    rule = Rule(
        name=left.pop("name"),
        words=left.pop("words"),
        percent=left.pop("percent"),
        segment=None if segment is None else Segment(segment),
        stock_at_least=left.pop("stock_at_least", None),
        first=left.pop("from", None),
        last=left.pop("until", None),
    )
    if left:
        raise PricingError(f"a price may not depend on {', '.join(sorted(left))}; expected segment, stock and time.")
    texts = type(rule.name) is str and type(rule.words) is str and rule.name.strip() and rule.words.strip()
    days = all(day is None or type(day) is date for day in (rule.first, rule.last))
    stock = rule.stock_at_least is None or (type(rule.stock_at_least) is int and rule.stock_at_least >= 0)
    if not (texts and days and stock and type(rule.percent) is int and 0 < rule.percent <= _MOST_PERCENT):
        raise PricingError(f"rule {rule.name!r}: expected words, 1 to {_MOST_PERCENT} percent, pieces and dates.")
    return rule
