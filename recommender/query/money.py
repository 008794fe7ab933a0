"""Names and signs of currencies, as customers say them."""

import re
from typing import Final

_DOLLARS: Final = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD"})
_CROWNS: Final = frozenset({"SEK", "NOK", "DKK", "ISK", "CZK"})

_NAMES: Final[dict[str, frozenset[str]]] = {
    "€": frozenset({"EUR"}),
    r"euros?": frozenset({"EUR"}),
    r"us\$|\$": _DOLLARS,
    r"dollars?": _DOLLARS,
    "£": frozenset({"GBP"}),
    r"quid|sterling|pounds?": frozenset({"GBP"}),
    r"(?:swiss\s+)?francs?|fr\.": frozenset({"CHF"}),
    r"kr|kronor|kroner|krona|crowns?": _CROWNS,
    "¥": frozenset({"JPY", "CNY"}),
    r"yen": frozenset({"JPY"}),
    r"yuan": frozenset({"CNY"}),
    r"₹|rupees?": frozenset({"INR", "PKR", "LKR"}),
    r"riyals?|rials?|sr": frozenset({"SAR", "QAR", "OMR"}),
    r"dirhams?": frozenset({"AED", "MAD"}),
    r"zł|zlotys?|zloty": frozenset({"PLN"}),
    r"forints?": frozenset({"HUF"}),
    r"₺|liras?": frozenset({"TRY"}),
    r"rand": frozenset({"ZAR"}),
    r"bucks": frozenset(),
}
_CODES: Final = "EUR USD GBP CHF SEK NOK DKK CZK PLN HUF TRY JPY CNY INR SAR AED QAR CAD AUD NZD SGD HKD ZAR".lower()
_SIGNS: Final = "€|us\\$|\\$|£|¥|₹|₺|zł"

SIGN: Final = rf"(?:{_SIGNS}|(?:{'|'.join(_CODES.split())})\b)"
"""A pattern for what may stand before a number: "€ 50", "EUR 50"."""

NAME: Final = (
    rf"(?:{_SIGNS}|(?:{'|'.join([*_CODES.split(), *(n for n in _NAMES if n[0].isalpha() or n[0] == '(')])})\b)"
)
"""A pattern for what may stand after a number: "50 €", "50 euros", "50 kr"."""


def currencies_of(name: str) -> frozenset[str]:
    """Codes (ISO 4217) that a name or sign may mean; empty for one that fits any currency ("bucks").

    >>> sorted(currencies_of("£"))
    ['GBP']
    >>> "CAD" in currencies_of("dollars")
    True
    """
    plain = name.strip().casefold()
    if plain in _CODES.split():
        return frozenset({plain.upper()})
    for pattern, codes in _NAMES.items():
        if re.fullmatch(pattern, plain):
            return codes
    return frozenset()
