"""What makes paying or waiting easier: the same for everyone who asks, by facts of the contract alone. Pure.

Nothing that was sensed can be given to it, so that nobody has to be upset, or to allow anything, to get it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

INSTALMENTS_FROM: Final = Decimal(100)
INSTALMENT_PARTS: Final = (3, 6, 12)
INVOICE_MOVED_DAYS: Final = 30
LATE_FROM_DAYS: Final = 3
GOODWILL_PERCENT: Final = 5
GOODWILL_AT_MOST: Final = Decimal(20)
_CENT: Final = Decimal("0.01")


class ReliefKind(Enum):
    """One way to make it easier."""

    INSTALMENTS = "instalments"
    LATER_INVOICE = "later invoice"
    PAUSE = "pause"
    DOWNGRADE = "downgrade"
    GOODWILL = "goodwill"


@dataclass(frozen=True)
class PlanFacts:
    """A service plan. active: it runs, and is not paused or cancelled. has_lower_tier: there is a smaller one."""

    active: bool
    cancelled: bool
    has_lower_tier: bool


@dataclass(frozen=True)
class ContractFacts:
    """All that relief may depend on. total: of the order, in the shop's currency; None without one.

    invoice_moved, goodwill_given: each is had once for an order. days_late: after the promised day, 0 or more.
    """

    total: Decimal | None = None
    paid: bool = False
    invoice_moved: bool = False
    days_late: int = 0
    goodwill_given: bool = False
    plan: PlanFacts | None = None


@dataclass(frozen=True)
class Relief:
    """One option. amount: what comes back, for goodwill."""

    kind: ReliefKind
    words: str
    amount: Decimal | None = None


def relief_options(facts: ContractFacts) -> Sequence[Relief]:
    """Every option that these facts give, in the order of ReliefKind."""
    options = []
    if facts.total is not None and not facts.paid:
        if facts.total >= INSTALMENTS_FROM:
            options.append(Relief(ReliefKind.INSTALMENTS, _RULES[ReliefKind.INSTALMENTS]))
        if not facts.invoice_moved:
            options.append(Relief(ReliefKind.LATER_INVOICE, _RULES[ReliefKind.LATER_INVOICE]))
    if facts.plan is not None and facts.plan.active:
        options.append(Relief(ReliefKind.PAUSE, _RULES[ReliefKind.PAUSE]))
    if facts.plan is not None and not facts.plan.cancelled and facts.plan.has_lower_tier:
        options.append(Relief(ReliefKind.DOWNGRADE, _RULES[ReliefKind.DOWNGRADE]))
    if facts.total is not None and facts.days_late >= LATE_FROM_DAYS and not facts.goodwill_given:
        share = (facts.total * GOODWILL_PERCENT / 100).quantize(_CENT, rounding=ROUND_HALF_UP)
        options.append(Relief(ReliefKind.GOODWILL, _RULES[ReliefKind.GOODWILL], min(share, GOODWILL_AT_MOST)))
    return tuple(options)


def relief_rules() -> Sequence[tuple[ReliefKind, str]]:
    """Every option in words, for papers and people."""
    return tuple(_RULES.items())


_PARTS: Final = f"{', '.join(str(parts) for parts in INSTALMENT_PARTS[:-1])} or {INSTALMENT_PARTS[-1]}"
_RULES: Final = {
    ReliefKind.INSTALMENTS: f"Orders from {INSTALMENTS_FROM} euros can be paid in {_PARTS} monthly parts, without "
    "interest or fee.",
    ReliefKind.LATER_INVOICE: f"An invoice can be moved by {INVOICE_MOVED_DAYS} days once, without a fee.",
    ReliefKind.PAUSE: "A service plan that runs can be paused.",
    ReliefKind.DOWNGRADE: "A service plan can be changed to the next smaller one.",
    ReliefKind.GOODWILL: f"For a parcel that is {LATE_FROM_DAYS} days late or more, {GOODWILL_PERCENT} percent of the "
    f"order come back, {GOODWILL_AT_MOST} euros at most, once.",
}
