"""What may be shown at all, for every list, state and knowledge."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Bandit, BanditSettings, Candidate, Factor, FactorKind
from recommender.bandit.bounds import allowed_orders
from recommender.bandit.features import SIZE, UNEASY_FROM, arms_of, context_of
from recommender.bandit.posterior import Belief
from tests.recommender.bandit.slates import candidates, request, state
from vocabulary import StateName

CALM_NAMES = (StateName.CALM, StateName.UNSURE, StateName.CONFIDENT, StateName.RELIEVED)


@st.composite
def lists(draw: st.DrawFn) -> list[Candidate]:
    count = draw(st.integers(2, 8))
    found = []
    for one in candidates(count):
        kinds = draw(st.lists(st.sampled_from([FactorKind.STATE, FactorKind.TASTE]), max_size=2, unique=True))
        price = draw(st.one_of(st.none(), st.decimals(1, 900, places=2)))
        found.append(
            replace(
                one,
                item=replace(one.item, price=None if price is None else Decimal(price)),
                relevance=draw(st.floats(0.0, 2.0)),
                factors=tuple(Factor(kind, draw(st.sampled_from([-0.2, 0.3]))) for kind in kinds),
            )
        )
    return found


def convinced(options: BanditSettings, seed: int) -> Bandit:
    """A bandit that believes anything."""
    bandit, chance = Bandit(options), np.random.default_rng(seed)
    bandit._held = (options, Belief(chance.normal(size=SIZE), chance.normal(size=(8, SIZE))))
    return bandit


def group(one: Candidate) -> tuple[int, bool]:
    weight = sum(factor.weight for factor in one.factors if factor.kind is FactorKind.STATE)
    liked = any(factor.kind is FactorKind.TASTE and factor.weight > 0 for factor in one.factors)
    return (weight > 0) - (weight < 0), liked


@settings(max_examples=150, deadline=None)
@given(
    found=lists(),
    limit=st.integers(1, 6),
    name=st.sampled_from(CALM_NAMES),
    frustration=st.floats(0.0, 39.0),
    belief=st.integers(0, 1000),
    seed=st.text(max_size=5),
)
def test_whatever_it_believes_it_stays_within_what_the_ranking_allowed(
    found: list[Candidate], limit: int, name: StateName, frustration: float, belief: int, seed: str
) -> None:
    options = BanditSettings()
    asked = request(seed, state=state(frustration, name))
    ordered, _ = convinced(options, belief).choose(found, asked, limit)
    places = {one.item.id: place for place, one in enumerate(found)}
    held = [places[one.item.id] for one in ordered]
    assert len(held) == min(limit, len(found)) == len(set(held))
    best = max(one.relevance for one in found[: max(limit + 2, 2)])
    behind = [place for place in range(len(found)) if place not in held]
    for now, place in enumerate(held):
        assert found[place].item.price == ordered[now].item.price
        assert abs(now - place) <= options.reach
        for passed in [*held[now + 1 :], *behind]:
            if passed >= place:
                continue
            one, other = found[place], found[passed]
            assert group(one) == group(other)
            assert one.relevance >= other.relevance - options.gap * best - 1e-3
            if name is StateName.UNSURE or frustration >= UNEASY_FROM:
                assert one.item.dearness <= other.item.dearness


def test_orders_of_three_within_one_place_are_the_three_that_one_can_write_down() -> None:
    found = candidates(3)
    orders = allowed_orders(context_of(request()), arms_of(found), BanditSettings(reach=1))
    assert sorted(orders.tolist()) == [[0, 1, 2], [0, 2, 1], [1, 0, 2]]
    assert orders[0].tolist() == [0, 1, 2]


def test_a_part_that_nobody_asked_for_does_not_pass_the_thing_itself() -> None:
    thing, case = candidates(2)
    case = replace(case, factors=(Factor(FactorKind.KIND, -0.15, {"unasked": "part"}),))
    orders = allowed_orders(context_of(request()), arms_of([thing, case]), BanditSettings())
    assert orders.tolist() == [[0, 1]]


def test_reach_of_none_leaves_one_order() -> None:
    orders = allowed_orders(context_of(request()), arms_of(candidates(5)), BanditSettings(reach=0))
    assert orders.tolist() == [[0, 1, 2, 3, 4]]


def test_for_the_uneasy_only_what_is_cheaper_comes_forward() -> None:
    found = candidates(3, prices=("20", "30", "10"))
    uneasy = context_of(request(state=state(10.0, StateName.UNSURE)))
    orders = allowed_orders(uneasy, arms_of(found), BanditSettings())
    assert sorted(orders.tolist()) == [[0, 1, 2], [0, 2, 1], [2, 0, 1]]
