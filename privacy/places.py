"""Every place that holds data: whose, why, how long, and what an erasure does to it. The data is in places.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from privacy.errors import PrivacyError

_FILE: Final = Path(__file__).resolve().parent / "places.toml"
_REST: Final = "-"
LIVE: Final = "live"
"""The period of what is deleted as soon as its work is done."""
KEPT: Final = "kept"
"""The period of what stays as long as the installation."""
_SHORTEST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(days=36_500)
_MOST_DIGITS: Final = 8


class PlacesError(PrivacyError):
    """The list of places, or a period of the settings, cannot be used."""

    code = "retention_invalid"


class Holder(StrEnum):
    """Whose data a place holds. EMAIL: whoever bought under an address."""

    CUSTOMER = "customer"
    ACCOUNT = "account"
    EMAIL = "email"
    NOBODY = "nobody"


class Basis(StrEnum):
    """Why the data may be kept."""

    CONTRACT = "contract"
    CONSENT = "consent"
    LEGAL = "legal"
    INTEREST = "interest"
    NONE = "none"


class Outcome(StrEnum):
    """What an erasure does to a place."""

    DELETED = "deleted"
    UNREADABLE = "unreadable"
    STRIPPED = "stripped"
    KEPT = "kept"
    NONE = "none"


@dataclass(frozen=True)
class Place:
    """One place. title, purpose: in words for customers and papers.

    period: the name of a Period, LIVE or KEPT. personal, other: the columns of each table that say something about a
    person, and the rest. files: patterns relative to the installation's folder.
    """

    name: str
    title: str
    purpose: str
    holder: Holder
    basis: Basis
    period: str
    outcome: Outcome
    personal: Mapping[str, tuple[str, ...]]
    other: Mapping[str, tuple[str, ...]]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Period:
    """How long a type of data stays. after: what the time counts from, in words."""

    name: str
    title: str
    after: str
    length: timedelta


@cache
def places() -> tuple[Place, ...]:
    """All places, in the order in which a person reads them. Raises: PlacesError."""
    raw = _raw()
    found = tuple(_place(entry) for entry in raw["place"])
    known = {*raw["period"], LIVE, KEPT}
    for place in found:
        if place.period not in known:
            raise PlacesError(
                f"place {place.name} names the period {place.period!r}; known: {', '.join(sorted(known))}."
            )
    if len({place.name for place in found}) < len(found):
        raise PlacesError("two places of places.toml have the same name; expected one entry for each.")
    return found


def periods(changes: str = "") -> dict[str, Period]:
    """The periods by name. changes: the setting, such as "conversations=180d, readings=12h". Raises: PlacesError."""
    found = {
        name: Period(name, str(entry["title"]), str(entry["after"]), _length(name, str(entry["length"])))
        for name, entry in _raw()["period"].items()
    }
    for part in (piece.strip() for piece in changes.split(",")):
        if not part:
            continue
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in found or _raw()["period"][name].get("fixed", False):
            free = ", ".join(known for known in found if not _raw()["period"][known].get("fixed", False))
            raise PlacesError(f"{name!r} is no type of data with a time to choose; expected one of {free}.")
        before = found[name]
        found[name] = Period(name, before.title, before.after, _length(name, value))
    return found


def _length(name: str, value: str) -> timedelta:
    units = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
    digits, unit = value[:-1], value[-1:]
    if unit not in units or not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_DIGITS:
        raise PlacesError(f"{name}={value!r} is no length of time; expected a number with d, h or m, such as 30d.")
    length = int(digits) * units[unit]
    if not _SHORTEST <= length <= _LONGEST:
        raise PlacesError(f"{name}={value} is not between one minute and 36,500 days; expected e.g. 30d.")
    return length


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _place(raw: Mapping[str, Any]) -> Place:
    personal: dict[str, tuple[str, ...]] = {}
    other: dict[str, tuple[str, ...]] = {}
    for table, columns in raw.get("tables", {}).items():
        at = columns.index(_REST) if _REST in columns else len(columns)
        personal[table], other[table] = tuple(columns[:at]), tuple(columns[at + 1 :])
    try:
        return Place(
            name=raw["name"],
            title=raw["title"],
            purpose=raw["purpose"],
            holder=Holder(raw["holder"]),
            basis=Basis(raw["basis"]),
            period=raw["period"],
            outcome=Outcome(raw["outcome"]),
            personal=personal,
            other=other,
            files=tuple(raw.get("files", ())),
        )
    except (KeyError, ValueError) as err:
        raise PlacesError(f"a place of places.toml cannot be read ({err}); see the head of the file.") from None
