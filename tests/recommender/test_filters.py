"""Filters: exact, and strict about nonsense."""

from dataclasses import replace
from decimal import Decimal

import pytest

from recommender import FilterError, Filters
from tests.recommender.fakes import item


@pytest.mark.parametrize("price", [float("nan"), float("inf"), -1, Decimal("-0.01"), Decimal("NaN")])
def test_an_impossible_price_is_refused_with_its_name(price: float | Decimal) -> None:
    with pytest.raises(FilterError, match=r"max_price is .*; expected a finite number of at least 0"):
        Filters(max_price=price)


def test_a_lower_limit_above_the_upper_one_is_refused() -> None:
    with pytest.raises(FilterError, match="Swap them"):
        Filters(min_price=50, max_price=20)


def test_limits_are_inclusive_to_the_cent() -> None:
    filters = Filters(max_price=39.99, min_price=10)
    assert filters.admits(item("a", "A", "39.99"))
    assert not filters.admits(item("a", "A", "40.00"))
    assert filters.admits(item("a", "A", "10.00"))
    assert not filters.admits(item("a", "A", "9.99"))


def test_sold_out_items_pass_only_when_stock_does_not_matter() -> None:
    gone = item("a", "A", "5.00", stock=0)
    assert not Filters().admits(gone)
    assert Filters(in_stock=False).admits(gone)


def test_limits_of_filter_and_words_hold_together() -> None:
    narrowed = Filters(max_price=50).narrowed(max_price=Decimal(30), min_price=Decimal(10))
    assert narrowed is not None
    assert (narrowed.lower, narrowed.upper) == (10, 30)
    assert Filters(max_price=50).narrowed(max_price=None, min_price=Decimal(60)) is None


def test_what_is_left_out_stays_out_and_narrowing_keeps_it_so() -> None:
    filters = Filters(without=frozenset({"a"}), without_categories=frozenset({"Irons"}))
    narrowed = filters.narrowed(max_price=Decimal(30), min_price=None)
    assert narrowed is not None
    for one in (filters, narrowed):
        assert not one.admits(item("a", "A", "5.00"))
        assert one.admits(item("b", "B", "5.00"))
        assert not one.admits(replace(item("b", "B", "5.00"), category="Irons"))
