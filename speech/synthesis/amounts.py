"""Numbers, prices and quantities as they are said in English."""

import re
from typing import Final

# One, many, and the hundredth part.
_EURO, _DOLLAR, _POUND = ("euro", "euros", "cents"), ("dollar", "dollars", "cents"), ("pound", "pounds", "pence")
CURRENCY_MARKS: Final = {
    **{"€": _EURO, "eur": _EURO, "euro": _EURO},
    **{"$": _DOLLAR, "usd": _DOLLAR, "dollar": _DOLLAR},
    **{"£": _POUND, "gbp": _POUND, "pound": _POUND},
}
_UNITS: Final = {
    **{"kg": "kilogram", "g": "gram", "km": "kilometre", "m": "metre", "cm": "centimetre", "mm": "millimetre"},
    **{"l": "litre", "ml": "millilitre", "W": "watt", "kW": "kilowatt", "V": "volt", "h": "hour", "min": "minute"},
    **{"GB": "gigabyte", "MB": "megabyte", "TB": "terabyte", "kWh": "kilowatt hour", "mAh": "milliampere hour"},
}
_WITHOUT_PLURAL: Final = {
    **{"%": "percent", "Hz": "hertz", "°C": "degrees Celsius", "°F": "degrees Fahrenheit", "°": "degrees"},
}


def price_words(amount: str, currency: tuple[str, str, str]) -> str:
    """An amount with its currency. The last mark before one or two digits parts the hundredths; others group.

    >>> price_words("1,299.00", CURRENCY_MARKS["€"]), price_words("19,9", CURRENCY_MARKS["€"])
    ('1299 euros', '19 euros 90')
    """
    parted = re.fullmatch(r"(?P<whole>[\d,. ]*?\d)(?:[.,](?P<part>\d{1,2}))?", amount)
    whole_digits, part_digits = (parted["whole"], parted["part"] or "") if parted else (amount, "")
    whole = re.sub(r"\D", "", whole_digits).lstrip("0") or "0"
    part = int(part_digits.ljust(2, "0")) if part_digits else 0
    one, many, hundredths = currency
    if whole == "0" and part:
        return f"{part} {hundredths}"
    words = f"{whole} {one if whole == '1' else many}"
    return f"{words} {part}" if part else words


def number_words(number: str) -> str:
    """A number with groups or decimals, or a version: "4.50" → "4 point 5 0".

    >>> number_words("12,500"), number_words("3.14"), number_words("1.2.3"), number_words("1,2")
    ('12500', '3 point 1 4', '1 point 2 point 3', '1, 2')
    """
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    listed = []
    for item in number.split(","):
        first, *rest = item.split(".")
        listed.append(" point ".join([first, *(" ".join(part) for part in rest)]))
    return ", ".join(listed)


def measure_words(quantity: str, unit: str) -> str:
    """A quantity with its unit.

    >>> measure_words("1.5", "l"), measure_words("1", "kg"), measure_words("20", "%")
    ('1 point 5 litres', '1 kilogram', '20 percent')
    """
    number = number_words(quantity) if "." in quantity or "," in quantity else quantity
    if unit in _WITHOUT_PLURAL:
        return f"{number} {_WITHOUT_PLURAL[unit]}"
    return f"{number} {_UNITS[unit]}{'' if quantity == '1' else 's'}"
