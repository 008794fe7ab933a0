"""How well the values of a column suit a field. Pure: names are judged in `fields`, choices are made in `proposal`."""

import re
from typing import Final

from recommender.catalogue.categories import SURE_SEPARATORS
from recommender.catalogue.fields import RELATIONS, Field, plain_name
from recommender.catalogue.profile import Profile

LEAST: Final = 0.4
"""A column whose name and values fit a field less than this is a fact of its own."""
_OTHER_PRICE: Final = re.compile(
    r"\b(old|was|previous|compare|before|original|alt\w*|streich\w*|ancien|barre|anterior|shipping|delivery|versand\w*|"
    r"range|history|min|max|from|international|per (?:unit|kg|litre|liter)|grundpreis|installment|deposit|netto?|net|"
    r"excl\w*)\b"
)
_STATES: Final = frozenset(
    {
        "active", "draft", "archived", "published", "unpublished", "visible", "hidden", "enabled", "disabled",
        "private", "pending",
    }
)  # fmt: skip


_UNIQUE: Final = ((0.98, 1.0), (0.7, 0.95), (0.3, 0.7))
"""Of an id: how much its values are believed, by the share of them that are different."""


def may_be(name: Field, column: str) -> bool:
    """Whether a column so called can be the field: "old price" is no price."""
    return name is not Field.PRICE or _OTHER_PRICE.search(plain_name(column)) is None


def fit(name: Field, shape: Profile) -> float:
    """How well values suit a field that the column's name suggests: 1 wholly, 0 not at all."""
    no_address = 1.0 - shape.addresses
    match name:
        case Field.ID:
            short = 1.0 if shape.length <= 64 else 0.3
            unique = next((told for least, told in _UNIQUE if shape.distinct > least), 0.15)
            return short * unique * (1.0 if shape.filled > 0.9 else 0.8 * shape.filled) * (1 - shape.money) * no_address
        case Field.TITLE:
            return (
                (0.45 + 0.55 * shape.letters) * no_address * (1 - shape.truths) * (0.6 if shape.length > 200 else 1.0)
            )
        case Field.DESCRIPTION:
            return (
                (0.2 + 0.8 * shape.letters)
                * no_address
                * (1.0 if shape.words > 1.5 else 0.6)
                * (0.7 + 0.3 * min(1, shape.length / 60))
            )
        case Field.CATEGORY:
            flat = 1.0 if shape.distinct < 0.9 or shape.different < 20 else 0.6
            return flat * (0.15 + 0.85 * shape.letters) * no_address * (1.0 if shape.length < 200 else 0.5)
        case Field.PRICE | Field.SALE_PRICE:
            # What is called a price is one, so that a row with another thing there is told, and not taken without.
            return 0.45 + 0.55 * min(1.0, shape.amounts * 1.25)
        case Field.CURRENCY:
            return 1.0 if shape.length <= 4 and not shape.amounts else 0.1
        case Field.STOCK:
            return max(shape.amounts, shape.stocks, shape.truths * 0.9)
        case Field.AVAILABILITY:
            return max(shape.stocks, shape.truths, shape.amounts * 0.6)
        case Field.PUBLISHED:
            states = sum(text.lower() in _STATES for text in shape.samples) / max(1, len(shape.samples))
            return max(shape.truths, states)
        case Field.IMAGE:
            return max(shape.addresses, 0.45)
        case Field.URL:
            return shape.addresses * (0.5 if shape.pictures > 0.5 else 1.0)
        case Field.GROUP:
            return 1.0 if shape.distinct < 0.98 else 0.2
        case _ if name in RELATIONS:
            return 0.2 if shape.truths > 0.5 and shape.whole < 0.5 else 1.0
    return 1.0


def score_of_values(name: Field, shape: Profile, place: int) -> float:
    """How much values alone, under a name that says nothing, look like a field's; 0 to 0.6."""
    text = shape.letters > 0.9 and shape.addresses < 0.1 and shape.truths < 0.1 and shape.amounts < 0.1
    match name:
        case Field.ID if shape.filled > 0.99 and shape.distinct > 0.99 and shape.words < 1.2 and shape.length < 40:
            if shape.addresses or shape.money or shape.different < 2:
                return 0.0
            return LEAST if shape.counting else 0.52 - 0.01 * min(place, 10)
        case Field.ID if shape.filled > 0.99 and shape.distinct > 0.7 and shape.words < 1.1 and 5 <= shape.length < 20:
            return 0.44 - 0.01 * min(place, 3) if shape.whole > 0.9 else 0.0
        case Field.TITLE if text and shape.distinct > 0.5 and 1.2 < shape.words < 25 and shape.length < 200:
            return 0.5 - 0.005 * min(place, 10)
        case Field.DESCRIPTION if text and shape.words > 8 and shape.distinct > 0.3:
            return 0.42 + 0.1 * min(1.0, shape.length / 300)
        case Field.CATEGORY if text and shape.filled > 0.7 and shape.different > 1:
            if shape.paths in SURE_SEPARATORS:
                return 0.55
            few = shape.distinct < 0.3 and shape.length < 60 and shape.length > 3
            return 0.42 if few else 0.0
        case Field.PRICE if shape.money > 0.6:
            return 0.55
        case Field.PRICE if shape.amounts > 0.8 and shape.whole < 0.5 and shape.filled > 0.5:
            return 0.43
        case Field.IMAGE if shape.pictures > 0.6:
            return 0.6
        case Field.URL if shape.addresses > 0.8 and shape.pictures < 0.3:
            return 0.5 if shape.distinct > 0.5 else 0.0
        case Field.AVAILABILITY if shape.stocks > 0.8 and shape.different < 30:
            return 0.5
    return 0.0
