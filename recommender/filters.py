"""What an item must be to be suggested at all. Filters are exact: no score can outweigh one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from recommender.errors import FilterError
from vocabulary import Item

Price = Decimal | float | int


@dataclass(frozen=True)
class Filters:
    """Limits that hold whatever the ranking would like.

    min_price, max_price: both included; None is no limit. Numbers become Decimals. currencies: codes of the currencies
    that the limits may be in; empty means the item's own, whatever it is.
    category: a category or kind of thing as a customer would call it ("tv", "Kettles"); None is any.
    in_stock: only what can be sent now. without: ids of items that are never suggested, such as those that the customer
    has refused. without_categories: categories of the catalogue that are left out, by their own names.
    Raises: FilterError for NaN, infinite or negative prices, and for a lower limit above the upper one.
    """

    max_price: Price | None = None
    min_price: Price | None = None
    category: str | None = None
    in_stock: bool = True
    currencies: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    without_categories: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "max_price", _price("max_price", self.max_price))
        object.__setattr__(self, "min_price", _price("min_price", self.min_price))
        if self.min_price is not None and self.max_price is not None and self.min_price > self.max_price:
            raise FilterError(
                f"min_price {self.min_price} is above max_price {self.max_price}. Swap them or leave one out."
            )

    @property
    def upper(self) -> Decimal | None:
        """The highest price that passes."""
        return None if self.max_price is None else Decimal(self.max_price)

    @property
    def lower(self) -> Decimal | None:
        """The lowest price that passes."""
        return None if self.min_price is None else Decimal(self.min_price)

    def admits(self, item: Item) -> bool:
        """Whether price, stock and what is left out let this item pass. The category is resolved elsewhere."""
        if self.in_stock and not item.is_available:
            return False
        if item.id in self.without or not self.without_categories.isdisjoint(item.categories):
            return False
        if self.upper is None and self.lower is None:
            return True
        # A price that nobody knows is within no limit.
        known = item.price is not None and (not self.currencies or item.currency in self.currencies)
        below = self.upper is None or item.dearness <= self.upper
        return known and below and (self.lower is None or item.dearness >= self.lower)

    def narrowed(
        self, *, max_price: Price | None, min_price: Price | None, currencies: frozenset[str] = frozenset()
    ) -> "Filters | None":
        """These filters and the given limits together; None when nothing could pass both."""
        upper = _tighter(min, self.upper, max_price)
        lower = _tighter(max, self.lower, min_price)
        if upper is not None and lower is not None and lower > upper:
            return None
        both = self.currencies & currencies if self.currencies and currencies else self.currencies | currencies
        if self.currencies and currencies and not both:
            return None
        return replace(self, max_price=upper, min_price=lower, currencies=both)


def _price(name: str, value: Price | None) -> Decimal | None:
    if value is None:
        return None
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise FilterError(f"{name} is {value}; expected a finite number of at least 0, for example 49.90.")
    return price


def _tighter(choose: Callable[[Iterable[Decimal]], Decimal], one: Price | None, other: Price | None) -> Decimal | None:
    limits = [Decimal(str(limit)) for limit in (one, other) if limit is not None]
    return choose(limits) if limits else None
