"""A mapping proposed from the columns' names and from what stands in them."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recommender.catalogue.categories import SURE_SEPARATORS
from recommender.catalogue.fields import INTERNAL, RELATIONS, TECHNICAL, Field, meanings, plain_name
from recommender.catalogue.mapping import ColumnMapping, Wishes
from recommender.catalogue.profile import Profile
from recommender.catalogue.values import as_text

LEAST: Final = 0.4
"""A column whose name and values fit a field less than this is a fact of its own."""
_KNOWN_FROM: Final = 0.6
"""A name that fits a field this well is believed, or it is a fact; its values alone make nothing else of it."""
BY_NAME_OF: Final = "{%s}"
"""A fact that is named by another column: "{Attribute 1 name}"."""
PACKED: Final = "{}"
"""A column that holds several facts with their names."""

_OTHER_PRICE: Final = re.compile(
    r"\b(old|was|previous|compare|before|original|alt\w*|streich\w*|ancien|barre|anterior|shipping|delivery|versand\w*|"
    r"range|history|min|max|from|international|per (?:unit|kg|litre|liter)|grundpreis|installment|deposit|netto?|net|"
    r"excl\w*)\b"
)
_LEVEL: Final = re.compile(
    r"\b(level|main|sub\w*|parent|top|department|section|haupt\w*|unter\w*|sous|hoofd\w*|sotto\w*|lvl|\d)\b|\d$"
)
_NAME_OF_FACT: Final = re.compile(r"^((?:attribute|option|property|eigenschaft|spec|merkmal)\s*\d+)\s*name$")
_VALUE_OF_FACT: Final = re.compile(
    r"^((?:attribute|option|property|eigenschaft|spec|merkmal)\s*\d+)\s*(?:value|values|value\(s\)|wert|werte)$"
)
_PAIR: Final = re.compile(
    r"^\s*[\w .-]{1,40}\s*[=:]\s*[^=:,;|]{1,200}(?:[,;|]\s*[\w .-]{1,40}\s*[=:]\s*[^=:,;|]{1,200})+\s*$"
)
_CONTAINERS: Final = frozenset(
    {
        "attributes",
        "attribute",
        "specs",
        "specifications",
        "properties",
        "details",
        "facts",
        "features",
        "custom",
        "data",
    }
)
_STATES: Final = frozenset(
    {
        "active", "draft", "archived", "published", "unpublished", "visible", "hidden", "enabled", "disabled",
        "private", "pending",
    }
)  # fmt: skip


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
                by_name = self._names[column].get(name, 0.0) * _allowed(name, column)
                score, reason = by_name * _fit(name, self._profiles[column]), "by its name"
                known = max(self._names[column].values(), default=0.0) >= _KNOWN_FROM
                by_value = 0.0 if known else _value_score(name, self._profiles[column], place)
                if by_value > score:
                    score, reason = by_value, "by its values"
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
            states = plain_name(column) in ("status", "product status", "state") and _fit(Field.PUBLISHED, shape) == 1
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
                and not _packed(self._values(column))
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
                    self._attributes[column] = BY_NAME_OF % names[match.group(1)]
                    self._reasons[column] = "named by another column"
                elif column in names.values():
                    self._ignore(column, "names the fact beside it")
                else:
                    self._attributes[column] = PACKED if _packed(self._values(column)) else fact_name(column)
        seen: dict[str, str] = {}
        for column, name in self._attributes.items():
            if name in seen and name != PACKED:
                self._attributes[column] = (
                    fact_name(column, whole=True) if name != fact_name(column, whole=True) else f"{name} 2"
                )
            seen[name] = column


def fact_name(column: str, *, whole: bool = False) -> str:
    """A column's name as a fact's: "specs.energyClass" is "energy class", and "specs energy class" as a whole."""
    first, _, rest = column.partition(".")
    name = rest if rest and not whole and first.lower() in _CONTAINERS else column
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_.]+", " ", words).lower().split())[:60] or column[:60]


def _depth(column: str) -> tuple[int, int]:
    plain = plain_name(column)
    number = re.search(r"(\d+)$", plain)
    if number is not None:
        return 1, int(number.group(1))
    if re.search(r"\b(main|top|department|parent|haupt\w*|hoofd\w*)\b", plain):
        return 0, 0
    return (2, 0) if re.search(r"\b(sub\w*|unter\w*|sous|sotto\w*)", plain) else (1, 0)


def _packed(values: Sequence[Any]) -> bool:
    """Whether most cells hold several facts with names: "colour=red,size=L", or a JSON object as text."""
    texts = [text for value in values if not isinstance(value, list | dict) and (text := as_text(value))]
    if not texts:
        return False
    return sum(bool(unpacked(text)) for text in texts) > 0.6 * len(texts)


def unpacked(text: str) -> dict[str, str]:
    """The facts in such a cell; empty if it is none."""
    if text.startswith("{"):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return {str(name): as_text(said) for name, said in value.items()} if isinstance(value, dict) else {}
    if len(text) > 20_000 or _PAIR.match(text) is None:
        return {}
    parts = re.split(r"[,;|]", text)
    return {name.strip(): said.strip() for name, _, said in (re.split(r"([=:])", part, maxsplit=1) for part in parts)}


def _allowed(name: Field, column: str) -> float:
    return 0.0 if name is Field.PRICE and _OTHER_PRICE.search(plain_name(column)) else 1.0


def _fit(name: Field, shape: Profile) -> float:
    """How well values suit a field that the column's name suggests: 1 wholly, 0 not at all."""
    no_address = 1.0 - shape.addresses
    match name:
        case Field.ID:
            short = 1.0 if shape.length <= 64 else 0.3
            unique = (
                1.0
                if shape.distinct > 0.98
                else 0.95
                if shape.distinct > 0.7
                else 0.7
                if shape.distinct > 0.3
                else 0.15
            )
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


def _value_score(name: Field, shape: Profile, place: int) -> float:
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
