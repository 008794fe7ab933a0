"""Dates, money and lists in words for customers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from store import Order, OrderLine

_PAID_BY: Final = {
    "card": "your card",
    "bank transfer": "your bank account",
    "instalments": "the account of your instalments",
    "invoice": "the account from which you paid the invoice",
    "pay later": "the account from which you pay later",
}
_UNKNOWN_DATE: Final = "a day that is not fixed yet"


def say_date(day: date | None) -> str:
    """A date without any doubt about day and month.

    >>> say_date(date(2026, 3, 2))
    'Monday, 2 March 2026'
    """
    return f"{day:%A}, {day.day} {day:%B %Y}" if day else _UNKNOWN_DATE


def say_days(days: int) -> str:
    """A number of days: "1 day", "3 days"."""
    return f"{days} day" if days == 1 else f"{days} days"


def say_money(amount: Decimal | None, currency: str = "EUR") -> str:
    """A price; euros as a word, other currencies by their code.

    >>> say_money(Decimal("1234.5"))
    '1,234.50 euros'
    >>> say_money(None)
    'a price on request'
    """
    if amount is None:
        return "a price on request"
    return f"{amount:,.2f} {'euros' if currency == 'EUR' else currency}"


def say_list(words: Sequence[str]) -> str:
    """Words joined as in speech: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def say_title(title: str) -> str:
    """A title that can stand in a list: its variant in brackets instead of behind a comma.

    >>> say_title("Norrvale Bruna kettle, blue")
    'Norrvale Bruna kettle (blue)'
    """
    name, comma, variant = title.rpartition(", ")
    return f"{name} ({variant})" if comma else title


def say_payment(method: str) -> str:
    """Where money goes back to, from the order's payment method."""
    return _PAID_BY.get(method, method)


def say_line(line: OrderLine) -> str:
    """One line of an order: "Kettle (blue)", "2 times Kettle (blue)"."""
    return say_title(line.title) if line.quantity == 1 else f"{line.quantity} times {say_title(line.title)}"


def say_items(order: Order) -> str:
    """What an order holds, in a few words: at most two lines by name."""
    lines = [say_line(line) for line in order.lines]
    if len(lines) > 2:
        more = len(lines) - 1
        return f"{lines[0]} and {more} more items"
    return say_list(lines)


def say_reference(letter: str, stored_id: str) -> str:
    """A short number that a customer can read out, from a stored id.

    >>> say_reference("R", "rt_a1b2c3d4e5f6")
    'R-A1B2C3D4'
    """
    characters = [character for character in stored_id.partition("_")[2] if character.isalnum()]
    return f"{letter}-{''.join(characters[:8]).upper()}"


def say_foreign_words(words: str) -> str:
    """A customer's own words, made harmless for a reply: letters, digits and simple signs, 60 at most."""
    kept = "".join(character if character.isalnum() or character in " .,'-" else " " for character in words)
    return " ".join(kept.split())[:60].strip()


def say_spelled(value: str) -> str:
    """Digits one by one, so that they are heard and seen as digits; an address as it is.

    >>> say_spelled("417203")
    '4 1 7 2 0 3'
    """
    return " ".join(value) if value.isdigit() else value
