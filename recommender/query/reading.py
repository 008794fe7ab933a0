"""A question read as a whole: what is wanted, within which limits, what is refused, and what it takes from before."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Protocol

from recommender.filters import Filters
from recommender.query.kinds import Kinds, Wish, kinds_of
from recommender.query.negations import Refusal, Words, read_refusals
from recommender.query.prices import PriceWish, read_price_wish
from recommender.query.references import Pointing, read_pointing
from recommender.query.words import content_stems, stem, with_shop_words
from recommender.slate import Request
from vocabulary import Item

MAX_QUERY_CHARS: Final = 600
"""A suggestion is asked for in a sentence or two; the rest of a longer text is not read."""

MOST_EARLIER: Final = 6
"""So many earlier messages are looked at for what a follow-up means."""

CENT: Final = Decimal("0.01")
_ANYTHING: Final = re.compile(r"\b(?:recommend|suggest|show|anything|something|ideas?)\w*\b", re.IGNORECASE)


class Known(Protocol):
    """What reading has to know of the catalogue."""

    @property
    def kinds(self) -> Kinds:
        """Its categories and kinds."""
        ...

    def item(self, item_id: str) -> Item | None:
        """One item, or None."""
        ...

    def put_right(self, text: str, *, typing: bool = False) -> str:
        """The text without slips of the keyboard. typing: its last word may be unfinished."""
        ...

    def is_fact(self, words: Words, kinds: Collection[str] | None = None) -> bool:
        """Whether these stems are a fact of some item, or of some item of these kinds."""
        ...


@dataclass(frozen=True)
class Asked:
    """meaning: what the encoder reads; empty if the words say nothing. words: stems that say something, in order.

    surface: the customer's own form of each stem. wish: the kinds of thing named. filters: the caller's limits and
    those of the words; None if nothing could pass both. unwanted: groups of stems, and refused: ids, that nothing shown
    may be. like: id of an item that it should be like; kinds: its kinds, if the words name none. below: an item that it
    should cost less than, as "cheaper" means. cheapest: the lowest price first. is_open: no words, yet something is
    asked for ("what do you recommend?").
    """

    meaning: str = ""
    words: tuple[str, ...] = ()
    surface: Mapping[str, str] = field(default_factory=dict)
    wish: Wish = field(default_factory=Wish)
    filters: Filters | None = field(default_factory=Filters)
    unwanted: tuple[Words, ...] = ()
    refused: tuple[str, ...] = ()
    like: str | None = None
    kinds: frozenset[str] = frozenset()
    below: Item | None = None
    cheapest: bool = False
    is_open: bool = False

    @property
    def by_price(self) -> bool:
        """Whether the price decides among those that fit."""
        return self.cheapest or self.below is not None


@dataclass(frozen=True)
class _Said:
    """One message, taken apart."""

    price: PriceWish
    pointing: Pointing
    text: str
    unwanted: tuple[Words, ...]
    words: tuple[str, ...]
    wish: Wish
    denies: bool = False

    @property
    def names_a_kind(self) -> bool:
        return bool(self.wish.head or self.wish.target)

    @property
    def has_limits(self) -> bool:
        price, pointing = self.price, self.pointing
        limited = price.max_price is not None or price.min_price is not None or bool(self.unwanted)
        return (
            limited or self.denies or bool(pointing.like or pointing.refused or pointing.cheaper or pointing.cheapest)
        )


def read_query(request: Request, known: Known, *, typing: bool = False) -> Asked:
    """What a request asks for, in the light of what was said and shown before.

    typing: the last word may be unfinished.
    """
    follows = bool(request.shown or request.earlier)
    now = _taken_apart(request.query, request.shown, known, follows=follows, typing=typing)
    context = _context(now, request, known)
    text, words, wish = now.text, now.words, now.wish
    price, unwanted = now.price, now.unwanted
    if context is not None:
        text, words = f"{now.text} {context.text}".strip(), tuple(dict.fromkeys(now.words + context.words))
        wish, unwanted = context.wish, tuple(dict.fromkeys(now.unwanted + context.unwanted))
        if price.max_price is None and price.min_price is None:
            price = context.price
    shop_words = with_shop_words(text)
    like = now.pointing.like if known.item(now.pointing.like or "") is not None else None
    asked = Asked(
        # Words that say nothing, signs and emoji alone are no question: they would match at random.
        meaning=text if words else "",
        words=words,
        surface={stem(word): word for word in shop_words.split()},
        wish=wish if words else Wish(),
        filters=request.filters.narrowed(
            max_price=price.max_price, min_price=price.min_price, currencies=price.currencies
        ),
        unwanted=unwanted,
        refused=now.pointing.refused,
        like=like,
        cheapest=now.pointing.cheapest,
        is_open=not words and (now.has_limits or _ANYTHING.search(now.text) is not None),
    )
    if like is not None and not now.names_a_kind:
        kinds = _kinds(known, like)
        asked = replace(asked, wish=Wish(head=dict.fromkeys(kinds, 1.0)), kinds=frozenset(kinds))
    return _cheaper(asked, now.pointing, request.shown, known)


def _taken_apart(text: str, shown: Sequence[str], known: Known, *, follows: bool, typing: bool = False) -> _Said:
    # A lone surrogate is no text for an encoder.
    readable = text[:MAX_QUERY_CHARS].encode("utf-8", "replace").decode("utf-8")
    price = read_price_wish(known.put_right(readable, typing=typing))
    pointing = read_pointing(price.rest, shown)
    refusal = read_refusals(pointing.rest, known.is_fact)
    named = any(known.kinds.is_kind(group) for group in refusal.missing)
    if named and not follows and not known.kinds.wish(refusal.rest).head:
        # "No smoke alarms here" asks for some, unless there is something else that is wanted instead.
        refusal = Refusal(pointing.rest)
    words = tuple(word for word in content_stems(with_shop_words(refusal.rest)) if word not in refusal.denied)
    wish = known.kinds.wish(refusal.rest) if words else Wish()
    return _Said(price, pointing, refusal.rest, refusal.unwanted, words, wish, bool(refusal.denied))


def _context(now: _Said, request: Request, known: Known) -> _Said | None:
    """What a follow-up takes from before: the kind of thing, its properties and limits; None for a new question.

    A message that names a kind is new. So is one with words that are no fact of the kind of before: after kettles, "a
    red one" is a follow-up, "something for smoothies" is not.
    """
    if now.names_a_kind or not (now.words or now.has_limits):
        return None
    shown_kinds = frozenset(kind for item_id in request.shown[:1] for kind in _kinds(known, item_id))
    before = None
    unwanted: tuple[Words, ...] = ()
    price = PriceWish("")
    for text in list(request.earlier)[: -MOST_EARLIER - 1 : -1]:
        said = _taken_apart(text, (), known, follows=True)
        unwanted += said.unwanted
        if price.max_price is None and price.min_price is None:
            price = said.price
        # In a catalogue without kinds the words are all that tells what it was about.
        named = said.wish.head or (said.words and not shown_kinds)
        if named and (not shown_kinds or not shown_kinds.isdisjoint(said.wish.head)):
            before = replace(said, unwanted=unwanted, price=price)
            break
    if before is None and shown_kinds:
        name = " ".join(sorted(shown_kinds)[:1])
        wish = Wish(head=dict.fromkeys(shown_kinds, 1.0))
        before = _Said(PriceWish(""), Pointing(""), name, (), tuple(name.split()), wish)
    if before is None:
        return None
    kinds = shown_kinds or frozenset(before.wish.head) or None
    return before if all(known.is_fact((word,), kinds) for word in now.words) else None


def _cheaper(asked: Asked, pointing: Pointing, shown: Sequence[str], known: Known) -> Asked:
    """“Cheaper” is below what it points at, else below the lowest price shown."""
    if not pointing.cheaper or asked.filters is None:
        return asked
    pointed = [known.item(item_id) for item_id in ([asked.like] if asked.like else shown)]
    priced = [item for item in pointed if item is not None and item.price is not None]
    if not priced:
        # Beside things whose price nobody knows nothing is known to be cheaper.
        return replace(asked, filters=None) if any(item is not None for item in pointed) else asked
    lowest = min(priced, key=lambda item: item.dearness)
    if lowest.price is None:
        return asked
    below = max(lowest.price - CENT, Decimal(0))
    limits = asked.filters.narrowed(max_price=below, min_price=None, currencies=frozenset({lowest.currency}))
    return replace(asked, filters=limits, below=lowest)


def _kinds(known: Known, item_id: str) -> tuple[str, ...]:
    item = known.item(item_id)
    return () if item is None else kinds_of(item)
