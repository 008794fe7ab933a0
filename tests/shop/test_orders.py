"""Orders of the demo: plausible on the day of seeding, whichever day that is."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop import KNOWN_ORDERS, generate_catalogue, generate_orders, generate_plans
from store import OrderStatus

ITEMS = generate_catalogue()
TODAY = date(2026, 3, 2)
ORDERS = {order.number: order for order in generate_orders(ITEMS, TODAY)}


def test_there_are_enough_orders_of_enough_customers() -> None:
    assert len(ORDERS) >= 220
    assert len({order.email for order in ORDERS.values()}) >= 60


def test_every_status_occurs_and_some_deliveries_are_late() -> None:
    counts = Counter(order.status for order in ORDERS.values())
    assert set(counts) == set(OrderStatus)
    assert min(counts.values()) >= 8
    late = [
        order
        for order in ORDERS.values()
        if order.status is OrderStatus.SHIPPED and order.expected_on and order.expected_on < TODAY
    ]
    assert len(late) >= 5


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2040, 12, 31)))
@settings(max_examples=12, deadline=None)
def test_the_dates_of_every_order_agree_with_its_status(today: date) -> None:
    for order in generate_orders(ITEMS, today):
        assert order.placed_on <= today
        assert (order.delivered_on is not None) == (order.status is OrderStatus.DELIVERED)
        assert (order.cancelled_on is not None) == (order.status is OrderStatus.CANCELLED)
        for day in (order.delivered_on, order.cancelled_on):
            assert day is None or order.placed_on <= day <= today
        assert order.expected_on is None or order.expected_on >= order.placed_on
        assert (order.carrier is None) == (order.tracking_code is None)
        assert order.refund_status is None or order.status is OrderStatus.CANCELLED


def test_numbers_and_people_have_the_forms_that_customers_give() -> None:
    for order in ORDERS.values():
        assert order.number.isdigit()
        assert len(order.number) == 6
        assert order.number.startswith("4")
        assert order.email.isascii()
        assert order.email.split("@")[1] in ("example.com", "example.org", "example.net")
        assert len(order.postcode) == 5
        assert order.lines
        assert order.total > 0


def test_the_same_day_gives_the_same_orders() -> None:
    assert generate_orders(ITEMS, TODAY) == list(ORDERS.values())


def test_the_known_orders_are_there_as_declared() -> None:
    for number, known in KNOWN_ORDERS.items():
        order = ORDERS[number]
        assert (order.email, order.postcode, order.status) == (known.email, known.postcode, known.status)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_known_orders_do_not_depend_on_the_seed(seed: int) -> None:
    numbers = {order.number for order in generate_orders(generate_catalogue(seed), TODAY, seed)}
    assert set(KNOWN_ORDERS) <= numbers


def test_the_known_orders_show_what_they_are_for() -> None:
    assert ORDERS["417203"].status is OrderStatus.SHIPPED
    assert ORDERS["417203"].lines[0].title == "Norrvale Bruna kettle, blue"
    assert ORDERS["418555"].status is OrderStatus.PLACED
    delivered = ORDERS["416120"].delivered_on
    assert delivered is not None
    assert TODAY - delivered < timedelta(days=30)
    assert ORDERS["415777"].status is OrderStatus.CANCELLED
    expected = ORDERS["419004"].expected_on
    assert expected is not None
    assert (TODAY - expected).days == 4


def test_known_customers_and_others_have_service_plans() -> None:
    plans = generate_plans(ITEMS, TODAY)
    assert len({plan.id for plan in plans}) == len(plans) >= 30
    assert KNOWN_ORDERS["417203"].email in {plan.email for plan in plans}
