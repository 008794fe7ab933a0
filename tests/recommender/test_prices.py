"""Price limits in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import read_price_wish


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a kettle under 50 euros", None, "50"),
        ("max 200", None, "200"),
        ("max 200 noise cancelling", None, "200"),
        ("between 30 and 60", "30", "60"),
        ("between 60 and 30 euros", "30", "60"),
        ("headphones for 100€", None, "100"),
        ("under fifty euros please", None, "50"),
        ("between thirty and sixty euros", "30", "60"),
        ("a hundred and fifty euros max", None, "150"),
        ("less than two hundred euro", None, "200"),
        ("up to €1.299,00", None, "1299.00"),
        ("1,299.00 euros or less", None, "1299.00"),
        ("cheaper than 25,50 eur", None, "25.50"),
        ("around 50 euros", "40.0", "60.0"),
        ("over 20 euros", "20", None),
        ("at least 100 euros but under 300", "100", "300"),
        ("my budget is 80", None, "80"),
        ("not over 40.", None, "40"),
        ("I don't want to spend more than 75", None, "75"),
    ],
)
def test_a_limit_is_understood(text: str, low: str | None, high: str | None) -> None:
    wish = read_price_wish(text)
    assert wish.min_price == (Decimal(low) if low else None)
    assert wish.max_price == (Decimal(high) if high else None)


@pytest.mark.parametrize(
    "text",
    [
        "a lamp under 50 cm",
        "a fan under 40 decibels",
        "at least 8 kg",
        "a television under 65 inch",
        "more than one speaker",
        "less than two minutes",
        "between 30 and 60 litres",
        "up to 12 cups",
        "10-20",
        "order 417203",
        "a laptop with 16 GB",
    ],
)
def test_a_measure_is_no_price(text: str) -> None:
    wish = read_price_wish(text)
    assert (wish.min_price, wish.max_price, wish.rest) == (None, None, text)


def test_the_words_of_the_limit_are_taken_out_of_the_query() -> None:
    assert read_price_wish("a quiet kettle under 50 euros").rest == "a quiet kettle"


@given(st.integers(min_value=10, max_value=99_999))
def test_every_whole_amount_is_read_exactly(amount: int) -> None:
    assert read_price_wish(f"something under {amount} euros").max_price == amount


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    wish = read_price_wish(text)
    if wish.min_price is not None and wish.max_price is not None:
        assert wish.min_price >= 0
