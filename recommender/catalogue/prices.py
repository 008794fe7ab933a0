"""The price of a row: usual or reduced, in which currency, and what is said of it besides."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from recommender.catalogue.amounts import CODES, Amount, Sign, currency_in, read_amount
from recommender.catalogue.fields import Field, plain_name
from recommender.catalogue.mapping import ColumnMapping
from recommender.catalogue.records import BadRowError, Notes
from recommender.catalogue.values import as_text, shown

_MINOR: Final = re.compile(r"\b(cents?|pence|minor|centimes|øre|öre|groszy?)\b")


class PriceReader:
    """Reads prices by a mapping.

    sign: of those that may be read both ways. currency: where a row names none; forced: it holds for bare signs ("$")
    too. notes: what is noticed on the way.
    """

    def __init__(
        self, mapping: ColumnMapping, sign: Sign, currency: str, *, forced: bool, zero_is_free: bool, notes: Notes
    ) -> None:
        column = mapping.column(Field.PRICE) or ""
        self._mapping, self._sign, self._currency, self._notes = mapping, sign, currency, notes
        self._forced, self._zero_is_free = forced, zero_is_free
        self._minor = _MINOR.search(plain_name(column)) is not None
        self._column_currency = currency_in(column.replace("_", " ")) if column else None

    def read(self, cells: Mapping[str, Any], line: int) -> tuple[Decimal | None, str, dict[str, str]]:
        """Price, currency, and what the file says beside it, as facts. Raises: BadRowError."""
        usual = self._amount(Field.PRICE, cells)
        sale = self._amount(Field.SALE_PRICE, cells)
        told = as_text(cells.get(self._mapping.column(Field.CURRENCY) or "")).upper()
        named = told if told in CODES else currency_in(told)
        currency = named or self._row_currency(usual, sale, cells) or self._column_currency or self._currency
        facts: dict[str, str] = {}
        price = usual.value
        if usual.vague or sale.vague:
            self._notes.add("A price is a range; it is kept as a fact, and the item has no price", line)
            facts["price"] = as_text(cells.get(self._mapping.column(Field.PRICE) or ""))
        if sale.value is not None and sale.value > 0 and (price is None or sale.value < price):
            if price is not None:
                facts["regular price"] = f"{price:.2f} {currency}"
            price = sale.value
        if price == 0 and not self._zero_is_free:
            self._notes.add(
                "A price is 0, which is taken for none; ask for zero prices to be kept if items are free", line
            )
            price = None
        return price, currency, facts

    def _row_currency(self, usual: Amount, sale: Amount, cells: Mapping[str, Any]) -> str | None:
        found = usual.currency or sale.currency
        if found is None or not self._forced:
            return found
        text = as_text(cells.get(self._mapping.column(Field.PRICE) or ""))
        return found if re.search(rf"\b{found}\b", text, re.IGNORECASE) else None

    def _amount(self, name: Field, cells: Mapping[str, Any]) -> Amount:
        column = self._mapping.column(name)
        if column is None:
            return Amount(None)
        value = cells.get(column)
        if isinstance(value, list | tuple):
            value = value[0] if len(value) == 1 else None if not value else ", ".join(map(as_text, value))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        try:
            amount = read_amount(
                _number_text(value) if is_number else as_text(value), Sign.POINT if is_number else self._sign
            )
        except ValueError as err:
            raise BadRowError(
                f"the price {shown(value)} in {column!r} is no price ({err}); expected an amount such as "
                "19.99, or nothing."
            ) from None
        if self._minor and amount.value is not None:
            return replace(amount, value=amount.value / 100)
        return amount


def _number_text(value: Any) -> str:
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return f"{Decimal(repr(value)):f}"
    return "" if value != value else str(value)
