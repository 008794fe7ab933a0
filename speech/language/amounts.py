"""Prices in words: "twenty euros and fifty cents", "nineteen ninety nine euros", "under fifty"."""

from collections.abc import Sequence
from typing import Final

from speech.language.numerals import Cardinal, cardinal, word_set
from speech.language.tokens import Token, merge, rewrite

_CURRENCIES: Final = word_set("euro euros eur dollar dollars bucks pounds")
_CENTS: Final = frozenset({"cent", "cents"})
_BEFORE_PRICE: Final = (
    ("under",), ("below",), ("less", "than"), ("up", "to"), ("at", "most"), ("maximum",), ("max",), ("cheaper", "than"),
    ("costs",), ("cost",), ("price", "is"), ("price", "of"), ("priced", "at"), ("paid",), ("pay",), ("charged",),
    ("limit", "is"), ("budget", "is"), ("budget", "of"), ("not", "more", "than"), ("no", "more", "than"),
)  # fmt: skip
_LEAST_BARE: Final = 10


def write_amounts(tokens: Sequence[Token]) -> list[Token]:
    """Replace prices by figures; the currency stays a word, as customers type it: "20.50 euros"."""
    words = [token.low for token in tokens]

    def read(position: int) -> tuple[Sequence[Token], int]:
        amount, end = _amount_at(tokens, words, position)
        return (_two_words(tokens[position:end], amount), end) if amount else ((), position)

    return rewrite(tokens, read)


def _amount_at(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """The price that begins at a place ("20.50 euros", "50"), and where it ends; "" if there is none."""
    number, position = _number_at(tokens, words, start)
    if not number:
        return "", start
    unit = words[position] if position < len(words) and not tokens[position - 1].after else ""
    if unit in _CENTS:
        return ("", start) if words[start].isdigit() else (f"{number} {unit}", position + 1)
    if unit in _CURRENCIES:
        cents, end = _cents_at(tokens, words, position + 1) if "." not in number else ("", position + 1)
        if cents:
            return f"{number}.{cents} {unit}", end
        spoken = not words[start][0].isdigit()
        return (f"{number} {unit}", position + 1) if spoken else ("", start)
    bare = not words[start][0].isdigit() and (float(number) >= _LEAST_BARE) and not tokens[start].before
    return (number, position) if bare and _price_stands_before(words, start) else ("", start)


def _number_at(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """Euros in figures: a number, "nineteen ninety nine", "nineteen point nine nine"."""
    word = words[start]
    if word.isascii() and word.isdigit():
        return word, start + 1
    found = cardinal(words, start)
    if found is None or not _together(tokens, start, start + found.used):
        return "", start
    position = start + found.used
    second = cardinal(words, position) if not tokens[position - 1].after else None
    if found.kind in ("unit", "pair") and found.value and _is_cents(second):
        assert second is not None, "checked by _is_cents"
        return f"{found.value}.{second.value}", position + second.used
    if position + 2 < len(words) and words[position] == "point":
        cents = [cardinal(words, position + 1 + place) for place in (0, 1)]
        if all(one is not None and one.kind == "unit" for one in cents):
            return f"{found.value}." + "".join(str(one.value) for one in cents if one), position + 3
    return str(found.value), position


def _cents_at(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """The cents after "euros": "and fifty cents", "fifty"; "" if there are none."""
    if tokens[start - 1].ends_clause or "." in tokens[start - 1].after:
        return "", start
    skipped = 1 if start < len(words) and words[start] == "and" else 0
    position = start + skipped
    if position >= len(words):
        return "", start
    if words[position].isascii() and words[position].isdigit():
        value, used = int(words[position][:3]), 1
    else:
        found = cardinal(words, position)
        if found is None or found.kind not in ("unit", "pair"):
            return "", start
        value, used = found.value, found.used
    end = position + used
    if value < 100 and end < len(words) and words[end] in _CENTS:
        return f"{value:02d}", end + 1
    closes = end == len(words) or bool(tokens[end - 1].after)
    if not skipped and not tokens[start - 1].after and closes and 10 <= value < 100:
        return f"{value:02d}", end
    return "", start


def _is_cents(second: Cardinal | None) -> bool:
    return second is not None and second.kind == "pair" and 10 <= second.value < 100


def _price_stands_before(words: Sequence[str], start: int) -> bool:
    return any(tuple(words[max(0, start - len(before)) : start]) == before for before in _BEFORE_PRICE)


def _together(tokens: Sequence[Token], start: int, end: int) -> bool:
    return all(not token.after for token in tokens[start : end - 1])


def _two_words(tokens: Sequence[Token], amount: str) -> list[Token]:
    number, _, unit = amount.partition(" ")
    if not unit:
        return [merge(tokens, number)]
    return [merge(tokens[:-1], number, after=""), merge(tokens[-1:], unit)]
