"""Which column means what: proposed, given, shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, Self

from recommender.catalogue.fields import SEVERAL, Field
from recommender.errors import MappingError

ATTRIBUTE: Final = "attribute"
IGNORE: Final = "ignore"


@dataclass(frozen=True)
class ColumnMapping:
    """fields: the columns of each field, in order. attributes: a fact's name for each of the other columns.

    ignored: columns that are left out, with the reason. reasons: why a column has its field.
    """

    fields: Mapping[Field, tuple[str, ...]]
    attributes: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: Field) -> str | None:
        """The first column of a field; None without one."""
        columns = self.fields.get(name, ())
        return columns[0] if columns else None

    def to_dict(self) -> dict[str, Any]:
        """One column as a word, several as a list: {"title": "name", ..., "attributes": {"colour": "Farbe"}}."""
        said: dict[str, Any] = {
            name.value: self.fields[name][0] if len(self.fields[name]) == 1 else list(self.fields[name])
            for name in Field
            if self.fields.get(name)
        }
        said["attributes"] = {name: column for column, name in self.attributes.items()}
        said["ignored"] = dict(self.ignored)
        return said

    def given(self) -> dict[str, Any]:
        """The same as something to give back as a whole: {"title": ["name"], "attribute.colour": "Farbe"}."""
        said: dict[str, Any] = {name.value: list(self.fields.get(name, ())) for name in Field}
        said |= {f"{ATTRIBUTE}.{name}": [column] for column, name in self.attributes.items()}
        return said | {IGNORE: list(self.ignored)}


@dataclass(frozen=True)
class Wishes:
    """What somebody says about the mapping; the rest is proposed. fields: an empty tuple is "no column at all"."""

    fields: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, str | Sequence[str] | None] | None) -> Self:
        """From {"title": "name", "category": ["main", "sub"], "stock": None, "attribute.colour": "Farbe"}.

        What a mapping prints as JSON can be given back. Raises: MappingError for an unknown field.
        """
        fields: dict[Field, tuple[str, ...]] = {}
        attributes: dict[str, str] = {}
        ignored: tuple[str, ...] = ()
        for name, columns in (given or {}).items():
            if name == "attributes" and isinstance(columns, Mapping):
                attributes |= {_text(column): str(fact) for fact, column in columns.items()}
                continue
            chosen = _columns(columns)
            if name in (IGNORE, "ignored"):
                ignored += chosen
            elif name == ATTRIBUTE or name.startswith(f"{ATTRIBUTE}."):
                attributes |= {column: name.partition(".")[2] for column in chosen}
            else:
                fields[_field(name)] = chosen
        for known, chosen in fields.items():
            if len(chosen) > 1 and known not in SEVERAL:
                raise MappingError(
                    f"{known.value} is given {len(chosen)} columns; expected one. "
                    f"Several may make up {_list(sorted(SEVERAL))}."
                )
        return cls(fields, attributes, ignored)

    def check(self, columns: Sequence[str]) -> None:
        """Raises: MappingError if a column is not in the file."""
        known = set(columns)
        for column in [*(c for chosen in self.fields.values() for c in chosen), *self.attributes, *self.ignored]:
            if column not in known:
                close = get_close_matches(column, columns, 1, 0.6)
                hint = f" Perhaps {close[0]!r} is meant." if close else ""
                raise MappingError(f"column {column!r} is not in the file; it has {_list(columns)}.{hint}")


def parse_wishes(pairs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """From "title=name" and the like; the same name again adds a column, "stock=" is "no column".

    Raises: MappingError.
    """
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or not name.strip():
            raise MappingError(
                f"mapping {pair!r} is not understood; expected name=column, such as title=Bezeichnung or "
                "attribute.colour=Farbe."
            )
        added = (column.strip(),) if column.strip() else ()
        found[name.strip().lower()] = found.get(name.strip().lower(), ()) + added
    return found


def _columns(said: Any) -> tuple[str, ...]:
    if said is None or said == "":
        return ()
    if isinstance(said, str):
        return (said,)
    if isinstance(said, Sequence | Mapping):
        return tuple(map(_text, said))
    raise MappingError(f"a column is named by {type(said).__name__}; expected text or a list of texts.")


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise MappingError(f"a column is named by {type(said).__name__}; expected text.")
    return said


def _field(name: str) -> Field:
    try:
        return Field(name.lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        allowed = [*Field, f"{ATTRIBUTE}.NAME", IGNORE]
        close = get_close_matches(name.lower(), list(Field), 1, 0.6)
        hint = f" Perhaps {str(close[0])!r} is meant." if close else ""
        raise MappingError(f"{name!r} is no field of an item; expected one of {_list(allowed)}.{hint}") from None


def _list(words: Iterable[object]) -> str:
    shown = [str(word) for word in words]
    return ", ".join(shown[:40]) + (f" and {len(shown) - 40} more" if len(shown) > 40 else "")
