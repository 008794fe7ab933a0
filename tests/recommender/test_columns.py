"""Filters as columns say the same as filters item by item."""

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.columns import Columns
from recommender.filters import Filters
from recommender.query.kinds import kinds_of
from tests.recommender.fakes import item
from vocabulary import Item

PRICES = st.one_of(st.none(), st.decimals(0, 200, places=2), st.just(Decimal("1e30")), st.just(Decimal("19.995")))


def shop(rng: random.Random) -> dict[int, Item]:
    held = {}
    for slot in rng.sample(range(30), 20):
        one = item(f"i{slot}", "Thing", f"{rng.randint(0, 20000) / 100:.2f}", category=rng.choice(["A", "B"]))
        price = None if rng.random() < 0.2 else one.price
        stock = rng.choice([None, 0, 3])
        held[slot] = replace(one, price=price, stock=stock, currency=rng.choice(["EUR", "USD"]))
    return held


@given(
    seed=st.integers(0, 1000),
    low=PRICES,
    high=PRICES,
    in_stock=st.booleans(),
    currencies=st.sampled_from([frozenset(), frozenset({"EUR"}), frozenset({"JPY"})]),
    without=st.sets(st.integers(0, 29), max_size=4),
    left_out=st.sampled_from([frozenset(), frozenset({"A"})]),
)
@settings(max_examples=150, deadline=None)
def test_a_mask_is_what_the_filters_admit(seed, low, high, in_stock, currencies, without, left_out) -> None:
    if low is not None and high is not None and low > high:
        low, high = high, low
    held = shop(random.Random(seed))
    columns = Columns()
    for slot, one in held.items():
        columns.put(slot, one, kinds_of(one))
    for slot in list(held)[:3]:
        columns.drop(slot)
        del held[slot]
    filters = Filters(
        max_price=high, min_price=low, in_stock=in_stock, currencies=currencies, without_categories=left_out
    )
    mask = columns.passing(filters, without=without)
    expected = [slot in held and slot not in without and filters.admits(held[slot]) for slot in range(columns.size)]
    assert (mask.tolist() if mask is not None else [True] * columns.size) == expected


def test_without_anything_to_leave_out_there_is_no_mask() -> None:
    columns = Columns()
    columns.put(0, item("a", "Thing", "1.00"), ())
    assert columns.passing(Filters()) is None
    columns.put(0, item("a", "Thing", "1.00", stock=0), ())
    assert columns.passing(Filters()).tolist() == [False]
    assert columns.passing(Filters(in_stock=False)) is None
