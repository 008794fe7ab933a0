"""A file of any shop, read into items: what each column means, what came in, what did not and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from recommender.catalogue.amounts import CODES, Sign, find_sign
from recommender.catalogue.building import Builder, Tie
from recommender.catalogue.categories import find_separator
from recommender.catalogue.columns import Column, Sample, find_currency, show_columns
from recommender.catalogue.dialect import separator_of
from recommender.catalogue.fields import Field
from recommender.catalogue.formats import open_table
from recommender.catalogue.keeping import Kept
from recommender.catalogue.mapping import ColumnMapping
from recommender.catalogue.proposal import BY_VALUES, propose_mapping
from recommender.catalogue.records import BadRowError, Record, Rejected, Table
from recommender.catalogue.relations import Proposal, propose_relations, tie_items
from recommender.catalogue.source import Source
from recommender.catalogue.titles import tell_apart
from recommender.catalogue.values import as_text
from recommender.errors import CatalogueFileError, MappingError
from vocabulary import Item

MAX_ROWS: Final = 2_000_000
MAX_BYTES: Final = 4 << 30
MAX_CHARACTERS: Final = 1_000_000_000
DEFAULT_CURRENCY: Final = "EUR"
Given = Mapping[str, str | Sequence[str] | None]


@dataclass(frozen=True)
class ReadOptions:
    """What is known about a file beforehand; None leaves it to be found.

    currency: three capital letters; of prices that name none or only a sign such as "$". decimal: "." or ",", for
    prices that may be read both ways ("1.299"). relations: "given" takes those that columns name, "propose" also those
    that titles and descriptions suggest, "none" takes none. known: ids of the shop's other items, which relations may
    name. zero_is_free: a price of 0 is a price. progress: called with the number of rows read, now and then.
    """

    currency: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    separator: str | None = None
    relations: Literal["given", "propose", "none"] = "given"
    known: frozenset[str] = frozenset()
    zero_is_free: bool = False
    max_rows: int = MAX_ROWS
    max_bytes: int = MAX_BYTES
    progress: Callable[[int], None] | None = None

    def __post_init__(self) -> None:
        """Raises: MappingError for a value that cannot be."""
        if self.currency is not None and self.currency not in CODES:
            raise MappingError(f"currency {self.currency!r} is not known; expected three letters such as EUR or USD.")
        if self.decimal not in (None, ".", ","):
            raise MappingError(f"decimal sign {self.decimal!r} is not known; expected '.' or ','.")
        if self.separator is not None:
            try:
                object.__setattr__(self, "separator", separator_of(self.separator))
            except ValueError as err:
                raise MappingError(str(err)) from None


@dataclass(frozen=True)
class Reading:
    """What a file holds.

    kind: how it was read, in words. rows: all of them. merged: rows that repeat an item and are part of it.
    proposals: relations that the data suggests; in the items only if they were asked for.
    rows == len(items) + len(rejected) + merged, always.
    """

    name: str
    kind: str
    mapping: ColumnMapping
    columns: tuple[Column, ...]
    items: tuple[Item, ...]
    rejected: tuple[Rejected, ...]
    rows: int
    merged: int = 0
    notes: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    currency: str = DEFAULT_CURRENCY


def read_catalogue(
    source: Path | bytes, name: str | None = None, *, mapping: Given | None = None, options: ReadOptions | None = None
) -> Reading:
    """Read CSV, TSV, JSON, JSON Lines or Parquet with any column names.

    source: a file or its content. name: what its owner calls it. mapping: columns by field, as far as they are settled
    ({"title": "Bezeichnung", "stock": None}); the rest is proposed. A bad row is rejected with its line and the reason;
    the others come in.
    Raises: CatalogueFileError if the file cannot be read as any of these; MappingError; OSError.
    """
    opts = options or ReadOptions()
    file = Source(source, name or (source.name if isinstance(source, Path) else "the file"))
    if file.size > opts.max_bytes:
        raise CatalogueFileError(
            f"{file.name} has {file.size / 1e6:,.0f} MB; at most {opts.max_bytes / 1e6:,.0f} MB are read. Split it."
        )
    table = open_table(file, encoding=opts.encoding, separator=opts.separator)
    sample = Sample.of(_counted(table, file.name, opts, report=False))
    if not sample.rows:
        raise CatalogueFileError(_nothing_in(file.name, sample))
    chosen = propose_mapping(sample.columns, sample.rows, mapping, profiles=sample.profiles)
    _check_named(chosen, file.name)
    builder, notes = _builder(chosen, sample, opts)
    kept, rejected, ties, rows = _read(table, file.name, builder, opts)
    _check_told(chosen, file.name, rows, len(rejected))
    items, renamed = tell_apart(kept.finished())
    if renamed:
        notes.append(
            f"{renamed} items have a title that does not tell them apart; the beginning of their description is added."
        )
    if chosen.column(Field.ID) is None and chosen.column(Field.GROUP) is None:
        notes.append("No column identifies the items, so ids are made from their titles; name one with id=COLUMN.")
    if kept.merged:
        notes.append(f"Rows that repeat an item, in another category or altogether, and are part of it: {kept.merged}.")
    items, tie_notes = tie_items(items, kept.given, ties if opts.relations != "none" else [], opts.known)
    proposals = propose_relations(items)
    if opts.relations == "propose":
        items = _with_proposals(items, proposals)
    return Reading(
        name=file.name,
        kind=table.kind,
        mapping=chosen,
        columns=show_columns(sample, chosen),
        items=tuple(items),
        rejected=tuple(rejected),
        rows=rows,
        merged=rows - len(items) - len(rejected),
        notes=(*notes, *table.notes, *builder.notes.lines(), *tie_notes),
        proposals=tuple(proposals),
        currency=builder.currency,
    )


def preview_mapping(
    source: Path | bytes, name: str | None = None, *, mapping: Given | None = None, options: ReadOptions | None = None
) -> tuple[ColumnMapping, tuple[Column, ...]]:
    """What `read_catalogue` would propose, with samples of each column, without reading the items. Raises: as it."""
    opts = options or ReadOptions()
    file = Source(source, name or (source.name if isinstance(source, Path) else "the file"))
    table = open_table(file, encoding=opts.encoding, separator=opts.separator)
    sample = Sample.of(_counted(table, file.name, opts, report=False))
    if not sample.rows:
        raise CatalogueFileError(_nothing_in(file.name, sample))
    chosen = propose_mapping(sample.columns, sample.rows, mapping, profiles=sample.profiles)
    return chosen, show_columns(sample, chosen)


def _counted(table: Table, name: str, opts: ReadOptions, *, report: bool = True) -> Iterator[Record | Rejected]:
    for number, row in enumerate(table.rows(), 1):
        if number > opts.max_rows:
            raise CatalogueFileError(
                f"{name} has more than {opts.max_rows:,} rows; expected at most that many. Split it."
            )
        if report and opts.progress is not None and number % 500 == 0:
            opts.progress(number)
        yield row


def _nothing_in(name: str, sample: Sample) -> str:
    if sample.first_rejected is not None:
        first = sample.first_rejected
        return f"{name} holds no row that can be read; line {first.line}: {first.reason}"
    return f"{name} holds column names and no row; expected at least one."


def _check_named(mapping: ColumnMapping, name: str) -> None:
    if mapping.column(Field.TITLE) is None and mapping.column(Field.DESCRIPTION) is None:
        raise MappingError(
            f"no column of {name} looks like a title; name one with title=COLUMN. "
            f"Columns: {', '.join([*mapping.attributes, *mapping.ignored][:40])}."
        )


def _check_told(mapping: ColumnMapping, name: str, rows: int, rejected: int) -> None:
    """A text that happens to have separators in it must not take a catalogue's place."""
    title = mapping.column(Field.TITLE) or mapping.column(Field.DESCRIPTION)
    guessed = title is not None and mapping.reasons.get(title) == BY_VALUES
    if guessed and not mapping.column(Field.ID) and not mapping.column(Field.PRICE) and 2 * rejected > rows:
        raise CatalogueFileError(
            f"{name} does not look like a catalogue: no column is called a title, an id or a price, and {rejected} of "
            f"{rows} rows cannot be taken. If it is one, say what its columns are, for example title=COLUMN."
        )


def _builder(mapping: ColumnMapping, sample: Sample, opts: ReadOptions) -> tuple[Builder, list[str]]:
    notes: list[str] = []
    prices = [
        as_text(row.get(column))
        for name in (Field.PRICE, Field.SALE_PRICE)
        for column in mapping.fields.get(name, ())
        for row in sample.rows
        if isinstance(row.get(column), str)
    ]
    sign = Sign(opts.decimal) if opts.decimal else find_sign(prices)
    if sign is None:
        # Nothing tells: three digits after the only sign are thousands, as prices have no thousandths.
        sign = Sign.COMMA if any("." in price for price in prices) else Sign.POINT
        if any("." in price or "," in price for price in prices):
            notes.append("Prices such as 1.299 are read as thousands; if they are not, name the decimal sign.")
    found = find_currency(mapping, sample)
    currency = opts.currency or found or DEFAULT_CURRENCY
    if mapping.column(Field.PRICE) is None:
        notes.append('No column holds prices: every item is "price on request". Name one with price=COLUMN.')
    elif opts.currency is None and found is None:
        notes.append(f"No currency is named, so prices are taken for {currency}; name another one if they are not.")
    first = (mapping.fields.get(Field.CATEGORY, ()) or ("",))[0]
    separator = find_separator([row.get(first) for row in sample.rows]) if first else None
    if mapping.column(Field.TITLE) is None:
        notes.append("No column holds titles, so they are the beginnings of the descriptions.")
    return (
        Builder(
            mapping=mapping,
            sign=sign,
            currency=currency,
            forced=opts.currency is not None,
            separator=separator,
            lead=mapping.column(Field.TITLE) is None,
            zero_is_free=opts.zero_is_free,
        ),
        notes,
    )


def _read(table: Table, name: str, builder: Builder, opts: ReadOptions) -> tuple[Kept, list[Rejected], list[Tie], int]:
    kept = Kept()
    rejected: list[Rejected] = []
    ties: list[Tie] = []
    rows = characters = 0
    for row in _counted(table, name, opts):
        rows += 1
        if isinstance(row, Rejected):
            rejected.append(row)
            continue
        try:
            built = builder.build(row)
        except BadRowError as err:
            rejected.append(Rejected(row.line, str(err)))
            continue
        if built is None:
            continue
        turned_down = kept.add(built)
        if turned_down is not None:
            rejected.append(turned_down)
        else:
            ties.extend(built.ties)
            characters += len(built.item.description) + sum(map(len, built.item.attributes.values()))
            if characters > MAX_CHARACTERS:
                raise CatalogueFileError(
                    f"{name} holds more than {MAX_CHARACTERS:,} characters of descriptions and facts. Split it, "
                    "or leave columns out with ignore=COLUMN."
                )
    return kept, rejected, ties, rows


def _with_proposals(items: list[Item], proposals: Sequence[Proposal]) -> list[Item]:
    further: dict[str, list[Any]] = {}
    for proposal in proposals:
        further.setdefault(proposal.item_id, []).append(proposal.relation)
    return [
        replace(item, relations=tuple(dict.fromkeys((*item.relations, *further[item.id]))))
        if item.id in further
        else item
        for item in items
    ]
