"""Relief by facts of the contract alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import ContractFacts, PlanFacts, ReliefKind, relief_options, relief_rules

plans = st.builds(PlanFacts, active=st.booleans(), cancelled=st.booleans(), has_lower_tier=st.booleans())
contracts = st.builds(
    ContractFacts,
    total=st.none() | st.decimals(0, 5000, places=2),
    paid=st.booleans(),
    invoice_moved=st.booleans(),
    days_late=st.integers(0, 60),
    goodwill_given=st.booleans(),
    plan=st.none() | plans,
)


def kinds(facts: ContractFacts) -> list[ReliefKind]:
    return [option.kind for option in relief_options(facts)]


ORDER = ContractFacts(total=Decimal("120.00"))
RUNNING = PlanFacts(active=True, cancelled=False, has_lower_tier=True)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (ContractFacts(), []),
        (ORDER, [ReliefKind.INSTALMENTS, ReliefKind.LATER_INVOICE]),
        (replace(ORDER, total=Decimal("99.99")), [ReliefKind.LATER_INVOICE]),
        (replace(ORDER, total=Decimal(100)), [ReliefKind.INSTALMENTS, ReliefKind.LATER_INVOICE]),
        (replace(ORDER, invoice_moved=True), [ReliefKind.INSTALMENTS]),
        (replace(ORDER, paid=True), []),
        (replace(ORDER, paid=True, days_late=2), []),
        (replace(ORDER, paid=True, days_late=3), [ReliefKind.GOODWILL]),
        (replace(ORDER, paid=True, days_late=30, goodwill_given=True), []),
        (ContractFacts(plan=RUNNING), [ReliefKind.PAUSE, ReliefKind.DOWNGRADE]),
        (ContractFacts(plan=replace(RUNNING, active=False)), [ReliefKind.DOWNGRADE]),
        (ContractFacts(plan=replace(RUNNING, has_lower_tier=False)), [ReliefKind.PAUSE]),
        (ContractFacts(plan=PlanFacts(active=False, cancelled=True, has_lower_tier=True)), []),
    ],
)
def test_who_gets_what(facts: ContractFacts, expected: list[ReliefKind]) -> None:
    assert kinds(facts) == expected


@pytest.mark.parametrize(("total", "back"), [("12.30", "0.62"), ("400", "20.00"), ("4000", "20"), ("0", "0.00")])
def test_goodwill_is_five_percent_and_twenty_euros_at_most(total: str, back: str) -> None:
    (option,) = relief_options(ContractFacts(total=Decimal(total), paid=True, days_late=9))
    assert option.amount == Decimal(back)


@given(contracts)
def test_the_same_facts_give_the_same_relief_and_every_option_is_a_published_one(facts: ContractFacts) -> None:
    options = relief_options(facts)
    assert options == relief_options(replace(facts))
    assert {(option.kind, option.words) for option in options} <= set(relief_rules())
    assert [option.kind for option in options] == [kind for kind in ReliefKind if kind in kinds(facts)]


@given(contracts, st.integers(1, 60))
def test_waiting_longer_never_takes_relief_away(facts: ContractFacts, more: int) -> None:
    assert set(kinds(facts)) <= set(kinds(replace(facts, days_late=facts.days_late + more)))


def test_every_kind_is_published() -> None:
    assert [kind for kind, _ in relief_rules()] == list(ReliefKind)
