"""Price limits as customers say them: "under 50 euros", "max 200", "between thirty and sixty"."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from recommender.query.money import NAME, SIGN, currencies_of

_UNIT_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_WORDS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS: Final = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS: Final = {word: 10 * value for value, word in enumerate(_TENS_WORDS.split(), start=2)}
_NUMBER_WORD: Final = r"(?:" + "|".join([*_UNITS, *_TENS, "hundred", "thousand"]) + r")"
# "and" joins only after hundred and thousand: "between thirty and sixty" names two numbers.
_JOINT: Final = r"(?:(?<=hundred)\s+and\s+|(?<=thousand)\s+and\s+|[\s-]+)"
_SPOKEN: Final = rf"(?:an?\s+(?=hundred|thousand))?\b{_NUMBER_WORD}\b(?:{_JOINT}{_NUMBER_WORD}\b)*"
_DIGITS: Final = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT: Final = rf"(?:(?P<NAME_sign>{SIGN})\s*)?(?P<NAME>{_DIGITS}|{_SPOKEN})(?:\s*(?P<NAME_currency>{NAME}))?"
# Without a currency, a number from 10 up is a price unless a unit follows: "under 50 please" and "max 200 noise
# cancelling" are, "under 50 decibels" is not. A smaller one is a price only where the words end or turn away from it.
_UNIT: Final = (
    r"(?=\s*(?:[\"”″%°]|(?:inch(?:es)?|cm|mm|km|m|met(?:re|er)s?|lit(?:re|er)s?|l|ml|kgs?|g|grams?|kilos?|db|decibels?|watts?|w|kw|"
    r"kwh|volts?|v|amps?|hours?|hrs?|h|minutes?|mins?|seconds?|days?|weeks?|months?|years?|people|persons?|cups?|slices?|"
    r"portions?|settings|place\s+settings|sockets?|gb|tb|mb|mah|ah|hz|rpm|turns|degrees|percent|pieces?|ports?|zones?|bar|"
    r"lumens?|pages?|bulbs?|eggs|square|sqm|m²|m³|k|dpi|steps|levels|speeds|programmes|times|stars?|per)\b))"
)
_CLOSED: Final = (
    r"(?=\s*(?:$|[?!;:)]|[.,](?:\s|$)|(?:please|for|and|or|with|if|but|thanks|that|in|to|i|we|max|at|total|altogether"
    r"|only|ideally|because|it|is|maximum|so|you|then|on|from|as)\b))"
)
_SURE_FROM: Final = 10

_UPPER: Final = (
    r"(?:(?:costs?|costing|priced?|spend|pay)\s+)?"
    r"(?:under|below|less\s+than|at\s+most|no\s+more\s+than|not\s+more\s+than|not\s+(?:over|above)|max(?:imum)?(?:\s+of)?"
    r"|up\s+to|cheaper\s+than|within|(?:a|my|our)?\s*budget\s*(?:of|is|:)?|limit\s*(?:of|is|:)?|don'?t\s+want\s+to\s+spend"
    r"\s+more\s+than|<=?)"
)
_LOWER: Final = (
    r"(?:over|above|more\s+than|at\s+least|no\s+less\s+than|from|min(?:imum)?(?:\s+of)?|starting\s+(?:at|from)|>=?)"
)


def _amount(name: str) -> str:
    return _AMOUNT.replace("NAME", name)


_BETWEEN: Final = re.compile(
    rf"(?:between|from)\s+{_amount('low')}\s*(?:and|to|-|–)\s*{_amount('high')}|"
    rf"(?<![\w.,]){_amount('low2')}\s*(?:to|-|–)\s*{_amount('high2')}",
    re.IGNORECASE,
)
_AT_MOST: Final = re.compile(rf"{_UPPER}\s*(?:about\s+|around\s+)?{_amount('high')}", re.IGNORECASE)
_OR_LESS: Final = re.compile(
    rf"(?<![\w.,]){_amount('high')}\s*(?:or\s+(?:less|under|below|cheaper)|max(?:imum)?\b|at\s+(?:the\s+)?most)",
    re.IGNORECASE,
)
_FOR: Final = re.compile(rf"\bfor\s+{_amount('high')}", re.IGNORECASE)
_AT_LEAST: Final = re.compile(rf"\b{_LOWER}\s*{_amount('low')}", re.IGNORECASE)
_AROUND: Final = re.compile(rf"\b(?:around|about|roughly|circa|approximately)\s+{_amount('middle')}", re.IGNORECASE)
_UNIT_FOLLOWS: Final = re.compile(_UNIT, re.IGNORECASE)
_CLOSED_AFTER: Final = re.compile(_CLOSED, re.IGNORECASE)

AROUND_SHARE: Final = Decimal("0.2")
"""“Around 50” is read as 50 plus or minus a fifth."""


@dataclass(frozen=True)
class PriceWish:
    """What a text says about the price. rest: the text without the words that were read as a price.

    currencies: codes of the currencies that the words may mean; empty where they name none.
    """

    rest: str
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    currencies: frozenset[str] = frozenset()


def read_price_wish(text: str) -> PriceWish:
    """Find price limits in a customer's words.

    >>> read_price_wish("a kettle under 50 euros").max_price
    Decimal('50')
    >>> read_price_wish("a lamp under 50 cm").max_price is None
    True
    """
    for match in _BETWEEN.finditer(text):
        low, high = ("low", "high") if match["low"] else ("low2", "high2")
        bare = match[low] if match["low"] else None  # "10-20" alone is no price without a currency
        if _is_price(text, match, high, need_currency=bare is None):
            amounts = sorted(filter(None, (_number(match[low]), _number(match[high]))))
            if len(amounts) == 2:
                return PriceWish(_without(text, match), amounts[0], amounts[1], _currencies(match, low, high))
    for pattern, need_currency in ((_AT_MOST, False), (_OR_LESS, False), (_FOR, True)):
        for match in pattern.finditer(text):
            amount = _number(match["high"])
            if amount is not None and _is_price(text, match, "high", need_currency=need_currency):
                lower = read_price_wish(_without(text, match))
                return PriceWish(lower.rest, lower.min_price, amount, _currencies(match, "high") or lower.currencies)
    for match in _AROUND.finditer(text):
        amount = _number(match["middle"])
        if amount is not None and _is_price(text, match, "middle", need_currency=True):
            near = amount * AROUND_SHARE
            return PriceWish(_without(text, match), amount - near, amount + near, _currencies(match, "middle"))
    for match in _AT_LEAST.finditer(text):
        amount = _number(match["low"])
        if amount is not None and _is_price(text, match, "low", need_currency=True):
            return PriceWish(_without(text, match), min_price=amount, currencies=_currencies(match, "low"))
    return PriceWish(text)


def _is_price(text: str, match: re.Match[str], name: str, *, need_currency: bool) -> bool:
    if any(value for group, value in match.groupdict().items() if group.endswith(("_currency", "_sign"))):
        return True
    amount = _number(match[name])
    if need_currency or amount is None or _UNIT_FOLLOWS.match(text, match.end()):
        return False
    if amount >= _SURE_FROM:
        return True
    # "under one roof", "less than two minutes": a small number in words is a count.
    return match[name][0].isdigit() and _CLOSED_AFTER.match(text, match.end()) is not None


def _currencies(match: re.Match[str], *names: str) -> frozenset[str]:
    found = match.groupdict()
    said = [found[f"{name}_{place}"] for name in names for place in ("currency", "sign")]
    return next((currencies_of(one) for one in reversed(said) if one), frozenset())


def _without(text: str, match: re.Match[str]) -> str:
    return (text[: match.start()] + " " + text[match.end() :]).strip()


def _number(text: str | None) -> Decimal | None:
    if not text:
        return None
    if not text[0].isdigit():
        return _spoken(text)
    # "1.299,00" and "1,299.00" are one number; a lone separator before three digits parts thousands.
    whole = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d{1,2}))?", text)
    plain = re.sub(r"[.,]", "", whole[1]) + (f".{whole[2]}" if whole[2] else "") if whole else text.replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _spoken(text: str) -> Decimal | None:
    total = current = 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
    return Decimal(total + current)
