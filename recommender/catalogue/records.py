"""What every format gives: columns, and row by row the cells, or the reason why a row cannot be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

MAX_ROW_CHARACTERS: Final = 1_000_000
MAX_COLUMNS: Final = 1_000
MAX_DEPTH: Final = 3


@dataclass(frozen=True)
class Record:
    """One row. line: of its beginning, from 1; the row's number where a format has no lines. cells: by column."""

    line: int
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Rejected:
    """One row that does not come in. reason: one sentence with what was found and what is expected."""

    line: int
    reason: str

    def to_dict(self) -> dict[str, Any]:
        return {"line": self.line, "reason": self.reason}


class BadRowError(Exception):
    """Why a row does not come in, in one sentence. Never leaves this package."""


class Table(Protocol):
    """A file, read row by row as often as needed."""

    kind: str
    """How it was read, in words: "CSV, separated by ';', UTF-8"."""
    notes: list[str]
    """What its owner should know; complete once `rows` has been read to its end."""

    def rows(self) -> Iterator[Record | Rejected]:
        """Every row, in the file's order."""
        ...


@dataclass
class Notes:
    """Remarks that are counted, so that a thousand rows of one kind are one line."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)

    def add(self, words: str, line: int) -> None:
        self.counts[words] = self.counts.get(words, 0) + 1
        self.first.setdefault(words, line)

    def lines(self) -> list[str]:
        """Each remark once, with how often and where first."""
        return [
            f"{words} ({count} row{'s' if count > 1 else ''}, first in line {self.first[words]})."
            for words, count in self.counts.items()
        ]


def flatten(raw: Mapping[str, Any], prefix: str = "", depth: int = 1) -> dict[str, Any]:
    """Nested objects as columns with dots: {"price": {"amount": 5}} is {"price.amount": 5}.

    A list of objects becomes one list for each of their names; a list of {name, value} becomes a column each.
    """
    flat: dict[str, Any] = {}
    for name, value in raw.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping) and depth < MAX_DEPTH:
            flat |= flatten(value, f"{path}.", depth + 1)
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            flat |= _listed(path, value)
        else:
            flat[path] = value
    return flat


def _listed(path: str, values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for one in values:
        name = one.get("name") or one.get("key") or one.get("code")
        said = next((one[key] for key in ("value", "values", "option", "options") if key in one), None)
        if isinstance(name, str) and said is not None:
            flat[f"{path}.{name}"] = said
            continue
        for key, value in one.items():
            flat.setdefault(f"{path}.{key}", []).append(value)
    return flat
