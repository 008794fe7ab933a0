"""What the customer's state may change, and what it never may."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.ranking.order import Candidate, Manner, manner_for, rank
from tests.recommender.fakes import item, state
from vocabulary import Relation, RelationKind, StateName

KINDS = [None, *RelationKind]


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(KINDS))
        bond = Relation(kind, "case") if kind else None
        thing = item(
            f"i{number}",
            f"Thing {number}",
            str(draw(st.integers(1, 200))),
            relations=[(kind, "case")] if kind else [],
            model=f"m{draw(st.integers(0, 8))}",
        )
        found.append(Candidate(thing, draw(st.floats(0, 2)), bond if draw(st.booleans()) else None))
    return found


def order_of(shown: list[Candidate]) -> dict[str, int]:
    return {candidate.item.id: place for place, candidate in enumerate(shown)}


def calm_order(found: list[Candidate]) -> dict[str, int]:
    ordered = sorted(found, key=lambda candidate: (-candidate.relevance, candidate.item.id))
    return order_of(ordered)


@given(candidates(), st.lists(st.integers(1, 200).map(Decimal), max_size=2))
def test_distress_never_moves_a_dearer_item_ahead_of_a_cheaper_one(
    found: list[Candidate], prices_about: list[Decimal]
) -> None:
    before = calm_order(found)
    shown = rank(found, Manner.RELIEF, limit=10, prices_about=prices_about)
    for ahead, first in enumerate(shown):
        for second in shown[ahead + 1 :]:
            if first.item.price > second.item.price:
                assert before[first.item.id] < before[second.item.id]


@given(candidates(), st.lists(st.integers(1, 200).map(Decimal), max_size=2))
def test_distress_shows_nothing_dearer_than_what_it_is_about(
    found: list[Candidate], prices_about: list[Decimal]
) -> None:
    shown = rank(found, Manner.RELIEF, limit=10, prices_about=prices_about)
    if not found:
        assert shown == []
        return
    best = min(calm_order(found).items(), key=lambda pair: pair[1])[0]
    ceiling = min(prices_about) if prices_about else next(c.item.price for c in found if c.item.id == best)
    assert all(candidate.item.price <= ceiling for candidate in shown)


@given(candidates(), st.sampled_from(Manner), st.integers(1, 5))
def test_every_manner_shows_given_items_once_and_one_per_model(
    found: list[Candidate], manner: Manner, limit: int
) -> None:
    shown = rank(found, manner, limit=limit)
    assert all(candidate in found for candidate in shown)
    assert len({candidate.item.attributes["model"] for candidate in shown}) == len(shown)
    assert len(shown) <= (limit if manner is Manner.PLAIN else min(limit, 2))


@given(candidates(), st.randoms())
def test_the_order_of_the_catalogue_does_not_matter(found: list[Candidate], shuffle: object) -> None:
    mixed = list(found)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    for manner in Manner:
        assert rank(found, manner, limit=5) == rank(mixed, manner, limit=5)


def test_distress_helps_with_the_case_before_anything_else() -> None:
    part = Candidate(item("part", "Part", "6"), 0.4, Relation(RelationKind.SPARE_PART_OF, "case"))
    plan = Candidate(item("plan", "Plan", "12"), 0.3, Relation(RelationKind.SERVICE_PLAN_FOR, "case"))
    extra = Candidate(item("extra", "Extra", "20"), 0.9, Relation(RelationKind.ACCESSORY_OF, "case"))
    rival = Candidate(item("rival", "Rival", "39"), 1.5)
    shown = rank([extra, rival, plan, part], Manner.RELIEF, limit=3, prices_about=[Decimal(40)])
    assert [candidate.item.id for candidate in shown] == ["part", "plan"]


def test_relief_shows_complements_of_the_solved_item() -> None:
    part = Candidate(item("part", "Part", "6"), 1.4, Relation(RelationKind.SPARE_PART_OF, "case"))
    extra = Candidate(item("extra", "Extra", "20"), 0.9, Relation(RelationKind.ACCESSORY_OF, "case"))
    assert [shown.item.id for shown in rank([part, extra], Manner.COMPLEMENT, limit=3)] == ["extra"]


@pytest.mark.parametrize(
    ("frustration", "name", "manner"),
    [
        (0, StateName.CALM, Manner.PLAIN),
        (54.9, StateName.CALM, Manner.PLAIN),
        (55, StateName.CALM, Manner.RELIEF),
        (40, StateName.FRUSTRATED, Manner.RELIEF),
        (40, StateName.STRESSED, Manner.RELIEF),
        (10, StateName.RELIEVED, Manner.COMPLEMENT),
        (80, StateName.RELIEVED, Manner.RELIEF),
        (10, StateName.CONFIDENT, Manner.PLAIN),
    ],
)
def test_the_state_chooses_the_manner(frustration: float, name: StateName, manner: Manner) -> None:
    assert manner_for(state(frustration, name)) is manner


def test_without_a_state_the_best_matches_are_shown() -> None:
    assert manner_for(None) is Manner.PLAIN
