"""Amounts of money as people and programs write them: "1.299,00 €", "SR 2,375", "12,-"."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

CODES: Final = frozenset(
    {
        "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
        "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
        "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
        "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
        "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
        "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
        "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
        "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
        "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD",
        "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF",
        "YER", "ZAR", "ZMW", "ZWL",
    }
)  # fmt: skip
_SIGNS: Final = {
    "€": "EUR", "£": "GBP", "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD",
    "hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "$": "USD", "¥": "JPY", "円": "JPY", "元": "CNY", "₹": "INR",
    "rs.": "INR", "rs": "INR", "₩": "KRW", "₽": "RUB", "руб": "RUB", "₺": "TRY", "tl": "TRY", "₴": "UAH", "₪": "ILS",
    "₫": "VND", "đ": "VND", "฿": "THB", "₦": "NGN", "₱": "PHP", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF",
    "lei": "RON", "лв": "BGN", "sr": "SAR", "ر.س": "SAR", "﷼": "SAR", "dhs": "AED", "fr.": "CHF", "sfr": "CHF",
    "kr": "SEK", "kr.": "DKK", "rm": "MYR", "rp": "IDR", "r": "ZAR", "euro": "EUR", "euros": "EUR", "dollars": "USD",
    "dollar": "USD", "pounds": "GBP",
}  # fmt: skip
# The longest sign first ("us$" before "$"); one of letters stands apart from other letters.
_SIGN: Final = re.compile(
    "|".join(
        rf"(?<![a-z]){re.escape(sign)}(?![a-z])" if sign[0].isascii() and sign[0].isalpha() else re.escape(sign)
        for sign in sorted(_SIGNS, key=len, reverse=True)
    )
)
_TOKEN: Final = re.compile(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])")
MOST: Final = Decimal(10) ** 12
_NUMBER: Final = re.compile(r"[-+−]?\s*(?:\d[\d.,'’\s\u00a0\u202f٬٫]*|[.,]\d+)")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_BESIDE: Final = (
    {code.lower() for code in CODES}
    | {word for sign in _SIGNS for word in _LETTERS.findall(sign)}
    | {
        "incl", "inkl", "including", "excl", "exkl", "vat", "mwst", "ust", "tax", "taxes", "ttc", "ht", "iva",
        "btw", "moms", "gst", "each", "per", "pro", "je", "pc", "pcs", "piece", "stk", "stück", "st", "unit",
        "only", "now", "just", "price", "preis", "rrp", "uvp", "msrp", "ca", "circa", "approx", "net",
        "gross", "brutto", "netto", "m", "kg", "g", "l", "ml", "cm", "k", "s",
    }
)  # fmt: skip
"""Words that may stand beside an amount."""
_SPACED: Final = re.compile(r"['’\s\u00a0\u202f]")
_GROUPS: Final = re.compile(r"-?\s*\d{1,3}(?:['’\s\u00a0\u202f]\d{3})*(?:[.,]\d+)?|-\s*[\d.,]+")
_CENTS: Final = Decimal("0.01")
_NO_PRICE: Final = re.compile(
    r"^(?:no (?:old |new |special )?price|price on request|on request|upon request|ask.*|call.*|contact.*|inquire.*|"
    r"enquire.*|p\.?o\.?a\.?|auf anfrage|preis auf anfrage|sur demande|a consultar|su richiesta|op aanvraag|"
    r"not (?:for sale|available)|unavailable|see (?:website|store).*|varies|variable)$",
    re.IGNORECASE,
)
_FREE: Final = frozenset({"free", "gratis", "kostenlos", "gratuit", "umsonst", "free of charge"})
_FROM: Final = re.compile(r"^\s*(?:from|ab|à partir de|starting(?: at)?|desde|da|vanaf|od|från)\b", re.IGNORECASE)


class Sign(StrEnum):
    """What separates whole units from parts of one."""

    POINT = "."
    COMMA = ","


@dataclass(frozen=True)
class Amount:
    """What a cell says of a price. value: None if it names none. currency: None if it names none.

    vague: a range or "from", which is no price of this item.
    """

    value: Decimal | None
    currency: str | None = None
    vague: bool = False


def read_amount(words: str, sign: Sign = Sign.POINT) -> Amount:
    """One amount.

    sign: what "1.299" or "1,299", which may be read both ways, is to be read by.
    Raises: ValueError for words that are no amount.
    """
    text = words.strip()
    lowered = text.lower()
    if not text or _NO_PRICE.match(lowered):
        return Amount(None)
    if lowered in _FREE:
        return Amount(Decimal(0))
    numbers = [found.group().strip(" \u00a0\u202f") for found in _NUMBER.finditer(text)]
    rest = _NUMBER.sub(" ", text)
    currency = currency_in(rest)
    if (
        len(numbers) == 1
        and re.fullmatch(r"[-+]?\d+(?:[.,]\d+)?", numbers[0])
        and re.match(r"^\s*e[+-]?\s*$", rest.lower())
    ):
        raise ValueError("a number in scientific notation")
    if not numbers:
        raise ValueError("no number")
    if len(numbers) > 1 or _FROM.match(text):
        if len(numbers) > 2 or not (
            _FROM.match(text) or re.search(r"\d[^\d]*(?:-|–|—|to|bis|à|/|\.\.)[^\d]*\d", lowered)
        ):
            raise ValueError("more than one number")
        return Amount(None, currency, vague=True)
    if not all(word in _BESIDE for word in _LETTERS.findall(rest.lower())):
        raise ValueError("other words than a price has")
    value = _decimal(numbers[0].lstrip("+"), sign)
    if re.search(r"\d\s*[kKmM]\b", text) and currency is None:
        raise ValueError("a shortened number")
    if value < 0:
        raise ValueError("below 0")
    if value > MOST:
        raise ValueError("beyond any price")
    return Amount(value.quantize(_CENTS, ROUND_HALF_UP), currency)


@lru_cache(maxsize=4096)
def currency_in(words: str) -> str | None:
    """The currency that words name by sign or code: "Price (EUR)", "US$"; None without one."""
    if not words.strip():
        return None
    for token in _TOKEN.findall(words):
        if token.upper() in CODES and (token.isupper() or len(words.strip()) <= 5):
            return str(token.upper())
    found = _SIGN.search(words.lower())
    return None if found is None else _SIGNS[found.group()]


def looks_like_amount(words: str) -> bool:
    """Whether this is a number, with or without a currency, and nothing else."""
    if len(words) > 40 or not any(letter.isdigit() for letter in words):
        return False
    try:
        amount = read_amount(words)
    except ValueError:
        return False
    rest = re.sub(r"[\d\s.,'’+\-−–—]", "", words)
    named = currency_in(rest) is not None
    return named if amount.vague else amount.value is not None and (not rest or named)


def find_sign(values: Iterable[str]) -> Sign | None:
    """The decimal sign that these amounts are written with; None if nothing tells.

    A sign that stands before other than three digits, or after the other sign, is the decimal one.
    """
    votes: Counter[Sign] = Counter()
    for words in values:
        for found in _NUMBER.finditer(words[:60]):
            decisive = _decisive(found.group().strip())
            if decisive is not None:
                votes[decisive] += 1
    if not votes:
        return None
    return votes.most_common(1)[0][0]


def _decisive(number: str) -> Sign | None:
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return Sign.POINT if number.rfind(".") > number.rfind(",") else Sign.COMMA
    if points + commas == 0:
        return None
    mark, other = (Sign.POINT, Sign.COMMA) if points else (Sign.COMMA, Sign.POINT)
    if points + commas > 1:
        # Thousands are what stands more than once.
        return other
    before, _, after = number.partition(mark.value)
    if len(after) != 3 or before.lstrip("+-−") in ("", "0") or len(before.lstrip("+-− ")) > 3:
        return mark if after.isdigit() else None
    return None


def _decimal(number: str, sign: Sign) -> Decimal:
    plain = number.replace("−", "-").replace("٬", "").replace("٫", ".")
    if _SPACED.search(plain) and not _GROUPS.fullmatch(plain.rstrip(".,")):
        raise ValueError("more than one number")
    plain = _SPACED.sub("", plain)
    plain = re.sub(r"[.,]+$", "", plain)
    decimal = _decisive(plain) or sign
    other = "," if decimal is Sign.POINT else "."
    plain = plain.replace(other, "")
    if plain.count(decimal.value) > 1:
        raise ValueError("a number with several decimal signs")
    plain = plain.replace(",", ".")
    digits = plain.replace(".", "").lstrip("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 30:
        raise ValueError("no number")
    return Decimal(plain)
