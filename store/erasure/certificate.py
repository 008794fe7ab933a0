"""What an erasure found, did and proved. Names nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from privacy import Outcome, Place, places

_ORDERS_STAY: Final = "What was ordered and paid stays for the shop's accounts; name, address and e-mail go."
_AUDIT_STAYS: Final = "The entries stay, so that the record is whole; whose data it was can no longer be read."
_REQUESTS_STAY: Final = "That there was a request stays, with its dates; who asked and what goes."
_NOTHING_LEARNED: Final = "Nothing was learned from you, so there is nothing to forget."
_LEARNED_ANEW: Final = "What was learned from what you did in the shop is made anew without you."
NOTES: Final[Mapping[str, str]] = {
    "orders": _ORDERS_STAY,
    "audit": _AUDIT_STAYS,
    "requests": _REQUESTS_STAY,
    "recommender": _LEARNED_ANEW,
}


@dataclass(frozen=True)
class StoreCount:
    """One place of a preview or certificate. count: rows, events, files or examples."""

    name: str
    title: str
    purpose: str
    outcome: Outcome
    count: int
    note: str

    @classmethod
    def of(cls, place: Place, count: int) -> "StoreCount":
        """The line of a place."""
        note = _NOTHING_LEARNED if place.name == "recommender" and not count else NOTES.get(place.name, "")
        return cls(place.name, place.title, place.purpose, place.outcome, count, note)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "purpose": self.purpose,
            "outcome": self.outcome.value,
            "count": self.count,
            "note": self.note,
        }


@dataclass(frozen=True)
class Backup:
    """A copy of a database beside the running ones. holds: the person is in it; None: not looked."""

    name: str
    at: datetime
    holds: bool | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"name": self.name, "at": self.at.isoformat(), "holds": self.holds}


@dataclass(frozen=True)
class Preview:
    """What an erasure would do now."""

    stores: tuple[StoreCount, ...]
    backups: tuple[Backup, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "stores": [store.to_dict() for store in self.stores],
            "backups": [backup.to_dict() for backup in self.backups],
        }


@dataclass(frozen=True)
class Certificate:
    """What an erasure did. residual: where something was found afterwards; empty when all is gone.

    searched: files, bytes, values (of tables), needles, unchanged (big files older than the person), unreadable.
    pending: what a person has to do, in words, such as dealing with backups.
    """

    id: str
    at: datetime
    seconds: float
    stores: tuple[StoreCount, ...]
    searched: Mapping[str, Any]
    residual: tuple[str, ...]
    backups: tuple[Backup, ...] = ()
    pending: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Nothing was found, and everything could be read."""
        return not self.residual and not self.searched.get("unreadable")

    def to_dict(self) -> dict[str, Any]:
        """For JSON, the database and the person who asked."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "ok": self.ok,
            "seconds": self.seconds,
            "stores": [store.to_dict() for store in self.stores],
            "search": dict(self.searched),
            "residual": list(self.residual),
            "backups": [backup.to_dict() for backup in self.backups],
            "pending": list(self.pending),
        }


def stores_of(counts: Mapping[str, int]) -> tuple[StoreCount, ...]:
    """A line for every place that can hold data of people, in the order of places.toml."""
    return tuple(
        StoreCount.of(place, counts.get(place.name, 0))
        for place in places()
        if place.outcome not in (Outcome.NONE, Outcome.KEPT)
    )
