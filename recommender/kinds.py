"""Which category or kind of thing a customer names: for exact filters, and for the head word of a query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recommender.errors import FilterError
from recommender.words import contains_phrase, normalise, stems, with_shop_words
from vocabulary import Item

TYPE: str = "type"
"""The attribute that says what kind of thing an item is ("kettle"), finer than its category."""

# "a filter for my kettle": the thing wanted stands before these words, the thing it belongs to after.
_FOR = re.compile(r"\b(?:for|of|to fit|that fits?|fitting|on|in|with|to)\b")


@dataclass(frozen=True)
class Wish:
    """Kinds of thing in a query. head: what is wanted; target: what it should belong to. Types in stems."""

    head: frozenset[str] = frozenset()
    target: frozenset[str] = frozenset()


def type_of(item: Item) -> str:
    """The item's kind in stems ("coffee machine"); empty if the catalogue does not say."""
    return " ".join(stems(item.attributes.get(TYPE, "")))


class Kinds:
    """The categories and kinds of one catalogue."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.categories = tuple(sorted({item.category for item in items}))
        self._types = sorted({kind for item in items if (kind := type_of(item))})
        self._by_category = {" ".join(stems(category)): category for category in self.categories}

    def named(self, category: str) -> tuple[frozenset[str], frozenset[str]]:
        """The categories and the types that a filter's word means. Raises: FilterError if it means none."""
        asked = " ".join(stems(with_shop_words(category)))
        plain = " ".join(stems(category))
        for words in (plain, asked):
            if words in self._by_category:
                return frozenset({self._by_category[words]}), frozenset()
            kinds = frozenset(kind for kind in self._types if words and _ends_with(kind, words))
            if kinds:
                return frozenset(), kinds
        # "washing machine" names the category "Washing machines and dryers" when no type is called that.
        parts = frozenset(
            category
            for known, category in self._by_category.items()
            if asked and contains_phrase(known.split(), asked.split()) is not None
        )
        if parts:
            return parts, frozenset()
        raise FilterError(
            f"category {category[:60]!r} is not in this shop. Allowed: {', '.join(self.categories) or 'none yet'}."
        )

    def wish(self, query: str) -> Wish:
        """What kind of thing a query asks for."""
        text = with_shop_words(query)
        parts = _FOR.split(text, maxsplit=1)
        head = self._last_kind(stems(parts[0]))
        rest = self._last_kind(stems(parts[1])) if len(parts) > 1 else frozenset()
        if head:
            return Wish(head=head, target=rest)
        if len(parts) > 1 and " for my " in f" {normalise(query)} ":
            return Wish(target=rest)
        return Wish(head=rest)

    def _last_kind(self, words: list[str]) -> frozenset[str]:
        """The kind named last: in "kettle filter" a filter is wanted. A full name beats its last word."""
        best: tuple[int, int] = (0, 0)
        found: set[str] = set()
        for kind in self._types:
            parts = kind.split()
            for length in range(len(parts), 0, -1):
                end = contains_phrase(words, parts[-length:])
                if end is None:
                    continue
                if (end, length) > best:
                    best, found = (end, length), set()
                if (end, length) == best:
                    found.add(kind)
                break
        # A whole name leaves out the longer names that merely end like it.
        whole = {kind for kind in found if len(kind.split()) == best[1]}
        return frozenset(whole or found)


def _ends_with(kind: str, words: str) -> bool:
    return kind == words or kind.endswith(f" {words}")
