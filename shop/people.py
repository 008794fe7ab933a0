"""Invented customers. Names are drawn apart, addresses do not exist; every e-mail is at a reserved domain."""

import random
import unicodedata
from dataclasses import dataclass
from typing import Final

DOMAINS: Final = ("example.com", "example.org", "example.net")

_FIRST: Final = (
    "Amelie, Ben, Clara, David, Elif, Felix, Greta, Hannes, Ida, Jakob, Katarina, Leon, Mira, Nils, Olga, Paul, "
    "Rosa, Samir, Theresa, Viktor, Yara, Emil, Frida, Marek, Noor, Ole, Pia, Ruben, Selma, Timo"
)
_LAST: Final = (
    "Adler, Brandt, Castellan, Dorn, Engels, Falk, Graf, Hallmann, Ivers, Jung, Karaman, Lindner, Moreau, Nowak, "
    "Ostermann, Peters, Quast, Rehm, Sander, Thalberg, Ulrich, Vogt, Wieland, Yilmaz, Zeller"
)
_STREETS: Final = (
    "Ahornweg, Birkenallee, Drosselgasse, Eichenring, Fliederstrasse, Gartenweg, Hafenstrasse, Im Winkel, "
    "Kastanienallee, Lindenplatz, Mühlbach, Nordring, Obere Gasse, Parkstrasse, Rosenweg, Schulberg, Talstrasse, "
    "Uferweg"
)
_CITIES: Final = (
    "10115 Berlin, 20095 Hamburg, 80331 München, 50667 Köln, 60311 Frankfurt, 70173 Stuttgart, 40213 Düsseldorf, "
    "04109 Leipzig, 28195 Bremen, 01067 Dresden, 30159 Hannover, 90402 Nürnberg, 44135 Dortmund, 79098 Freiburg, "
    "24103 Kiel, 99084 Erfurt, 55116 Mainz, 86150 Augsburg, 34117 Kassel, 18055 Rostock"
)


@dataclass(frozen=True)
class Person:
    """One invented customer."""

    name: str
    email: str
    street: str
    postcode: str
    city: str


def invent_people(count: int, draw: random.Random) -> list[Person]:
    """So many different customers. count: at most 750, the pairs of first and last names."""
    firsts, lasts = _FIRST.split(", "), _LAST.split(", ")
    pairs = [(first, last) for first in firsts for last in lasts]
    return [_person(first, last, draw) for first, last in draw.sample(pairs, count)]


def email_of(name: str, domain: str) -> str:
    """firstname.lastname at the domain, without accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(plain.split())}@{domain}"


def _person(first: str, last: str, draw: random.Random) -> Person:
    postcode, city = draw.choice(_CITIES.split(", ")).split(maxsplit=1)
    return Person(
        name=f"{first} {last}",
        email=email_of(f"{first} {last}", draw.choice(DOMAINS)),
        street=f"{draw.choice(_STREETS.split(', '))} {draw.randint(1, 98)}",
        postcode=postcode,
        city=city,
    )
