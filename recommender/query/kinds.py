"""Which category or kind of thing a customer names: for exact filters, and for the head word of a query."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from recommender.errors import FilterError
from recommender.query.words import contains_phrase, normalise, stems, with_shop_words
from vocabulary import Item

TYPE: Final = "type"
"""The attribute that says what kind of thing an item is ("kettle"), finer than its category."""

NO_CATEGORY: Final = "Other"
"""The category of items whose file names none; it is no kind of thing."""

PARTLY: Final = 0.8
"""How well "lamp" names a desk lamp; "desk lamp" names it by 1."""

# "a filter for my kettle": the thing wanted stands before these words, the thing it belongs to after.
_FOR: Final = re.compile(r"\b(?:for|of|to fit|that fits?|fitting|on|in|with|to)\b")
# "my washing machine leaks": what is wanted is help for it, not another one.
_TROUBLE: Final = re.compile(
    r"\b(?:leak(?:s|ing|ed)?|brok(?:e|en)|defect(?:ive)?|cracked|torn|worn(?: out)?|damaged|repair|fix|stopped|"
    r"(?:not|no longer|doesn't|does not|won't|will not) (?:work|heat|spin|drain|charge|start|turn)\w*|dead|"
    r"spare|replacement part|lost the|descale)\b"
)

_JOINED: Final = re.compile(r"\s*(?:[,/&+;]|\b(?:and|or)\b)\s*")
_OWNED: Final = re.compile(
    r"\b(?:my|our|(?:i|we)(?: already)? (?:have|own|got|bought)|(?:i|we)'ve(?: already)?(?: got| bought)?)\b"
)
"""“I have a kettle and want a toaster”: what somebody has is not wanted beside the other."""


@dataclass(frozen=True)
class Wish:
    """Kinds of thing in a query, in stems.

    head: what is wanted, with how well its name was hit, in (0, 1]. target: what it should belong to. alike: the kinds
    of `head` by the names that stand side by side, "kettle" and "toaster"; empty where there is one name.
    """

    head: Mapping[str, float] = field(default_factory=dict)
    target: frozenset[str] = frozenset()
    alike: tuple[frozenset[str], ...] = ()


_PARTED: Final = re.compile(r"\s*(?:[&,/>|;]|\band\b)\s*", re.IGNORECASE)


def kinds_of(item: Item) -> tuple[str, ...]:
    """The item's kinds in stems: ("coffee machine",). Without an attribute that names it, its category does:
    "Bookcases & shelving units" is ("bookcase", "shelving unit"). Of a file without categories nothing has a kind."""
    named = " ".join(stems(item.attributes.get(TYPE, "")))
    if named:
        return (named,)
    if item.category == NO_CATEGORY:
        return ()
    parts = (" ".join(stems(part)) for part in _PARTED.split(item.category))
    return tuple(dict.fromkeys(part for part in parts if part))


class Kinds:
    """The categories and kinds of one catalogue."""

    def __init__(self, categories: Iterable[str] = (), kinds: Iterable[str] = ()) -> None:
        self.categories = tuple(sorted(set(categories)))
        self._by_category = {" ".join(stems(category)): category for category in self.categories}
        # "coffee machine" and "machine" both lead to the kind "filter coffee machine".
        self._by_ending: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for kind in set(kinds):
            parts = tuple(kind.split())
            for start in range(len(parts)):
                self._by_ending[parts[start:]].add(kind)
        self._longest = max(map(len, self._by_ending), default=0)

    @classmethod
    def of_items(cls, items: Sequence[Item]) -> Self:
        """What these items are called."""
        return cls(
            (name for item in items for name in item.categories), (kind for item in items for kind in kinds_of(item))
        )

    def named(self, category: str) -> tuple[frozenset[str], frozenset[str]]:
        """The categories and the types that a filter's word means. Raises: FilterError if it means none."""
        asked = stems(with_shop_words(category))
        for words in (stems(category), asked):
            if " ".join(words) in self._by_category:
                return frozenset({self._by_category[" ".join(words)]}), frozenset()
            if tuple(words) in self._by_ending:
                return frozenset(), frozenset(self._by_ending[tuple(words)])
        # "dryers" names the category "Washing machines and dryers" where no type is called that.
        parts = frozenset(
            name for known, name in self._by_category.items() if contains_phrase(known.split(), asked) is not None
        )
        if parts:
            return parts, frozenset()
        raise FilterError(
            f"category {category[:60]!r} is not in this shop. Allowed: {', '.join(self.categories) or 'none yet'}."
        )

    def is_kind(self, words: Sequence[str]) -> bool:
        """Whether these stems are the whole name of a kind."""
        return " ".join(words) in self._by_ending.get(tuple(words), ())

    def wish(self, query: str) -> Wish:
        """What kind of thing a query asks for."""
        text = with_shop_words(query)
        parts = _FOR.split(text, maxsplit=1)
        trouble = _TROUBLE.search(text) is not None
        named = self._side_by_side(parts[0], owned=trouble)
        head = {kind: max(one.get(kind, 0.0) for one in named) for one in named for kind in one}
        rest = {kind for one in self._side_by_side("".join(parts[1:]), owned=True) for kind in one}
        if trouble and not rest:
            return Wish(target=frozenset(head))
        if head:
            return Wish(head, frozenset(rest), tuple(map(frozenset, named)) if len(named) > 1 else ())
        if len(parts) > 1 and " for my " in f" {normalise(query)} ":
            return Wish(target=frozenset(rest))
        return Wish(head=self._last_kind(stems("".join(parts[1:]))))

    def _side_by_side(self, text: str, *, owned: bool) -> list[dict[str, float]]:
        """The kind named last, and before it those that "and", "or" or a comma joins to others: each as `_last_kind`.

        owned: whether what the customer has counts as well.
        """
        last = self._last_kind(stems(text))
        parts = _JOINED.split(text)
        if not last or len(parts) < 2:
            return [last] if last else []
        named = []
        for part in parts[:-1]:
            # Joined is what the part ends with: in "a kettle that is quiet, and a lamp" it is nothing.
            kinds = self._last_kind(stems(part), whole=True) if owned or not _OWNED.search(part) else {}
            if kinds and kinds not in named and kinds != last:
                named.append(kinds)
        within = {kind for kind in last if _JOINED.search(kind)}
        return [last] if within else [*named, last]

    def _last_kind(self, words: Sequence[str], *, whole: bool = False) -> dict[str, float]:
        """The kind named last: in "kettle filter" a filter is wanted. The longest name that ends there counts.

        whole: only a name that the words end with.
        """
        for end in range(len(words), len(words) - 1 if whole and words else 0, -1):
            for length in range(min(self._longest, end), 0, -1):
                kinds = self._by_ending.get(tuple(words[end - length : end]))
                if kinds:
                    return {kind: 1.0 if kind.count(" ") + 1 == length else PARTLY for kind in kinds}
        return {}
