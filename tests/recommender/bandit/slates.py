"""Candidates, choices and outcomes that the bandit's tests share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from recommender import Bandit, Candidate, Factor, FactorKind, Outcome, Request
from vocabulary import CustomerState, Item, StateName

AT = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)


def item(number: int, price: str | None = None, category: str = "Kettles") -> Item:
    cost = Decimal(price) if price else Decimal(10 + number)
    return Item(f"item-{number}", f"Thing {number}", "", category, cost, 3, {})


def candidates(count: int, prices: Sequence[str] = (), step: float = 0.05) -> list[Candidate]:
    """Best first, each a little less relevant than the one before."""
    return [
        Candidate(
            item(number, prices[number] if prices else None),
            1.0 - step * number,
            factors=(Factor(FactorKind.MEANING, 1.0 - step * number),),
            score=1.0 - step * number,
        )
        for number in range(count)
    ]


def state(frustration: float = 10.0, name: StateName = StateName.CALM) -> CustomerState:
    return CustomerState(frustration, 0.0, name, 0.9, 2)


def request(seed: str = "", **changes: object) -> Request:
    return replace(Request(state=state(), at=AT, seed=seed), **changes)  # type: ignore[arg-type]


def outcomes(
    bandit: Bandit, count: int, wanted: str, *, calm: float | None = None, prefix: str = "s", limit: int = 3
) -> list[Outcome]:
    """What comes of slates to people who buy one item wherever they see it."""
    found = []
    for number in range(count):
        _, choice = bandit.choose(candidates(limit + 2), request(f"{prefix}{number}"), limit)
        assert choice is not None
        found.append(Outcome(choice, {wanted: 1.0} if wanted in choice.shown else {}, calm))
    return found
