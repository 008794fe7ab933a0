"""A log of what people did with items, in any columns: views, purchases, ratings."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from recommender.catalogue.columns import Sample
from recommender.catalogue.fields import plain_name
from recommender.catalogue.formats import open_table
from recommender.catalogue.ids import item_id
from recommender.catalogue.moments import finds_day_first, read_moment
from recommender.catalogue.profile import Profile
from recommender.catalogue.records import Record, Rejected, Table
from recommender.catalogue.source import Source
from recommender.catalogue.values import as_text
from recommender.errors import CatalogueFileError, MappingError
from vocabulary import Interaction, InteractionKind

FIELDS: Final = ("subject", "item", "kind", "value", "at")
_NAMES: Final[dict[str, str]] = {
    "subject": "user|user id|userid|customer|customer id|customerid|visitor|visitor id|visitorid|client|client id|"
    "member id|reviewer id|session|session id|account|account id|profile id|kunde|kundennummer|kunden id|uid|u|person",
    "item": "item|item id|itemid|product|product id|productid|sku|asin|article|article id|movie id|movieid|song id|"
    "book id|isbn|stock code|stockcode|artikel|artikelnummer|produkt|produkt id|i|variant sku|product code|parent asin",
    "kind": "event|event type|type|kind|action|behavior|behaviour|interaction|activity|ereignis",
    "value": "rating|ratings|overall|score|stars|value|review score|bewertung|sterne|dwell|seconds|duration",
    "at": "timestamp|time|date|datetime|at|created at|event time|unix review time|invoice date|order date|"
    "purchase date|ts|when|occurred at|zeit|datum|zeitstempel|bestelldatum|review time|t",
}
_FIELD_OF: Final = {name: field for field, names in _NAMES.items() for name in names.split("|")}
_BOUGHT: Final = re.compile(r"\b(quantity|qty|invoice|order|amount|purchase|transaction|price)")
_KINDS: Final[dict[str, InteractionKind]] = {
    word: kind
    for kind, words in {
        InteractionKind.VIEW: "view|views|pageview|page view|product view|view item|detail|impression|pv|visit",
        InteractionKind.DWELL: "dwell|stay|time on page",
        InteractionKind.CLICK: "click|clicks|select item|click item",
        InteractionKind.CART: "cart|addtocart|add to cart|add cart|basket|add to basket|wishlist|fav|favorite",
        InteractionKind.PURCHASE: "purchase|purchases|transaction|buy|bought|order|sale|checkout|kauf|bestellung",
        InteractionKind.RATING: "rating|rate|rated|review|bewertung",
        InteractionKind.NOT_FOR_ME: "not for me|dislike|not interested|hide|thumbs down",
    }.items()
    for word in words.split("|")
}
_AHEAD: Final = timedelta(days=1)
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass
class InteractionLog:
    """A log that is read row by row.

    mapping: the column of each field ("subject", "item", "kind", "value", "at") that has one. kind: of rows that do not
    say it. notes: what its owner should know.
    """

    name: str
    format: str
    mapping: Mapping[str, str]
    kind: InteractionKind
    notes: list[str]
    _table: Table
    _items: Collection[str] | None
    _pseudonym: Callable[[str], str]
    _day_first: bool
    _scale: float
    _now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def open(
        cls,
        source: Path | bytes,
        name: str | None = None,
        *,
        pseudonym: Callable[[str], str],
        items: Collection[str] | None = None,
        mapping: Mapping[str, Sequence[str]] | None = None,
        kind: InteractionKind | None = None,
        encoding: str | None = None,
        separator: str | None = None,
    ) -> "InteractionLog":
        """Find out what each column is.

        pseudonym: makes of the file's name of a person one that says nothing. items: ids of the catalogue; rows of
        others are rejected. kind: of rows that do not say it. Raises: CatalogueFileError, MappingError, OSError.
        """
        file = Source(source, name or (source.name if isinstance(source, Path) else "the file"))
        table = open_table(file, encoding=encoding, separator=separator)
        sample = Sample.of(table.rows())
        if not sample.rows:
            raise CatalogueFileError(f"{file.name} holds no row that can be read; expected at least one.")
        chosen = _propose(sample, mapping or {})
        for wanted in ("subject", "item"):
            if wanted not in chosen:
                raise MappingError(
                    f"no column of {file.name} looks like the {wanted}; name one with {wanted}=COLUMN. "
                    f"Columns: {', '.join(sample.columns[:40])}."
                )
        notes: list[str] = []
        usual = kind or _usual_kind(chosen, sample)
        if "kind" not in chosen and kind is None:
            notes.append(f"No column says what was done, so every row is taken for a {usual.value}.")
        if "at" not in chosen:
            notes.append("No column holds times, so everything is taken for happening now.")
        scale = _scale_of(sample, chosen) if usual is InteractionKind.RATING else 1.0
        if scale != 1.0:
            notes.append(f"Ratings go up to {scale * 5:g} and are brought onto a scale from 1 to 5.")
        moments = [as_text(row.get(chosen["at"])) for row in sample.rows] if "at" in chosen else []
        return cls(
            file.name, table.kind, chosen, usual, notes, table, items, pseudonym, finds_day_first(moments), scale
        )

    def rows(self) -> Iterator[Interaction | Rejected]:
        """Every row, in the file's order: what was done, or why it cannot be told."""
        for row in self._table.rows():
            if isinstance(row, Rejected):
                yield row
                continue
            try:
                yield self._interaction(row)
            except ValueError as err:
                yield Rejected(row.line, str(err))

    def _interaction(self, row: Record) -> Interaction:
        said = {name: as_text(row.cells.get(column)) for name, column in self.mapping.items()}
        if not said["subject"]:
            raise ValueError(f"there is nobody in {self.mapping['subject']!r}; expected an id.")
        if not said["item"]:
            raise ValueError(f"there is no item in {self.mapping['item']!r}; expected an id.")
        item = item_id(said["item"])
        if self._items is not None and item not in self._items:
            raise ValueError(f"item {said['item'][:64]!r} is not in the catalogue; import that first.")
        kind = self.kind
        if said.get("kind"):
            found = _KINDS.get(plain_name(said["kind"]))
            if found is None:
                raise ValueError(
                    f"{said['kind'][:40]!r} is nothing that is learned from; expected view, purchase, rating ..."
                )
            kind = found
        return Interaction(
            self._pseudonym(said["subject"]), item, kind, self._moment(said.get("at")), self._value(kind, said)
        )

    def _moment(self, words: str | None) -> datetime:
        if words is None:
            return self._now
        at = read_moment(words, day_first=self._day_first)
        if at is None or not _EARLIEST <= at <= self._now + _AHEAD:
            raise ValueError(
                f"time {words[:40]!r} is not understood, or not between 1990 and now; expected 2024-01-31T10:00:00 or "
                "seconds since 1970."
            )
        return at

    def _value(self, kind: InteractionKind, said: Mapping[str, str]) -> float | None:
        if kind not in (InteractionKind.RATING, InteractionKind.DWELL):
            return None
        try:
            value = float(said.get("value", "").replace(",", "."))
        except ValueError:
            value = float("nan")
        if kind is InteractionKind.DWELL:
            if not 0 <= value <= 86_400:
                raise ValueError(
                    f"a stay of {said.get('value', '')[:20]!r} is not understood; expected seconds, up to a day."
                )
            return value
        if not 0 <= value / self._scale <= 5:
            raise ValueError(
                f"rating {said.get('value', '')[:20]!r} is not understood; expected a number up to {self._scale * 5:g}."
            )
        return max(1.0, value / self._scale)


def _propose(sample: Sample, given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The column of each field: as given, by its name, and where the columns have no names by their values."""
    chosen: dict[str, str] = {}
    none = set()
    for name, columns in given.items():
        if name not in FIELDS:
            raise MappingError(f"{name!r} is no field of an interaction; expected one of {', '.join(FIELDS)}.")
        if len(columns) > 1 or any(column not in sample.columns for column in columns):
            raise MappingError(
                f"{name} is {', '.join(columns)!r}; expected one of the columns {', '.join(sample.columns[:40])}."
            )
        none.add(name)
        if columns:
            chosen[name] = columns[0]
    free = [column for column in sample.columns if column not in chosen.values()]
    for name in FIELDS:
        if name in none:
            continue
        found = next((column for column in free if _FIELD_OF.get(plain_name(column)) == name), None)
        if found is not None:
            chosen[name] = found
            free.remove(found)
    if "subject" in chosen and "item" in chosen:
        return chosen
    shapes = sample.profiles
    if "at" not in chosen and "at" not in none:
        moment = next((column for column in free if _holds_moments(shapes[column])), None)
        if moment is not None:
            chosen["at"] = moment
            free.remove(moment)
    if "value" not in chosen and "value" not in none:
        rating = next(
            (column for column in free if shapes[column].different <= 11 and shapes[column].amounts > 0.99), None
        )
        if rating is not None and all(float(text.replace(",", ".")) <= 10 for text in shapes[rating].samples):
            chosen["value"] = rating
            free.remove(rating)
    for name in ("subject", "item"):
        if name not in chosen and free and all(column.startswith("column ") for column in free):
            chosen[name] = free.pop(0)
    return chosen


def _holds_moments(shape: Profile) -> bool:
    moments = [read_moment(text) for text in shape.samples]
    return bool(moments) and all(at is not None and at >= _EARLIEST for at in moments)


def _usual_kind(chosen: Mapping[str, str], sample: Sample) -> InteractionKind:
    if "kind" in chosen:
        return InteractionKind.VIEW
    if "value" in chosen:
        return InteractionKind.RATING
    bought = any(_BOUGHT.search(plain_name(column)) for column in sample.columns)
    return InteractionKind.PURCHASE if bought else InteractionKind.VIEW


def _scale_of(sample: Sample, chosen: Mapping[str, str]) -> float:
    """What ratings are to be divided by: 1 up to 5 stars, 2 up to 10 points, 20 up to 100."""
    highest = 0.0
    for row in sample.rows:
        cell: Any = row.get(chosen.get("value", ""))
        try:
            highest = max(highest, float(as_text(cell).replace(",", ".")))
        except ValueError:
            continue
    return 1.0 if highest <= 5 else 2.0 if highest <= 10 else 20.0
