"""One catalogue, held in three ways at once: vectors, words and columns; changed together, asked together."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.columns import NO_PRICE, Columns, Mask
from recommender.correcting import Correcting
from recommender.filters import Filters
from recommender.index import ItemIndex, View
from recommender.lexical.lexicon import Lexicon
from recommender.query.kinds import Kinds, kinds_of
from recommender.query.negations import Words
from recommender.query.reading import Asked
from vocabulary import CatalogueChanges, Item

_SHORTEST_START: Final = 2


class Holding:
    """The items by slot, with everything that a question compares.

    `lock` is held by who asks, so that an answer is of one state; embedding happens outside of it.
    is_word: see `Correcting`.
    """

    def __init__(self, index: ItemIndex, is_word: Callable[[str], bool] | None = None) -> None:
        self.lock = threading.RLock()
        self.index = index
        self.view: View = index.view
        self.columns = Columns()
        self.lexicon = Lexicon()
        self._correcting = Correcting(self.lexicon, is_word)
        self.version = 0
        self._slots: dict[str, int] = {}
        self._related: dict[str, set[str]] = {}
        self._named: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
        self._kinds: Kinds | None = None
        self._writing = threading.Lock()
        # The version in which each of these was told last: an older change that is still being embedded passes it over.
        self._told: dict[str, int] = {}

    def __len__(self) -> int:
        return self.columns.count

    def __iter__(self) -> Iterator[Item]:
        with self.lock:
            items = list(self.columns.items)
        return (item for item in items if item is not None)

    @property
    def kinds(self) -> Kinds:
        """The categories and kinds of the items."""
        if self._kinds is None:
            names = list(self._named)
            self._kinds = Kinds(
                (category for categories, _ in names for category in categories),
                (kind for _, kinds in names for kind in kinds),
            )
        return self._kinds

    def item(self, item_id: str) -> Item | None:
        """One item, or None."""
        slot = self._slots.get(item_id)
        return None if slot is None else self.columns.items[slot]

    def slot(self, item_id: str) -> int | None:
        """Where an item stands, or None."""
        return self._slots.get(item_id)

    def related_to(self, item_ids: Iterable[str]) -> list[int]:
        """Slots of the items that belong to one of these: its accessories, parts, replacements and services."""
        found = {other for item_id in item_ids for other in self._related.get(item_id, ())}
        return sorted(self._slots[item_id] for item_id in found if item_id in self._slots)

    def is_fact(self, words: Words, kinds: Collection[str] | None = None) -> bool:
        """Whether these stems are, together, a fact of some item, or of some item of these kinds."""
        with self.lock:
            slots = self.lexicon.all_of(words, self.columns.bare)
            if kinds is None or not slots.size:
                return bool(slots.size)
            return bool(self.columns.of_kinds(kinds)[slots].any())

    def put_right(self, text: str, *, typing: bool = False) -> str:
        """The text without slips of the keyboard. typing: its last word may be unfinished."""
        with self.lock:
            return self._correcting.put_right(text, typing=typing)

    def named(self, filters: Filters) -> tuple[frozenset[str], frozenset[str]] | None:
        """The categories and kinds that a filter's category means; None without one. Raises: FilterError."""
        if filters.category is None or not filters.category.strip():
            return None
        return self.kinds.named(filters.category)

    def sells_in(self, currencies: Collection[str]) -> bool:
        """Whether anything has a price in one of these currencies."""
        wanted = self.columns.currencies.chosen(lambda code: code in currencies)
        priced = self.columns.live & (self.columns.cents != NO_PRICE)
        return bool(wanted.size and (wanted[self.columns.currency] & priced).any())

    @property
    def has_prices(self) -> bool:
        """Whether the price of anything is known."""
        return bool((self.columns.live & (self.columns.cents != NO_PRICE)).any())

    def vectors(self, item_ids: Sequence[str]) -> NDArray[np.float32]:
        """Of these items, which must be held: float32, shape (n, dimensions)."""
        slots = [self._slots[item_id] for item_id in item_ids]
        return np.asarray(self.view.matrix[self.view.rows[slots]], dtype=np.float32)

    def passes(self, item_id: str, passing: Mask | None) -> bool:
        """Whether an item is held, and passes a mask."""
        slot = self._slots.get(item_id)
        return slot is not None and bool(self.columns.live[slot] if passing is None else passing[slot])

    def completed(self, asked: Asked) -> dict[str, Any]:
        """What changes in a question when its last word, still being typed, is ended as most items have it."""
        if not asked.words or self.lexicon.holders(asked.words[-1])[0].size:
            return {}
        endings = self.lexicon.beginning_with(asked.words[-1])
        if len(asked.words[-1]) < _SHORTEST_START or not endings:
            return {}
        word = max(endings, key=lambda one: self.lexicon.holders(one)[0].size)
        words, meaning = (*asked.words[:-1], word), " ".join((*asked.words[:-1], word))
        surface = {**asked.surface, word: word}
        return {"words": words, "meaning": meaning, "surface": surface, "wish": self.kinds.wish(meaning)}

    def passing(self, asked: Asked, filters: Filters, without: Iterable[str] = ()) -> Mask | None:
        """Which slots may be shown: shape (size,), bool; None if all may. Raises: FilterError for an unknown category.

        without: further ids that may not.
        """
        within = self.named(filters)
        ids = {*without, *filters.without, *asked.refused}
        left_out = [self._slots[item_id] for item_id in ids if item_id in self._slots]
        mask = self.columns.passing(filters, without=left_out, within=within)
        for group in asked.unwanted:
            mask = np.ones(self.columns.size, dtype=bool) if mask is None else mask
            if self.kinds.is_kind(group):
                mask &= ~self.columns.of_kinds({" ".join(group)})
            else:
                mask[self.lexicon.all_of(group, self.columns.bare)] = False
        if asked.kinds:
            same = self.columns.of_kinds(asked.kinds)
            mask = same if mask is None else mask & same
        return mask

    def see(self, changes: CatalogueChanges) -> None:
        """Take in what needs no embedding: prices, stock, and what is gone."""
        given = {item.id: item for item in changes.items}
        with self.lock:
            gone = self._gone(changes, given)
            if changes.whole:
                # Everything, also after a backup was put back: no number of before counts against it.
                self._told = {}
            else:
                self._told |= {one: max(changes.version, self._told.get(one, 0)) for one in (*given, *gone)}
            for item_id, now in given.items():
                if self._told.get(item_id, 0) > changes.version:
                    continue
                old = self.item(item_id)
                if old is not None:
                    # What it costs and whether it is there does not wait for a text.
                    seen = replace(old, price=now.price, currency=now.currency, stock=now.stock)
                    self._write(self._slots[item_id], seen, old)
            for item_id in gone:
                if self._told.get(item_id, 0) <= changes.version:
                    self._remove(item_id)

    def update(self, changes: CatalogueChanges) -> None:
        """Take in what has changed. Prices and stock are seen at once, new texts as soon as they are embedded.

        Raises: EncoderError; then prices, stock and removals are in, and the next call tries the rest again.
        """
        with self._writing:
            self.see(changes)
            told = [item for item in changes.items if item != self.item(item.id)]
            if told or changes.removed or changes.whole:
                self._sync(changes, told)
            self.version = changes.version
            with self.lock:
                self._told = {one: version for one, version in self._told.items() if version > changes.version}

    def _gone(self, changes: CatalogueChanges, given: Mapping[str, Item]) -> list[str]:
        if changes.whole:
            return [item_id for item_id in self._slots if item_id not in given]
        return [item_id for item_id in changes.removed if item_id not in given]

    def _lost(self) -> list[Item]:
        """What is held here and not in the index."""
        with self.lock:
            missing = [slot for item_id, slot in self._slots.items() if self.index.slot(item_id) is None]
            return [item for slot in missing if (item := self.columns.items[slot]) is not None]

    def _sync(self, changes: CatalogueChanges, told: Sequence[Item]) -> None:
        first = not self._slots
        # A catalogue that no database has numbered says nothing about which state of the index is newer.
        version = changes.version or None
        if changes.whole:
            synced = self.index.sync(changes.items, whole=True, version=version)
        else:
            synced = self.index.sync(told, changes.removed, version=version)
        unsaved = first or synced.changed > 0
        while lost := self._lost():
            # Another process has saved a state without them: what is held here comes back, its vectors are still there.
            unsaved |= self.index.sync(lost).changed > 0
            told = [*told, *lost]
        with self.lock:
            self.view = self.index.view
            for item in told:
                slot = self.index.slot(item.id)
                if slot is not None and self._told.get(item.id, 0) <= changes.version:
                    self._write(slot, item, self.item(item.id))
            self.lexicon.settle()
        if unsaved:
            self.index.save(wait=False)

    def _write(self, slot: int, item: Item, old: Item | None) -> None:
        before = self._slots.get(item.id)
        if before is not None and before != slot:
            self._remove(item.id)
            old = None
        other = self.columns.items[slot] if slot < self.columns.size else None
        if other is not None and other.id != item.id:
            self._remove(other.id)
        if old is None or not _reads_alike(old, item):
            self.lexicon.put(slot, item, old)
        kinds = kinds_of(item)
        if old is None or old.relations != item.relations or old.categories != item.categories:
            self._unname(old)
            for relation in item.relations:
                self._related.setdefault(relation.target_id, set()).add(item.id)
            self._name(item, kinds, 1)
        elif kinds != kinds_of(old):
            self._name(old, kinds_of(old), -1)
            self._name(item, kinds, 1)
        self.columns.put(slot, item, kinds)
        self._slots[item.id] = slot

    def _remove(self, item_id: str) -> None:
        slot = self._slots.pop(item_id, None)
        item = None if slot is None else self.columns.items[slot]
        if slot is None or item is None:
            return
        self.lexicon.drop(slot, item)
        self._unname(item)
        self.columns.drop(slot)

    def _unname(self, item: Item | None) -> None:
        if item is None:
            return
        for relation in item.relations:
            held = self._related.get(relation.target_id, set())
            held.discard(item.id)
            if not held:
                self._related.pop(relation.target_id, None)
        self._name(item, kinds_of(item), -1)

    def _name(self, item: Item, kinds: tuple[str, ...], count: int) -> None:
        name = (item.categories, kinds)
        before = self._named[name]
        self._named[name] += count
        if not self._named[name]:
            del self._named[name]
        if not before or name not in self._named:
            self._kinds = None


def _reads_alike(one: Item, other: Item) -> bool:
    return (one.title, one.description, one.categories, one.attributes) == (
        other.title,
        other.description,
        other.categories,
        other.attributes,
    )
