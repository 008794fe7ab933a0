"""What each state changes in a list, by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.ranking import Order, Rule, Rules, arrange, load_rules
from recommender.slate import Candidate, FactorKind, Request
from tests.recommender.fakes import item, state
from vocabulary import Item, Relation, RelationKind, StateName

RULES = load_rules(Path(__file__).resolve().parents[3] / "data" / "suggestions.toml")
PLAIN = replace(RULES, order=Order(taste=0.0, liked=0.05))
CASE = item("kettle", "Kettle", "40", type="kettle")


def bound(item_id: str, price: str, kind: RelationKind, relevance: float, **attributes: str) -> Candidate:
    thing = item(item_id, item_id.title(), price, relations=[(kind, "kettle")], **attributes)
    return Candidate(thing, relevance, bond=Relation(kind, "kettle"))


PART = bound("part", "6", RelationKind.SPARE_PART_OF, 0.9)
SERVICE = bound("service", "5", RelationKind.SERVICE_PLAN_FOR, 0.7, type="maintenance service")
PLAN = bound("plan", "12", RelationKind.SERVICE_PLAN_FOR, 0.75, type="protection plan")
EXTRA = bound("extra", "20", RelationKind.ACCESSORY_OF, 0.8)
RIVAL = Candidate(item("rival", "Rival", "39"), 1.2)
DEAR = Candidate(item("dear", "Dear", "95"), 1.3)
ALL = [DEAR, RIVAL, EXTRA, PLAN, SERVICE, PART]


def shown(name: StateName | None, frustration: float = 20, *, about: bool = True, found: list[Candidate] = ALL) -> str:
    case: list[Item] = [CASE] if about else []
    request = Request(
        limit=6, state=None if name is None else state(frustration, name), about=tuple(one.id for one in case)
    )
    return " ".join(one.item.id for one in arrange(found, request, PLAIN, case=case).shown)


def test_without_a_state_the_best_matches_are_shown_down_to_the_floor() -> None:
    # .6 of 1.3 is .78: plan (.75) and service (.7) are below it.
    assert shown(None) == "dear rival part extra"
    assert shown(StateName.CALM) == shown(None)


def test_the_frustrated_see_help_first_and_nothing_dearer_than_their_own() -> None:
    # The service (.7) comes onto the list and past the part; the rival (39) is dearer than what stands before it.
    assert shown(StateName.FRUSTRATED) == "rival service part extra"
    assert shown(StateName.CALM, 60) == shown(StateName.FRUSTRATED), "the level alone is enough"


def test_the_overwhelmed_see_one_thing() -> None:
    assert len(shown(StateName.STRESSED).split()) == 1
    assert shown(StateName.CALM, 40) == shown(StateName.STRESSED)


def test_the_relieved_see_one_or_two_things_that_go_with_theirs() -> None:
    assert shown(StateName.RELIEVED) == "extra plan"
    assert "dear" not in shown(StateName.RELIEVED, found=[DEAR, RIVAL])


def test_the_unsure_see_what_takes_the_risk_away_first_where_it_costs_no_more() -> None:
    # The plan (12) may not pass the part (6), whatever its points; the extra (20) it may.
    assert shown(StateName.UNSURE) == "dear rival part plan service extra"
    without_case = [
        DEAR,
        Candidate(item("cover", "Cover", "9", relations=[(RelationKind.SERVICE_PLAN_FOR, "dear")]), 0.6),
    ]
    assert shown(StateName.UNSURE, about=False, found=without_case) == "dear cover"
    assert shown(None, about=False, found=without_case) == "dear"


def test_the_confident_see_colours_and_sizes() -> None:
    red = Candidate(item("red", "Red", "39", model="Rival"), 1.19)
    blue = Candidate(item("blue", "Blue", "39", model="Rival"), 1.18)
    assert shown(StateName.CONFIDENT, found=[red, blue]) == "red blue"
    assert shown(StateName.CALM, found=[red, blue]) == "red"


def test_relieved_customers_at_a_high_level_are_helped_first() -> None:
    assert shown(StateName.RELIEVED, 80) == shown(StateName.FRUSTRATED, 80)


def test_a_rule_may_be_for_cases_only() -> None:
    rule = Rule("x", "x", states=frozenset({StateName.UNSURE}), case=True, at_most=1)
    rules = Rules(states=(rule,))
    for case, count in (([CASE], 1), ([], 2)):
        request = Request(limit=5, state=state(0, StateName.UNSURE))
        assert len(arrange([RIVAL, DEAR], request, rules, case=case).shown) == count


def test_taste_moves_what_behaviour_fits_and_says_so() -> None:
    liked = replace(RIVAL, affinity=1.0)
    made = arrange([DEAR, liked], Request(limit=2), Rules(order=Order(taste=0.25)))
    assert [one.item.id for one in made.shown] == ["rival", "dear"]
    assert made.shown[0].score == pytest.approx(1.45)
    assert [factor.kind for factor in made.shown[0].factors] == [FactorKind.BEHAVIOUR]


def test_a_liked_category_passes_a_near_neighbour_that_is_not_cheaper() -> None:
    tea = Candidate(replace(item("tea", "Tea", "39"), category="Tea"), 1.17)
    dear_tea = replace(tea, item=replace(tea.item, price=DEAR.item.price))
    far = replace(tea, relevance=1.1)
    rules, request = Rules(), Request(limit=2, liked=("Tea",))
    for candidate, first in ((tea, "tea"), (dear_tea, "rival"), (far, "rival")):
        assert arrange([RIVAL, candidate], request, rules).shown[0].item.id == first


def test_variety_brings_another_kind_between_two_of_the_same() -> None:
    one, same = (Candidate(item(name, name, "10", type="kettle"), score) for name, score in (("a", 1.0), ("b", 0.95)))
    other = Candidate(replace(item("c", "c", "10", type="lamp"), category="Lamps"), 0.9)
    request = Request(limit=3)

    def ids(variety: float, vectors: np.ndarray | None = None) -> str:
        made = arrange([one, same, other], request, Rules(order=Order(variety=variety)), vectors=vectors)
        return "".join(candidate.item.id for candidate in made.shown)

    assert ids(0.0) == "abc"
    assert ids(0.2) == "acb"
    # By their vectors, a and c are the same instead.
    vectors = np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    assert ids(0.2, vectors) == "abc" and ids(0.04, np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)) == "abc"


def test_popularity_is_held_down_by_novelty() -> None:
    known = replace(RIVAL, popularity=1.0)
    made = arrange([known, replace(EXTRA, relevance=1.15)], Request(limit=2), Rules(order=Order(novelty=0.1)))
    assert [one.item.id for one in made.shown] == ["extra", "rival"]


def test_nothing_found_gives_nothing_in_every_state() -> None:
    for name in StateName:
        assert shown(name, found=[]) == ""


def test_many_candidates_are_ordered_quickly_and_the_bound_ones_are_never_lost() -> None:
    many = [Candidate(item(f"i{number}", f"I {number}", "30"), 1.0 - number / 5000) for number in range(3000)]
    made = arrange([*many, PART], Request(limit=6, state=state(70), about=("kettle",)), PLAIN, case=[CASE])
    assert "part" in [one.item.id for one in made.neutral]
    assert len(made.ordered) <= 120
