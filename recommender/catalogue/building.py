"""One row becomes one item, or a reason why not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from recommender.catalogue.amounts import Sign
from recommender.catalogue.categories import NO_CATEGORY, join_levels, read_paths
from recommender.catalogue.facts import PACKED, fact_name, teller, unpacked
from recommender.catalogue.fields import RELATIONS, Field
from recommender.catalogue.ids import item_id, made_id
from recommender.catalogue.mapping import ColumnMapping
from recommender.catalogue.markup import MOST, has_markup, plain_text
from recommender.catalogue.prices import PriceReader
from recommender.catalogue.records import BadRowError, Notes, Record
from recommender.catalogue.titles import TITLE_LENGTH, lead_of
from recommender.catalogue.values import as_address, as_raw, as_stock, as_text, as_truth, shown
from vocabulary import Item

FACT_LENGTH: Final = 1_000
_HIDDEN_STATES: Final = frozenset(["draft", "archived", "unpublished", "hidden", "disabled", "private", "pending"])
_FILLED_DOWN: Final = (Field.TITLE, Field.DESCRIPTION, Field.CATEGORY, Field.PUBLISHED, Field.URL, Field.IMAGE)


@dataclass(frozen=True)
class Tie:
    """A relation as the file writes it: this item, the field, and what names the other one."""

    item_id: str
    field: Field
    target: str
    column: str


@dataclass(frozen=True)
class Built:
    """One item, from the row that begins at `line`. given: what the file calls it. also: further categories. ties: its
    relations, as the file writes them."""

    line: int
    given: str
    item: Item
    also: tuple[tuple[str, ...], ...] = ()
    ties: tuple[Tie, ...] = ()


@dataclass
class Builder:
    """Reads rows by a mapping.

    sign: of prices that may be read both ways. currency: where a row names none; forced: it holds for bare signs ("$")
    too. separator: between levels of categories. lead: whether titles are the beginnings of descriptions.
    """

    mapping: ColumnMapping
    sign: Sign
    currency: str
    forced: bool
    separator: str | None
    lead: bool
    zero_is_free: bool
    notes: Notes = field(default_factory=Notes)
    _group: str = ""
    _group_cells: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._prices = PriceReader(
            self.mapping,
            self.sign,
            self.currency,
            forced=self.forced,
            zero_is_free=self.zero_is_free,
            notes=self.notes,
        )

    def build(self, record: Record) -> Built | None:
        """The item of this row; None if it only repeats its group. Raises: BadRowError."""
        cells = self._with_group(record.cells)
        if cells is None:
            self.notes.add("A row only adds to the product above it (a further picture) and is no item", record.line)
            return None
        self._check_published(cells)
        title, description = self._texts(cells, record.line)
        price, currency, further = self._prices.read(cells, record.line)
        stock = self._stock(cells)
        paths = self._paths(cells)
        facts = self._facts(cells, record.line) | further
        given, key = self._id(cells, title, facts)
        if key != given and self.mapping.column(Field.ID):
            facts.setdefault(fact_name(self.mapping.column(Field.ID) or "id"), given[:FACT_LENGTH])
        path = paths[0] if paths else ()
        item = Item(
            id=key,
            title=title,
            description=description,
            category=path[-1] if path else NO_CATEGORY,
            price=price,
            stock=stock,
            attributes=facts,
            path=path if len(path) > 1 else (),
            image=self._address(Field.IMAGE, cells, record.line),
            url=self._address(Field.URL, cells, record.line),
            currency=currency,
        )
        return Built(record.line, given, item, tuple(paths[1:]), self._ties(key, cells))

    def _with_group(self, cells: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Later rows of a product leave out what the first one says."""
        column = self.mapping.column(Field.GROUP)
        group = as_text(cells.get(column)) if column else ""
        if not group:
            return cells
        if group != self._group:
            self._group, self._group_cells = group, cells
            return cells
        if not any(as_text(cells.get(one)) for one in self.mapping.fields.get(Field.TITLE, ())):
            telling = (Field.ID, Field.PRICE, Field.STOCK)
            if not any(as_text(cells.get(self.mapping.column(name) or "")) for name in telling):
                return None
            down = [one for name in _FILLED_DOWN for one in self.mapping.fields.get(name, ())]
            down += [one for one, name in self.mapping.attributes.items() if name != PACKED and teller(name) is None]
            down += filter(None, map(teller, self.mapping.attributes.values()))
            return {**cells, **{one: self._group_cells.get(one) for one in down if not as_text(cells.get(one))}}
        return cells

    def _check_published(self, cells: Mapping[str, Any]) -> None:
        for column in self.mapping.fields.get(Field.PUBLISHED, ()):
            if as_truth(cells.get(column)) is False or as_text(cells.get(column)).lower() in _HIDDEN_STATES:
                raise BadRowError(
                    f"the shop does not show it ({column} is {shown(cells.get(column))}); map published to no column "
                    "to take such rows too."
                )

    def _texts(self, cells: Mapping[str, Any], line: int) -> tuple[str, str]:
        titles = [as_text(plain_text(as_raw(cells.get(one)))) for one in self.mapping.fields.get(Field.TITLE, ())]
        title = " ".join(dict.fromkeys(filter(None, titles)))
        parts: list[str] = []
        for column in self.mapping.fields.get(Field.DESCRIPTION, ()):
            value = cells.get(column)
            raw = "\n".join(map(as_raw, value)) if isinstance(value, list | tuple) else as_raw(value)
            words = plain_text(raw)
            if has_markup(raw):
                self.notes.add("HTML in a description is made into text", line)
            if words and not any(words in part for part in parts):
                parts = [part for part in parts if part not in words] + [words]
        description = "\n".join(parts)
        if self.lead and not title and description:
            title, description = lead_of(description)
        if not title:
            columns = " and ".join(self.mapping.fields.get(Field.TITLE, ())) or "any column"
            raise BadRowError(f"there is no title in {columns}; expected words that name the item.")
        if len(title) > TITLE_LENGTH:
            self.notes.add(f"A title is longer than {TITLE_LENGTH} characters; the whole is in the description", line)
            description = f"{title}\n{description}".strip()
            title = f"{title[: TITLE_LENGTH - 1].rstrip()}…"
        if len(description) > MOST:
            self.notes.add(f"A description is cut after {MOST:,} characters", line)
            description = f"{description[: MOST - 1].rstrip()}…"
        return title, description

    def _stock(self, cells: Mapping[str, Any]) -> int | None:
        found: list[int] = []
        for name in (Field.STOCK, Field.AVAILABILITY):
            column = self.mapping.column(name)
            if column is None:
                continue
            count, read = as_stock(cells.get(column))
            if not read:
                raise BadRowError(
                    f"the stock {shown(cells.get(column))} in {column!r} is not understood; expected a count, "
                    "or words such as in stock and sold out."
                )
            if count is not None and (name is Field.STOCK or count == 0 or self.mapping.column(Field.STOCK) is None):
                found.append(count)
        return min(found) if found else None

    def _paths(self, cells: Mapping[str, Any]) -> list[tuple[str, ...]]:
        columns = self.mapping.fields.get(Field.CATEGORY, ())
        if len(columns) > 1:
            path = join_levels([as_text(cells.get(column)) for column in columns])
            return [path] if path else []
        return read_paths(cells.get(columns[0]), self.separator) if columns else []

    def _facts(self, cells: Mapping[str, Any], line: int) -> dict[str, str]:
        facts: dict[str, str] = {}
        for column, name in self.mapping.attributes.items():
            text = as_text(cells.get(column))
            if not text:
                continue
            if name == PACKED:
                facts |= {fact_name(key): said[:FACT_LENGTH] for key, said in unpacked(text).items() if said}
                continue
            if column_of_name := teller(name):
                name = fact_name(as_text(cells.get(column_of_name)))
                if not name or (name == "title" and text == "Default Title"):
                    continue
            lowered = text.lower()
            if lowered in ("true", "false"):
                text = "yes" if lowered == "true" else "no"
            elif lowered == f"no {name}":
                continue
            elif has_markup(text):
                text = as_text(plain_text(text))
            if len(text) > FACT_LENGTH:
                self.notes.add(f"A fact is cut after {FACT_LENGTH:,} characters", line)
                text = f"{text[: FACT_LENGTH - 1]}…"
            facts[name] = text
        return facts

    def _id(self, cells: Mapping[str, Any], title: str, facts: Mapping[str, str]) -> tuple[str, str]:
        column = self.mapping.column(Field.ID)
        given = as_text(cells.get(column)) if column else ""
        if given:
            return given, item_id(given)
        group = as_text(cells.get(self.mapping.column(Field.GROUP) or ""))
        if group:
            tellers = filter(None, map(teller, self.mapping.attributes.values()))
            named = [fact_name(as_text(cells.get(column))) for column in tellers]
            given = "-".join([group, *(facts[name] for name in named if name in facts)])
            return given, item_id(given)
        if column:
            raise BadRowError(f"there is no id in {column!r}; expected one that no other row has.")
        url = as_text(cells.get(self.mapping.column(Field.URL) or ""))
        return "", made_id(title, url)

    def _address(self, name: Field, cells: Mapping[str, Any], line: int) -> str | None:
        found, left_out = None, False
        for column in self.mapping.fields.get(name, ()):
            found, other = as_address(cells.get(column))
            if found is not None:
                return found
            left_out |= other
        if left_out:
            what = "A picture's address" if name is Field.IMAGE else "A page's address"
            self.notes.add(f"{what} is left out: only whole https addresses are shown", line)
        return None

    def _ties(self, key: str, cells: Mapping[str, Any]) -> tuple[Tie, ...]:
        ties = []
        for name in RELATIONS:
            column = self.mapping.column(name)
            if column is None:
                continue
            value = cells.get(column)
            targets = value if isinstance(value, list | tuple) else re.split(r"[,;|\n]", as_raw(value).strip("[]"))
            for target in targets:
                words = as_text(target).strip("\"' ")
                if words:
                    ties.append(Tie(key, name, words, column))
        return tuple(sorted(ties, key=lambda tie: (tie.field, tie.target)))
