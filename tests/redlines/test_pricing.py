"""A price cannot know how anybody feels: by its type, by what it imports, by its rules' file, and by property."""

import ast
import sys
import typing
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import ContractFacts
from shop import Facts, PricingError, Rule, Segment, price, pricing_rules
from shop.pricing import read_rules
from shop.seeding import _priced
from tests.redlines.type_check import refused_by_types
from vocabulary import Item

ROOT = Path(__file__).resolve().parent.parent.parent
PLAIN = {Decimal, int, bool, date, type(None)}

facts = st.builds(
    Facts,
    list_price=st.decimals(0, 10_000, places=2),
    segment=st.sampled_from(Segment),
    stock=st.integers(0, 10_000),
    on=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
rules = st.lists(
    st.builds(
        Rule,
        name=st.uuids().map(str),
        words=st.just("words"),
        percent=st.integers(1, 50),
        segment=st.none() | st.sampled_from(Segment),
        stock_at_least=st.none() | st.integers(0, 100),
        first=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
        last=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    ),
    max_size=5,
)


def test_type_checker_refuses_whatever_comes_from_a_feeling() -> None:
    """Each line alone is wrong for the type checker; the last one is right, so that the check itself can fail."""
    head = """
from datetime import date
from decimal import Decimal
from shop.pricing import Facts, Segment, price
from vocabulary.decision import Decision, Mode
from vocabulary.emotion import Emotion
from vocabulary.state import CustomerState

def quote(state: CustomerState, emotion: Emotion, decision: Decision, mode: Mode) -> None:
    right = Facts(list_price=Decimal(10), segment=Segment.EVERYONE, stock=3, on=date(2026, 1, 1))
"""
    wrong = [
        "price(state)",
        "price(right, state)",
        "price(right, frustration=state.frustration)",
        "price(right, mode=mode)",
        "Facts(Decimal(10), Segment.EVERYONE, state.frustration, date(2026, 1, 1))",
        "Facts(Decimal(10), Segment.EVERYONE, 3, date(2026, 1, 1), emotion)",
        "Facts(Decimal(10), mode, 3, date(2026, 1, 1))",
        "Facts(Decimal(10), state.name, 3, date(2026, 1, 1))",
        "Facts(state.frustration, Segment.EVERYONE, 3, date(2026, 1, 1))",
        "Facts(Decimal(10), decision, 3, date(2026, 1, 1))",
        "Facts(Decimal(10), Segment.EVERYONE, 3, state.since)",
        "right.frustration",
    ]
    assert refused_by_types(head, [*wrong, "price(right)"]) == [True] * len(wrong) + [False]


@pytest.mark.parametrize("kind", [Facts, ContractFacts])
def test_facts_hold_numbers_days_and_fixed_choices_alone(kind: type) -> None:
    """No text and no mapping, through which anything could come in; followed through every type inside."""
    seen, waiting = set(), [kind]
    while waiting:
        one = waiting.pop()
        if one in seen or one in PLAIN:
            continue
        seen.add(one)
        if is_dataclass(one):
            for part in typing.get_type_hints(one).values():
                waiting += [*typing.get_args(part)] or [part]
        else:
            assert one is Segment, f"{one} may not be part of {kind.__name__}"
    assert {part.name for part in fields(Facts)} == {"list_price", "segment", "stock", "on"}


@pytest.mark.parametrize("module", ["shop/pricing.py", "journey/relief.py"])
def test_it_imports_nothing_that_could_know(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names and names <= sys.stdlib_module_names
    assert not names & {"importlib", "os", "sys", "builtins"}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"eval", "exec", "__import__", "globals", "open", "getattr"}


@given(facts, rules)
def test_price_follows_from_its_facts_and_published_rules(asked: Facts, published: list[Rule]) -> None:
    made = price(asked, published)
    assert made == price(asked, list(reversed(published)))
    assert Decimal(0) <= made.amount <= asked.list_price + Decimal("0.005")
    applying = [rule.percent for rule in published if rule.applies(asked)]
    assert (made.rule.percent if made.rule else 0) == max(applying, default=0)


@given(facts)
def test_consumers_pay_the_list_price_under_the_shop_s_own_rules(asked: Facts) -> None:
    made = price(asked)
    if asked.segment is Segment.EVERYONE:
        assert made.amount == asked.list_price and made.rule is None
    else:
        assert made.rule in pricing_rules()


def test_prices_by_hand() -> None:
    sale = Rule("sale", "Last days", 25, stock_at_least=10, first=date(2026, 1, 5), last=date(2026, 1, 6))
    small = Rule("small", "Always", 10)

    def at(stock: int, day: int) -> Decimal:
        return price(Facts(Decimal("19.99"), Segment.EVERYONE, stock, date(2026, 1, day)), [small, sale]).amount

    assert (at(10, 5), at(9, 5), at(10, 4), at(10, 6), at(10, 7)) == tuple(
        Decimal(text) for text in ("14.99", "17.99", "17.99", "14.99", "17.99")
    )


def test_catalogue_is_written_with_these_prices() -> None:
    item = Item("kettle", "Kettle", "Boils.", "Kettles", Decimal("20.00"), 5, {})
    assert _priced(item, date(2026, 1, 1)) == item


@pytest.mark.parametrize(
    "values",
    [
        (10.0, Segment.EVERYONE, 1, date(2026, 1, 1)),
        (Decimal("NaN"), Segment.EVERYONE, 1, date(2026, 1, 1)),
        (Decimal(-1), Segment.EVERYONE, 1, date(2026, 1, 1)),
        (Decimal(1), "frustrated", 1, date(2026, 1, 1)),
        (Decimal(1), Segment.EVERYONE, 70.5, date(2026, 1, 1)),
        (Decimal(1), Segment.EVERYONE, True, date(2026, 1, 1)),
        (Decimal(1), Segment.EVERYONE, -1, date(2026, 1, 1)),
        (Decimal(1), Segment.EVERYONE, 1, "2026-01-01"),
    ],
)
def test_what_the_type_checker_does_not_see_is_refused_when_it_runs(values: tuple[object, ...]) -> None:
    with pytest.raises(PricingError):
        Facts(*values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "condition",
    ["frustration_above = 55", 'mode = "no_sell"', 'emotion = "anger"', "arousal = 0.3", 'customer = "p_1"'],
)
def test_rules_file_cannot_name_a_feeling(condition: str) -> None:
    with pytest.raises(PricingError, match="may not depend on"):
        read_rules(f'[[rule]]\nname = "x"\nwords = "y"\npercent = 5\n{condition}\n')


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "other = 1",
        '[[rule]]\nname = "x"\nwords = "y"\npercent = 90',
        '[[rule]]\nname = "x"\nwords = ""\npercent = 5',
        '[[rule]]\nname = "x"\npercent = 5',
        '[[rule]]\nname = "x"\nwords = "y"\npercent = 5\nsegment = "angry"',
        '[[rule]]\nname = "x"\nwords = "y"\npercent = 5\nfrom = "soon"',
        '[[rule]]\nname = "x"\nwords = "y"\npercent = 5\n[[rule]]\nname = "x"\nwords = "y"\npercent = 5',
        "rule = 3",
    ],
)
def test_rules_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(PricingError):
        read_rules(text)
