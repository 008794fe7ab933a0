"""A mapping proposed from the columns' names and from what stands in them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recommender.catalogue.facts import PACKED, fact_name, is_packed, told_by
from recommender.catalogue.fields import INTERNAL, TECHNICAL, Field, meanings, plain_name
from recommender.catalogue.fitting import LEAST, fit, may_be, score_of_values
from recommender.catalogue.mapping import ColumnMapping, Wishes
from recommender.catalogue.profile import Profile

BY_VALUES: Final = "by its values"
"""The reason of a column whose name says nothing of its field."""

_KNOWN_FROM: Final = 0.6
"""A name that fits a field this well is believed, or it is a fact; its values alone make nothing else of it."""
_LEVEL: Final = re.compile(
    r"\b(level|main|sub\w*|parent|top|department|section|haupt\w*|unter\w*|sous|hoofd\w*|sotto\w*|lvl|\d)\b|\d$"
)
_NAME_OF_FACT: Final = re.compile(r"^((?:attribute|option|property|eigenschaft|spec|merkmal)\s*\d+)\s*name$")
_VALUE_OF_FACT: Final = re.compile(
    r"^((?:attribute|option|property|eigenschaft|spec|merkmal)\s*\d+)\s*(?:value|values|value\(s\)|wert|werte)$"
)


def propose_mapping(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    given: Mapping[str, str | Sequence[str] | None] | None = None,
    *,
    profiles: Mapping[str, Profile] | None = None,
) -> ColumnMapping:
    """What each column means, by its name (in nine languages) and by its values.

    rows: a sample, spread over the file. given: fields, by name, that are settled; the rest is proposed from the other
    columns. profiles: of the columns, if they have been made.
    Raises: MappingError if what is given names an unknown field or column.
    """
    shapes = profiles or {column: Profile.of([row.get(column) for row in rows]) for column in columns}
    return _Proposal(columns, rows, shapes, Wishes.of(given)).mapping()


class _Proposal:
    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        profiles: Mapping[str, Profile],
        wishes: Wishes,
    ) -> None:
        wishes.check(columns)
        self._rows, self._profiles, self._wishes = rows, profiles, wishes
        self._columns = columns
        self._fields: dict[Field, tuple[str, ...]] = dict(wishes.fields)
        self._attributes: dict[str, str] = {}
        self._ignored: dict[str, str] = dict.fromkeys(wishes.ignored, "as asked for")
        self._reasons = {column: "as asked for" for chosen in wishes.fields.values() for column in chosen}
        self._taken = {*self._reasons, *wishes.attributes, *wishes.ignored}
        self._names = {column: meanings(column) for column in columns}

    def mapping(self) -> ColumnMapping:
        self._leave_out()
        self._assign()
        self._settle_variants()
        self._add_further()
        self._make_facts()
        return ColumnMapping(
            {name: self._fields[name] for name in Field if self._fields.get(name)},
            {column: self._attributes[column] for column in self._columns if column in self._attributes},
            self._ignored,
            self._reasons,
        )

    def _free(self) -> list[str]:
        return [column for column in self._columns if column not in self._taken]

    def _ignore(self, column: str, reason: str) -> None:
        self._ignored[column] = reason
        self._taken.add(column)

    def _leave_out(self) -> None:
        for column in self._free():
            plain = plain_name(column)
            if not self._profiles[column].filled:
                self._ignore(column, "empty")
            elif INTERNAL.search(plain):
                self._ignore(column, "looks like something the shop keeps to itself")
            elif TECHNICAL.match(plain) and Field.ID not in self._names[column]:
                self._ignore(column, "says something of the file, not of the item")

    def _assign(self) -> None:
        options = []
        for place, column in enumerate(self._columns):
            if column in self._taken:
                continue
            for name in Field:
                if name in self._fields:
                    continue
                by_name = self._names[column].get(name, 0.0) if may_be(name, column) else 0.0
                score, reason = by_name * fit(name, self._profiles[column]), "by its name"
                known = max(self._names[column].values(), default=0.0) >= _KNOWN_FROM
                by_value = 0.0 if known else score_of_values(name, self._profiles[column], place)
                if by_value > score:
                    score, reason = by_value, BY_VALUES
                if score >= LEAST:
                    options.append((-score, place, name, column, reason))
        for _, _, name, column, reason in sorted(options):
            if name not in self._fields and column not in self._taken:
                self._take(name, column, reason)

        for column in self._free():
            if self._profiles[column].counting and plain_name(column).startswith(("column ", "unnamed")):
                self._ignore(column, "row numbers")

    def _take(self, name: Field, column: str, reason: str) -> None:
        self._fields[name] = (*self._fields.get(name, ()), column)
        self._reasons[column] = reason
        self._taken.add(column)

    def _settle_variants(self) -> None:
        """An export with a row for each variant repeats the product's handle; what differs is the variant's number."""
        found = self._fields.get(Field.ID, ())
        if not found or found[0] in self._wishes_columns() or Field.GROUP in self._fields:
            return
        has_options = any(_NAME_OF_FACT.match(plain_name(column)) for column in self._columns)
        if plain_name(found[0]) == "handle" and has_options:
            self._fields[Field.GROUP] = found
            numbers = [
                column for column in self._columns if plain_name(column) == "variant sku" and column not in self._taken
            ]
            self._fields[Field.ID] = tuple(numbers[:1])
            self._taken.update(numbers[:1])
            self._reasons |= dict.fromkeys(numbers[:1], "by its name")

    def _wishes_columns(self) -> set[str]:
        return {column for chosen in self._wishes.fields.values() for column in chosen}

    def _add_further(self) -> None:
        """Levels of categories, further texts and pictures: fields that may have several columns."""
        if Field.CATEGORY in self._fields and Field.CATEGORY not in self._wishes.fields:
            first = self._fields[Field.CATEGORY]
            levels = [
                column
                for column in self._free()
                if self._names[column].get(Field.CATEGORY, 0) >= 0.3
                and _LEVEL.search(plain_name(column))
                and self._profiles[column].letters > 0.5
            ]
            if first and levels and not self._profiles[first[0]].paths:
                every = sorted([*first, *levels], key=lambda column: (_depth(column), self._profiles[column].different))
                self._fields[Field.CATEGORY] = tuple(every)
                self._taken.update(levels)
                self._reasons |= dict.fromkeys(levels, "a level of categories")
        for column in self._free():
            shape, names = self._profiles[column], self._names[column]
            states = plain_name(column) in ("status", "product status", "state") and fit(Field.PUBLISHED, shape) == 1
            if states and Field.PUBLISHED not in self._wishes.fields:
                self._take(Field.PUBLISHED, column, "by its name and values")
            elif Field.IMAGE not in self._wishes.fields and (
                shape.pictures > 0.5 or (names.get(Field.IMAGE, 0) > 0.6 and shape.addresses > 0.5)
            ):
                self._take(Field.IMAGE, column, "a further picture")
            elif shape.addresses > 0.5:
                self._ignore(column, "addresses")
            elif (
                Field.DESCRIPTION not in self._wishes.fields
                and shape.letters > 0.8
                and not is_packed(self._values(column))
            ):
                named = names.get(Field.DESCRIPTION, 0) > 0.9 and shape.words > 1.2
                if named or (shape.length > 150 and shape.words > 20):
                    self._take(Field.DESCRIPTION, column, "a further text")

    def _values(self, column: str) -> list[Any]:
        return [row.get(column) for row in self._rows[:200]]

    def _make_facts(self) -> None:
        names = {
            match.group(1): column for column in self._free() if (match := _NAME_OF_FACT.match(plain_name(column)))
        }
        for column in self._columns:
            if column in self._wishes.attributes:
                self._attributes[column] = self._wishes.attributes[column] or fact_name(column)
                self._reasons[column] = "as asked for"
            elif column not in self._taken:
                match = _VALUE_OF_FACT.match(plain_name(column))
                if match is not None and match.group(1) in names:
                    self._attributes[column] = told_by(names[match.group(1)])
                    self._reasons[column] = "named by another column"
                elif column in names.values():
                    self._ignore(column, "names the fact beside it")
                else:
                    self._attributes[column] = PACKED if is_packed(self._values(column)) else fact_name(column)
        seen: dict[str, str] = {}
        for column, name in self._attributes.items():
            if name in seen and name != PACKED:
                self._attributes[column] = (
                    fact_name(column, whole=True) if name != fact_name(column, whole=True) else f"{name} 2"
                )
            seen[name] = column


def _depth(column: str) -> tuple[int, int]:
    plain = plain_name(column)
    number = re.search(r"(\d+)$", plain)
    if number is not None:
        return 1, int(number.group(1))
    if re.search(r"\b(main|top|department|parent|haupt\w*|hoofd\w*)\b", plain):
        return 0, 0
    return (2, 0) if re.search(r"\b(sub\w*|unter\w*|sous|sotto\w*)", plain) else (1, 0)
