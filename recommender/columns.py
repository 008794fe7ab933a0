"""What filters ask of an item, as columns by slot: one comparison of whole columns instead of a look at each item."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.filters import Filters
from vocabulary import Item, RelationKind

NO_PRICE: Final = -1
MOST: Final = Decimal(10**15)
"""Prices above it are taken for it: more than that is no price, and does not fit into a column."""
PARTS: Final = frozenset({RelationKind.SPARE_PART_OF, RelationKind.ACCESSORY_OF})

Value = TypeVar("Value")
Mask = NDArray[np.bool_]


class Codes(Generic[Value]):
    """Small numbers for values that occur again and again."""

    def __init__(self) -> None:
        self._number: dict[Value, int] = {}
        self.values: list[Value] = []

    def of(self, value: Value) -> int:
        """The number of a value; a new one for a new value."""
        number = self._number.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number

    def chosen(self, wanted: Callable[[Value], bool]) -> Mask:
        """By number, whether a value is wanted: shape (n_values,)."""
        return np.fromiter(map(wanted, self.values), dtype=bool, count=len(self.values))


class Columns:
    """Items and the facts that filters ask for, by slot. Not safe for use from two threads.

    open: here and to be had now. live: here. bare: without attributes. is_part: accessory or spare part of something.
    cents: of the price, NO_PRICE without one. kind, place, currency: numbers of `kinds` (the item's kinds of thing),
    `places` (its categories) and `currencies`.
    """

    def __init__(self) -> None:
        self.items: list[Item | None] = []
        self.kinds: Codes[tuple[str, ...]] = Codes()
        self.places: Codes[tuple[str, ...]] = Codes()
        self.currencies: Codes[str] = Codes()
        self._size = 0
        self.live = self.open = self.bare = self.is_part = np.zeros(0, dtype=bool)
        self.cents = np.zeros(0, dtype=np.int64)
        self.kind = self.place = self.currency = np.zeros(0, dtype=np.int32)
        self._live = self._open = 0

    def put(self, slot: int, item: Item, kinds: tuple[str, ...]) -> None:
        """Write an item's facts at a slot."""
        self.drop(slot)
        self._reserve(slot + 1)
        self.items[slot] = item
        self.live[slot] = True
        self.open[slot] = item.is_available
        self.bare[slot] = not item.attributes
        self.is_part[slot] = bool(item.relation_kinds() & PARTS)
        self.cents[slot] = NO_PRICE if item.price is None else int(min(item.price, MOST) * 100)
        self.kind[slot] = self.kinds.of(kinds)
        self.place[slot] = self.places.of(item.categories)
        self.currency[slot] = self.currencies.of(item.currency)
        self._live += 1
        self._open += item.is_available

    def drop(self, slot: int) -> None:
        """Forget the item at a slot; nothing happens if there is none."""
        if slot < len(self.items) and self.items[slot] is not None:
            self._live -= 1
            self._open -= bool(self.open[slot])
            self.items[slot] = None
            self.live[slot] = self.open[slot] = self.bare[slot] = self.is_part[slot] = False

    @property
    def size(self) -> int:
        """How many slots there are, free ones included."""
        return len(self.items)

    @property
    def count(self) -> int:
        """How many items there are."""
        return self._live

    def passing(
        self,
        filters: Filters,
        *,
        without: Iterable[int] = (),
        within: tuple[frozenset[str], frozenset[str]] | None = None,
    ) -> Mask | None:
        """Which slots pass: shape (size,), bool; None if all do.

        filters: their category is resolved by the caller. without: slots that do not pass. within: names of categories
        and of kinds, of which an item must have one.
        """
        size = self.size
        whole = self._open if filters.in_stock else self._live
        mask = (self.open if filters.in_stock else self.live)[:size]
        left_out = [slot for slot in without if slot < size]
        steps = list(self._steps(filters, within))
        if whole == size and not left_out and not steps:
            return None
        mask = mask.copy()
        for step in steps:
            mask &= step
        mask[left_out] = False
        return mask

    def of_kinds(self, kinds: Collection[str]) -> Mask:
        """Which slots hold one of these kinds of thing: shape (size,)."""
        wanted = frozenset(kinds)
        return self.kinds.chosen(lambda held: not wanted.isdisjoint(held))[self.kind[: self.size]]

    def kind_hits(self, hits: Mapping[str, float], slots: NDArray[np.int64]) -> NDArray[np.float32]:
        """How well each slot's kind was named: float32, shape (len(slots),)."""
        by_code = [max((hits.get(name, 0.0) for name in held), default=0.0) for held in self.kinds.values]
        return np.array(by_code, dtype=np.float32)[self.kind[slots]]

    def _steps(self, filters: Filters, within: tuple[frozenset[str], frozenset[str]] | None) -> Iterable[Mask]:
        size = self.size
        if filters.upper is not None or filters.lower is not None:
            cents = self.cents[:size]
            if filters.upper is not None:
                yield cents <= math.floor(min(filters.upper, MOST) * 100)
            # A price that nobody knows is within no limit.
            yield cents >= (0 if filters.lower is None else math.ceil(min(filters.lower, MOST) * 100))
            if filters.currencies:
                yield self.currencies.chosen(lambda code: code in filters.currencies)[self.currency[:size]]
        if filters.without_categories:
            left_out = filters.without_categories
            yield self.places.chosen(left_out.isdisjoint)[self.place[:size]]
        if within is not None:
            categories, kinds = within
            inside = self.places.chosen(lambda held: not categories.isdisjoint(held))[self.place[:size]]
            yield inside | self.of_kinds(kinds) if kinds else inside

    def _reserve(self, size: int) -> None:
        self.items += [None] * (size - len(self.items))
        if size <= self._size:
            return
        self._size = max(size, self._size + self._size // 2, 64)
        for name in ("live", "open", "bare", "is_part", "cents", "kind", "place", "currency"):
            old = getattr(self, name)
            column = np.zeros(self._size, dtype=old.dtype)
            column[: len(old)] = old
            setattr(self, name, column)
