"""The columns of a file, with samples of their values."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from recommender.catalogue.amounts import currency_in, looks_like_amount
from recommender.catalogue.fields import Field, plain_name
from recommender.catalogue.mapping import ColumnMapping
from recommender.catalogue.profile import Profile
from recommender.catalogue.records import MAX_COLUMNS, Record, Rejected
from recommender.catalogue.values import as_text
from recommender.errors import CatalogueFileError

SAMPLE_ROWS: Final = 500
_CELL: Final = 2_000


@dataclass
class Sample:
    """Rows spread evenly over a file, whatever its length: at most 2 × SAMPLE_ROWS."""

    columns: list[str] = field(default_factory=list)
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    first_rejected: Rejected | None = None

    @classmethod
    def of(cls, rows: Iterable[Record | Rejected]) -> "Sample":
        """Raises: CatalogueFileError if objects have more different names than a file may have columns."""
        sample = cls()
        columns: dict[str, None] = {}
        step = 1
        number = 0
        for row in rows:
            if isinstance(row, Rejected):
                sample.first_rejected = sample.first_rejected or row
                continue
            if len(columns) != len(row.cells) or number == 0:
                columns |= dict.fromkeys(row.cells)
                if len(columns) > MAX_COLUMNS:
                    raise CatalogueFileError(
                        f"the rows have more than {MAX_COLUMNS:,} different columns; expected at most that many."
                    )
            if number % step == 0:
                sample.rows.append({column: _cut(cell) for column, cell in row.cells.items()})
                if len(sample.rows) >= 2 * SAMPLE_ROWS:
                    sample.rows = sample.rows[::2]
                    step *= 2
            number += 1
        sample.columns = list(columns)
        return sample

    @cached_property
    def profiles(self) -> dict[str, Profile]:
        """What the values of each column look like."""
        return {column: Profile.of([row.get(column) for row in self.rows]) for column in self.columns}


@dataclass(frozen=True)
class Column:
    """One column for a person to look at. field: a field's name, "attribute NAME", or "ignored". filled: 0 to 1."""

    name: str
    samples: tuple[str, ...]
    filled: float
    field: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "samples": list(self.samples),
            "filled": round(self.filled, 3),
            "field": self.field,
            "reason": self.reason,
        }


def show_columns(sample: Sample, mapping: ColumnMapping) -> tuple[Column, ...]:
    """Every column, in the file's order, with what it is taken for."""
    by_column = {column: name.value for name, columns in mapping.fields.items() for column in columns}
    shown = []
    for column in sample.columns:
        shape = sample.profiles[column]
        if column in by_column:
            meaning = by_column[column]
        elif column in mapping.attributes:
            meaning = f"attribute {mapping.attributes[column]}"
        else:
            meaning = "ignored"
        reason = mapping.reasons.get(column) or mapping.ignored.get(column) or "a fact of its own"
        shown.append(Column(column, shape.samples, shape.filled, meaning, reason))
    return tuple(shown)


def find_currency(mapping: ColumnMapping, sample: Sample) -> str | None:
    """The currency that most prices name; otherwise what the column's name, or another price's values, say."""
    prices = [column for name in (Field.PRICE, Field.SALE_PRICE) for column in mapping.fields.get(name, ())]
    currencies = list(mapping.fields.get(Field.CURRENCY, ()))
    named = _most([currency_in(as_text(row.get(column))) for column in [*currencies, *prices] for row in sample.rows])
    if named is not None:
        return named
    for column in prices:
        if (in_name := currency_in(column.replace("_", " "))) is not None:
            return in_name
    # "old_price: SR 2,375" tells what "price: 2095,0" is counted in.
    others = [column for column in mapping.attributes if "price" in plain_name(column) or "preis" in plain_name(column)]
    return _most(
        [
            currency_in(text)
            for column in others
            for row in sample.rows
            if looks_like_amount(text := as_text(row.get(column)))
        ]
    )


def _cut(cell: Any) -> Any:
    """A sample needs no whole novel."""
    if isinstance(cell, str) and len(cell) > _CELL:
        return cell[:_CELL]
    return cell[:50] if isinstance(cell, list) else cell


def _most(found: list[str | None]) -> str | None:
    counts = Counter(code for code in found if code is not None)
    return counts.most_common(1)[0][0] if counts else None
