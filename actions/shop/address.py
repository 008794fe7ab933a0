"""A postal address in a customer's words."""

import re
from dataclasses import dataclass
from typing import Final, Self

_LONGEST_READ: Final = 300
_ADDRESS: Final = re.compile(
    r"(?P<street>[^\W\d][^,;:\n]{1,60}?\b\d{1,4}(?: ?[a-zA-Z])?)(?!\d)\s*(?:[,;]|\bin\b|\s)\s*"
    r"(?P<postcode>\d{5})\s+(?P<city>[^\W\d][^\d,;:!?\n]{1,40})"
)
# What people say before the street and after the town.
_BEFORE: Final = re.compile(r".*\b(?:to|is|at|address|new|please|send|deliver)\b\s*", re.IGNORECASE)
_AFTER: Final = re.compile(r"\s*(?:\b(?:please|thanks|thank you|instead|now)\b.*|[.]\s.*|[.])$", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """Street with house number, postcode of five digits, town."""

    street: str
    postcode: str
    city: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The address in a text, or None.

        >>> Address.parse("please send it to Lindenweg 4, 10115 Berlin instead")
        Address(street='Lindenweg 4', postcode='10115', city='Berlin')
        """
        found = _ADDRESS.search(text[:_LONGEST_READ])
        if found is None:
            return None
        street = _BEFORE.sub("", found["street"]).strip()
        city = _AFTER.sub("", found["city"]).strip()
        if not re.match(r"[^\W\d].*\d", street) or len(city) < 2:
            return None
        return cls(" ".join(street.split()), found["postcode"], " ".join(city.split()))

    def __str__(self) -> str:
        return f"{self.street}, {self.postcode} {self.city}"
