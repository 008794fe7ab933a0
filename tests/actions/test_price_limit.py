"""Price limits as customers put them."""

import pytest

from actions.recommend import _price


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("200", 200.0),
        ("under 200 euros", 200.0),
        ("1.200", 1200.0),
        ("1,200", 1200.0),
        ("1.200,50", 1200.5),
        ("1,200.50", 1200.5),
        ("49,99", 49.99),
        ("49.99 EUR", 49.99),
        (80, 80.0),
        (None, None),
        ("cheap", None),
        ("", None),
    ],
)
def test_limit_is_read(said: object, limit: float | None) -> None:
    assert _price(said) == limit
