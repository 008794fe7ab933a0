"""Addresses, choices, dates, money."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.shop.address import Address
from actions.shop.choosing import choose
from actions.shop.order_rules import ReturnRefusal, days_late, return_refusal, warranty_until
from actions.shop.wording import say_date, say_foreign_words, say_items, say_list, say_money, say_reference
from store import OrderStatus
from tests.actions.shop.conftest import KETTLE, ORDERS, TOASTER, TODAY, an_order

TITLES = [
    "Hollbeck Duo toaster",
    "Norrvale Bruna kettle, blue",
    "Norrvale Bruna kettle, red",
    "Sonniva Hush headphones, black",
    "Headphone case",
]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Lindenweg 4, 10115 Berlin", "Lindenweg 4, 10115 Berlin"),
        ("please send it to Lindenweg 4, 10115 Berlin instead", "Lindenweg 4, 10115 Berlin"),
        ("Gartenweg 3 in 79098 Freiburg", "Gartenweg 3, 79098 Freiburg"),
        ("the new address is Am Markt 7, 55116 Mainz please", "Am Markt 7, 55116 Mainz"),
        ("change 417203 to Unter den Linden 77a 10117 Berlin.", "Unter den Linden 77a, 10117 Berlin"),
        ("Straße des 17. Juni 135, 10623 Berlin", "Straße des 17. Juni 135, 10623 Berlin"),
        ("Lindenweg 4\n10115 Berlin", "Lindenweg 4, 10115 Berlin"),
        ("Lindenweg 4", None),
        ("10115 Berlin", None),
        ("to my neighbour", None),
    ],
)
def test_addresses_are_found_in_sentences(text: str, address: str | None) -> None:
    found = Address.parse(text)
    assert (None if found is None else str(found)) == address


@given(st.text(max_size=300))
def test_an_address_that_was_read_is_read_again_the_same(text: str) -> None:
    found = Address.parse(text)
    assert found is None or Address.parse(str(found)) is not None


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("the blue kettle", 1),
        ("toasters", 0),
        ("the second one", 1),
        ("the last one", 4),
        ("number one", 0),
        ("3", 2),
        ("kettle", None),
        ("this one", None),
        ("the sixth", None),
        ("the fourth", 3),
        ("", None),
        ("fridge", None),
        ("the headphones", 3),
    ],
)
def test_a_choice_is_made_by_words_or_by_place(words: str, index: int | None) -> None:
    assert choose(words, TITLES) == index


def test_nothing_can_be_chosen_of_nothing() -> None:
    assert choose("the first", []) is None


def test_words_for_customers() -> None:
    assert say_date(date(2026, 3, 2)) == "Monday, 2 March 2026"
    assert say_date(None) == "a day that is not fixed yet"
    assert say_money(Decimal("1234.5")) == "1,234.50 euros"
    assert say_list(["a", "b", "c"]) == "a, b and c"
    assert say_items(ORDERS[0]) == "Norrvale Bruna kettle (white) and 2 times Hollbeck Duo toaster (black)"
    assert say_items(an_order("400000", OrderStatus.PAID, lines=(KETTLE, TOASTER, KETTLE))).endswith("2 more items")
    assert say_reference("R", "rt_a1-b2_c3d4e5f6") == "R-A1B2C3D4"


def test_foreign_words_cannot_break_a_reply() -> None:
    said = say_foreign_words("{attune_mode} 0[x] <script>alert(1)</script>" + "y" * 500)
    assert len(said) <= 60
    assert not set(said) & set("{}[]<>()")


def test_a_return_is_possible_on_the_thirtieth_day_and_not_after() -> None:
    by_number = {order.number: order for order in ORDERS}
    assert return_refusal(by_number["417205"], TODAY) is None
    assert return_refusal(by_number["417206"], TODAY) is ReturnRefusal.TOO_LATE
    assert return_refusal(by_number["417203"], TODAY) is ReturnRefusal.NOT_DELIVERED
    assert return_refusal(by_number["417207"], TODAY) is ReturnRefusal.CANCELLED


def test_the_warranty_ends_two_years_after_delivery_even_from_a_leap_day() -> None:
    assert warranty_until(an_order("400000", OrderStatus.DELIVERED, delivered_on=date(2024, 2, 29))) == date(
        2026, 2, 28
    )
    assert warranty_until(ORDERS[0]) is None


def test_only_an_awaited_order_is_late() -> None:
    by_number = {order.number: order for order in ORDERS}
    assert days_late(by_number["417204"], TODAY) == 3
    assert days_late(by_number["417203"], TODAY) == 0
    assert days_late(an_order("400000", OrderStatus.DELIVERED, expected_on=date(2026, 1, 1)), TODAY) == 0
