"""Where somebody lives: a street with its number, and the postcode that belongs to it."""

import re
from collections.abc import Iterator
from typing import Final

from privacy.redaction.context import compiled, has_any
from privacy.redaction.spans import Kind, Span

_NUMBER = r"\d{1,5}(?:\s?[a-zA-Z](?![\w]))?(?:\s?[-/]\s?\d{1,4}[a-zA-Z]?)?"
_WORD = r"[^\W\d_][\w'’.-]{0,30}"
_CAPITAL = r"(?-i:[^\W\d_a-zäöüßàâçéèêëîïôûñóíáúåøæ])[\w'’.-]{0,30}"
# Words that are a street and little else, so that the name before them may be in small letters.
_STREET: Final = "street|road|avenue|boulevard|lane|crescent|terrace|highway|alley|mews"
# Words that are other things as well: the name before them must begin with a capital letter.
_OTHER: Final = (
    "st|rd|ave|av|blvd|ln|dr|drive|way|court|ct|close|place|pl|square|sq|gardens|row|hill|park|grove|quay|walk|approach|"
    "green|wharf|mount|parade|rise|view|bridge|broadway|mall|meadow|meadows|vale|yard|gate|circle|trail|parkway|pkwy"
)
_OTHER_CAPITAL: Final = "|".join(word.capitalize() for word in _OTHER.split("|"))
# What may stand between a number and "street" only where no street is meant.
_SMALL: Final = (
    "the|a|an|my|your|our|on|in|at|of|to|by|is|was|are|and|or|for|from|this|that|it|i|you|we|they|items?|days?|weeks?|"
    "hours?|minutes?|times?|euros?|pounds?|dollars?|people|km|miles?|boxes|pieces|parcels|orders?"
)
_NAME: Final = rf"(?!(?:{_SMALL})\b){_WORD}"
_LINES: Final = tuple(
    compiled(pattern)
    for pattern in (
        rf"(?<![\w.,-]){_NUMBER},?\s+{_NAME}(?:\s+{_NAME}){{0,3}}\s+(?:{_STREET})\b",
        rf"(?<![\w.,-]){_NUMBER},?\s+(?:{_CAPITAL}\s+){{1,3}}(?-i:{_OTHER_CAPITAL})\b\.?",
        rf"\b[^\W\d_][\w-]{{1,40}}(?:straße|strasse|str\.|stieg|gasse|allee|chaussee|ufer|damm)\s*{_NUMBER}",
        rf"\b(?-i:[A-ZÄÖÜ])[\w-]{{2,40}}(?-i:weg|platz|ring|hof|berg)\s+{_NUMBER}",
        rf"\b(?:{_CAPITAL}\s+){{1,2}}(?-i:Straße|Strasse|Str\.|Allee|Weg|Platz|Ring|Gasse)\s+{_NUMBER}",
        rf"(?<![\w.,-]){_NUMBER}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|boulevard|bd|chemin|impasse|quai|allée|place)\s+"
        rf"(?:(?:de|du|des|la|le|les|l['’]|d['’])\s*){{0,3}}{_WORD}(?:\s+{_CAPITAL}){{0,2}}",
        rf"\b(?:calle|avenida|avda\.?|plaza|paseo|via|viale|piazza|corso|largo|rua|praça|ulica|ul\.)\s+"
        rf"(?:(?:de|del|della|dei|di|la|las|los|da|do)\s+){{0,2}}{_WORD}(?:\s+{_CAPITAL}){{0,2}},?\s+"
        rf"(?:n[.º°]?\s*)?{_NUMBER}",
        rf"\b{_CAPITAL}(?:straat|laan|gracht|kade|plein|gatan|vägen|gata)\s+{_NUMBER}",
        r"\bp\.?\s?o\.?\s?box\s+\d{1,6}\b",
        rf"\b(?:flat|apartment|apt\.?|unit|suite)\s+\d{{1,4}}[a-z]?,\s+{_NUMBER}\s+{_WORD}(?:\s+{_WORD}){{0,3}}\s+"
        rf"(?:{_STREET})\b",
    )
)
_UK: Final = compiled(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y])"
    r" ?\d[ABD-HJLNP-UW-Z]{2})\b"
)
_US: Final = re.compile(
    r"\b(?:[A-Z][\w.-]*,?\s+){0,2}(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|"
    r"S[CD]|T[NX]|UT|V[AT]|W[AIVY])\s+\d{5}(?:-\d{4})?\b"
)
_CANADA: Final = re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d\b")
_TOWN: Final = r"[^\W\d_a-z][^\W\d_]{2,}(?:[ -][^\W\d_a-z][^\W\d_]+){0,2}"
_DIGITS: Final = re.compile(
    rf"\b(?:[A-Z]{{1,2}}-)?(?:\d{{5}}|\d{{4}}\s?[A-Z]{{2}}|\d{{2}}-\d{{3}}|\d{{4}})(?:\s+{_TOWN})?(?![\w-])"
)
_NAMED: Final = compiled(
    r"\b(?:post\s?code|postal code|zip(?: code)?|plz|postleitzahl|code postal|código postal|cap)\b"
    r"(?:\s+(?:is|ist|est|es|è))?\s*[:=]?\s*(?P<code>[A-Z]{0,2}-?\d[\w-]{2,7}(?: \d?[A-Z]{2,3}\b)?)"
)
_HOME: Final = (
    "address", "live in", "live at", "lives in", "living in", "deliver to", "send it to", "ship to", "ship it to",
    "adresse", "wohne in", "anschrift", "wohnhaft",
)  # fmt: skip
_NEAR: Final = 40


def find_addresses(text: str) -> Iterator[Span]:
    """Streets with a number, British, American and Canadian postcodes, and other postcodes near a street or a word."""
    if not any(char.isdigit() for char in text):
        return
    streets = [match.span() for pattern in _LINES for match in pattern.finditer(text)]
    yield from (Span(start, end, Kind.ADDRESS) for start, end in streets)
    for pattern in (_UK, _US, _CANADA):
        yield from (Span(*match.span(), Kind.ADDRESS) for match in pattern.finditer(text))
    for match in _NAMED.finditer(text):
        yield Span(*match.span("code"), Kind.ADDRESS)
    for match in _DIGITS.finditer(text):
        near = any(start - _NEAR <= match.start() <= end + _NEAR for start, end in streets)
        if near or (" " in match[0] and has_any(text, *match.span(), _HOME)):
            yield Span(*match.span(), Kind.ADDRESS)
