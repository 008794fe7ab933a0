"""What suggestions never do to anybody, under any rules: by property, and over generated turns of the demo shop."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from recommender import OnnxEncoder, Recommender, load_rules
from recommender.evaluation.turns import generated_requests, run_turns
from recommender.ranking import Order, Rule, Rules, arrange, costs_no_more, is_distressed, violations
from recommender.slate import Candidate, Request
from shop import generate_catalogue
from tests.recommender.fakes import item, state
from tests.redlines.suggestions import moments
from vocabulary import Item, Relation, RelationKind, StateName

RULES = Path(__file__).resolve().parents[2] / "data" / "suggestions.toml"
Moment = tuple[list[Candidate], Request, list[Item], Rules]


@settings(max_examples=150, deadline=None)
@given(moments())
def test_no_rules_whatever_cross_a_red_line(moment: Moment) -> None:
    found, request, case, rules = moment
    made = arrange(found, request, rules, case=case)
    catalogue = {candidate.item.id: candidate.item for candidate in found}
    assert violations(made.shown, made.neutral, request, case=case, catalogue=catalogue) == []


@settings(max_examples=150, deadline=None)
@given(moments())
def test_the_shop_s_own_rules_cross_none_either(moment: Moment) -> None:
    found, request, case, _ = moment
    made = arrange(found, request, load_rules(RULES), case=case)
    catalogue = {candidate.item.id: candidate.item for candidate in found}
    assert violations(made.shown, made.neutral, request, case=case, catalogue=catalogue) == []


@settings(max_examples=50, deadline=None)
@given(moments())
def test_without_a_state_every_rule_is_as_if_it_were_not_there(moment: Moment) -> None:
    found, request, case, rules = moment
    calm = replace(request, state=None)
    assert arrange(found, calm, rules, case=case) == arrange(found, calm, replace(rules, states=()), case=case)


@settings(max_examples=50, deadline=None)
@given(moments())
def test_nothing_where_nothing_may_be_offered_and_never_more_than_asked(moment: Moment) -> None:
    found, request, case, rules = moment
    assert arrange(found, replace(request, offers_allowed=False), rules, case=case).shown == ()
    assert len(arrange(found, request, rules, case=case).shown) <= max(request.limit, 0)
    assert len(arrange(found, request, rules, 2, case=case).shown) <= 2


@settings(max_examples=50, deadline=None)
@given(moments())
def test_nothing_is_tried_with_the_distressed_or_around_one_choice(moment: Moment) -> None:
    found, request, case, rules = moment
    made = arrange(found, request, rules, case=case)
    one_choice = made.rule is not None and made.rule.at_most == 1
    if is_distressed(request.state) or one_choice:
        assert not made.is_open


@settings(max_examples=50, deadline=None)
@given(moments())
def test_the_order_of_what_was_found_does_not_matter(moment: Moment) -> None:
    found, request, case, rules = moment
    assert arrange(found, request, rules, case=case) == arrange(found[::-1], request, rules, case=case)


CASE_ITEM = item("case", "Case", "40")
PART = Candidate(item("part", "Part", "6"), 0.4, bond=Relation(RelationKind.SPARE_PART_OF, "case"))
DEAR = Candidate(item("dear", "Dear", "90"), 1.5)
CHEAP = Candidate(item("cheap", "Cheap", "20"), 1.0)
SHOP = {one.id: one for one in (CASE_ITEM, PART.item, DEAR.item, CHEAP.item)}


@pytest.mark.parametrize(
    ("shown", "request_", "words"),
    [
        ([DEAR], Request(limit=3, state=state(70), about=("case",)), "dearer than case"),
        ([DEAR, CHEAP], Request(limit=1), "asked for"),
        ([DEAR], Request(limit=3, offers_allowed=False), "not allowed"),
        ([CHEAP, CHEAP], Request(limit=3), "twice"),
        ([Candidate(replace(CHEAP.item, price=PART.item.price), 1.0)], Request(limit=3), "not the catalogue's"),
        ([CHEAP, PART], Request(limit=3, state=state(70), about=("case",)), ""),
        ([CHEAP], Request(limit=3, state=state(10), about=("case",)), ""),
    ],
)
def test_a_crossed_line_is_seen(shown: list[Candidate], request_: Request, words: str) -> None:
    """The judge itself can say no: each list breaks one line, the last two none."""
    found = violations(shown, [DEAR, CHEAP, PART], request_, case=[CASE_ITEM], catalogue=SHOP)
    assert any(words in one for one in found) if words else found == []


def test_a_dearer_item_that_a_state_brings_forward_is_seen() -> None:
    neutral = [CHEAP, DEAR]
    crossed = violations([DEAR, CHEAP], neutral, Request(limit=3, state=state(10)), catalogue=SHOP)
    assert crossed == ["dear stands before the cheaper cheap"]
    assert violations([DEAR, CHEAP], neutral, Request(limit=3), catalogue=SHOP) == []


def test_a_cheaper_item_that_makes_way_for_a_dearer_one_is_seen() -> None:
    twenty, thirty = CHEAP, Candidate(item("thirty", "Thirty", "30"), 0.9)
    shop = {one.item.id: one.item for one in (twenty, thirty)}
    request = Request(limit=1, state=state(70))
    assert sorted(violations([thirty], [twenty, thirty], request, catalogue=shop)) == [
        "thirty is dearer than cheap",
        "thirty is shown instead of cheap",
    ]


def test_a_rule_that_wants_the_dear_one_first_in_distress_does_not_get_it() -> None:
    greedy = Rule(
        "greedy",
        "words",
        states=frozenset(StateName),
        first={RelationKind.ACCESSORY_OF: 2.0},
        leave_out=frozenset({RelationKind.SPARE_PART_OF}),
    )
    extra = Candidate(item("extra", "Extra", "39"), 0.9, bond=Relation(RelationKind.ACCESSORY_OF, "case"))
    request = Request(limit=3, state=state(60, StateName.FRUSTRATED), about=("case",))
    part = replace(PART, relevance=1.0)
    made = arrange([part, extra], request, Rules(order=Order(), states=(greedy,)), case=[CASE_ITEM])
    assert [one.item.id for one in made.shown] == ["part", "extra"]


def test_prices_of_two_currencies_are_never_called_cheaper() -> None:
    euro, dollar, unknown = item("e", "E", "5"), replace(item("d", "D", "1"), currency="USD"), item("u", "U", "1")
    unknown = replace(unknown, price=None)
    assert not costs_no_more(dollar, euro) and not costs_no_more(euro, dollar)
    assert costs_no_more(euro, unknown) and not costs_no_more(unknown, euro) and costs_no_more(unknown, unknown)


def test_generated_turns_of_the_demo_shop_cross_no_line(encoder_dir: Path, tmp_path: Path) -> None:
    """A few hundred of the turns that `attune recommend evaluate --emotion --turns 10000` runs."""
    items, rules = generate_catalogue(), load_rules(RULES)
    encoder, every = (
        OnnxEncoder(encoder_dir),
        replace(rules, order=replace(rules.order, close=0.0, one_per_model=False)),
    )
    ask = Recommender.open(tmp_path, encoder, items=items, rules=rules).recommend
    neutral = Recommender.open(tmp_path, encoder, items=items, rules=every).recommend
    report = run_turns(generated_requests(items, 300), ask, neutral, items)
    assert report.examples == () and report.crossed == 0
    assert report.turns == 300 and report.distressed > 50 and report.shown > 200
    assert set(report.rules) == {rule.name for rule in rules.states}
