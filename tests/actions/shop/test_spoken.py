"""Numbers and addresses as customers type and speak them."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.shop.spoken import email_in, order_number_in, postcode_in, proof_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("417203", "417203"),
        ("#417203", "417203"),
        ("417 203", "417203"),
        ("417-203.", "417203"),
        ("4 1 7 2 0 3", "417203"),
        ("order number 417203's status", "417203"),
        ("417203, 10115 Berlin", "417203"),
        ("417203 10115", "417203"),
        ("four one seven two zero three", "417203"),
        ("it's Four One Seven Two Zero Three, I think", "417203"),
        ("four oh nine nine seven seven", "409977"),
        ("double four one seven two zero", "441720"),
        ("forty-one seventy-two oh three", "417203"),
        ("for one seven to zero three", "417203"),
        ("where is order four oh nine nine seven seven to go", "409977"),
        ("317203", None),
        ("41720", None),
        ("4172031", None),
        ("I ordered four kettles for two people", None),
        ("one two three four", None),
        ("", None),
    ],
)
def test_order_numbers_are_read_typed_and_spoken(text: str, number: str | None) -> None:
    assert order_number_in(text) == number


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("10115", "10115"),
        ("10115 Berlin", "10115"),
        ("one zero one one five", "10115"),
        ("one zero double one five", "10115"),
        ("five oh six six seven", "50667"),
        ("417203", None),
        ("four one seven two zero three", None),
        ("1011", None),
    ],
)
def test_postcodes_are_read_typed_and_spoken(text: str, postcode: str | None) -> None:
    assert postcode_in(text) == postcode


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("anna.weber@example.com", "anna.weber@example.com"),
        ("Anna.Weber@Example.COM.", "anna.weber@example.com"),
        ("anna dot weber at example dot com", "anna.weber@example.com"),
        ("my email is anna dot weber at example dot com thanks", "anna.weber@example.com"),
        ("a n n a dot weber at example dot com", "anna.weber@example.com"),
        ("lukas underscore h at example dot org", "lukas_h@example.org"),
        ("david dash kramer at example point net", "david-kramer@example.net"),
        ("look at the example", None),
        ("@", None),
    ],
)
def test_email_addresses_are_read_typed_and_spoken(text: str, email: str | None) -> None:
    assert email_in(text) == email


def test_an_email_proves_before_a_postcode() -> None:
    assert proof_in("10115, anna.weber@example.com") == "anna.weber@example.com"
    assert proof_in("it is 10115") == "10115"


@given(st.text(max_size=400))
def test_whatever_is_written_the_result_is_well_formed_or_nothing(text: str) -> None:
    number, postcode, email = order_number_in(text), postcode_in(text), email_in(text)
    assert number is None or re.fullmatch(r"4[0-9]{5}", number)
    assert postcode is None or re.fullmatch(r"[0-9]{5}", postcode)
    assert email is None or "@" in email


def test_a_hundred_kilobytes_are_read_at_once() -> None:
    started = time.perf_counter()
    for text in ("4 " * 50_000, "a." * 50_000, "four " * 20_000, "a@" * 50_000, " " * 100_000):
        order_number_in(text), proof_in(text)
    assert time.perf_counter() - started < 1
