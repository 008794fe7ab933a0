"""`attune catalogue import`: a file of any shop becomes the catalogue."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from cli.catalogue_index import sync_index
from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, reports_errors
from privacy import COMMAND
from recommender import OnnxEncoder, Reading, ReadOptions, parse_wishes, read_catalogue
from store import StoreSettings
from vocabulary import Item

PURPOSE: Final = "running the shop"
_SHOWN: Final = 20


class Relations(StrEnum):
    """Which relations between items are taken."""

    GIVEN = "given"
    PROPOSE = "propose"
    NONE = "none"


@reports_errors
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, JSON, JSON Lines or Parquet.", exists=True, dir_okay=False)],
    given: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="NAME=COLUMN", help="What a column is; may repeat. NAME= is no column."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show everything; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take the proposed mapping without asking.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Add to the catalogue; items not in the file stay as they are.")
    ] = False,
    currency: Annotated[str | None, typer.Option(help="Of prices that name none: EUR, USD, ...")] = None,
    decimal: Annotated[str | None, typer.Option(help="The decimal sign of prices: . or ,")] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as utf-8, cp1252, utf-16.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="What separates cells: , ; | or tab.")] = None,
    relations: Annotated[
        Relations, typer.Option(help="given: that columns name. propose: also those that texts suggest.")
    ] = Relations.GIVEN,
    free: Annotated[bool, typer.Option("--free", help="A price of 0 is a price, and not a missing one.")] = False,
    no_index: Annotated[
        bool, typer.Option("--no-index", help="Leave the index for later: attune catalogue index.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Replace the catalogue by a file's items, all at once: what goes wrong half-way leaves the old one whole.

    A bad row is reported with its line and the reason; the others come in.
    """
    started = time.monotonic()
    settings = StoreSettings()
    before = asyncio.run(_stored(settings))
    options = ReadOptions(
        currency=None if currency is None else currency.upper(),
        decimal=decimal,
        encoding=encoding,
        separator=delimiter,
        relations=relations.value,
        known=frozenset(before) if update else frozenset(),
        zero_is_free=free,
        progress=_progress(as_json),
    )
    reading = read_catalogue(file, mapping=dict(parse_wishes(given or ())), options=options)
    difference = _difference(before, reading.items, update=update)
    if not as_json:
        _show(reading, difference)
    if not reading.items:
        first = f" Line {reading.rejected[0].line}: {reading.rejected[0].reason}" if reading.rejected else ""
        fail(
            f"no row of {reading.name} is an item, so nothing is changed.{first}",
            code="nothing_to_import",
            as_json=as_json,
        )
    embedded = 0
    if not dry_run:
        # Opened first: without an encoder nothing is changed.
        encoder = None if no_index else OnnxEncoder(settings.catalogue_encoder_dir)
        if not (yes or as_json):
            typer.confirm("Take the catalogue in like this?", abort=True, err=True)
        asyncio.run(_store(settings, reading, update=update))
        if encoder is not None:
            try:
                embedded = sync_index(settings, encoder=encoder, quiet=as_json)["embedded"]
            except KeyboardInterrupt:
                notes.print("The catalogue is in; the index is not finished. Go on with: attune catalogue index")
                raise typer.Exit(130) from None
    seconds = round(time.monotonic() - started, 2)
    if as_json:
        print_json(_report(reading, difference, embedded=embedded, seconds=seconds, dry_run=dry_run))
    elif dry_run:
        notes.print("Nothing is changed: this was a dry run.")
    else:
        notes.print(f"{len(reading.items)} items are in, {embedded} texts were embedded, in {seconds} s.")


async def _stored(settings: StoreSettings) -> dict[str, Item]:
    async with opened_database(settings) as db, db.reading() as tx:
        return {item.id: item for item in await tx.catalogue.items()}


async def _store(settings: StoreSettings, reading: Reading, *, update: bool) -> None:
    async with opened_database(settings, upgrade=False) as db, db.transaction() as tx:
        if update:
            await tx.catalogue.put(reading.items)
        else:
            await tx.catalogue.replace_all(reading.items, {"currency": reading.currency})
        await tx.audit.add(
            COMMAND,
            "catalogue.import",
            purpose=PURPOSE,
            details={"items": len(reading.items), "rejected": len(reading.rejected), "replaces": not update},
        )


def _difference(before: dict[str, Item], items: Sequence[Item], *, update: bool) -> dict[str, int]:
    added = sum(item.id not in before for item in items)
    changed = sum(item.id in before and before[item.id] != item for item in items)
    kept = sum(item.id in before for item in items)
    return {"added": added, "changed": changed, "removed": 0 if update else len(before) - kept}


def _report(
    reading: Reading, difference: dict[str, int], *, embedded: int, seconds: float, dry_run: bool
) -> dict[str, Any]:
    return {
        "rows": reading.rows,
        "imported": len(reading.items),
        "rejected": [row.to_dict() for row in reading.rejected],
        "embedded": embedded,
        "seconds": seconds,
        "mapping": reading.mapping.to_dict(),
        "merged": reading.merged,
        **difference,
        "dry_run": dry_run,
        "format": reading.kind,
        "currency": reading.currency,
        "notes": list(reading.notes),
        "proposed_relations": len(reading.proposals),
    }


def _show(reading: Reading, difference: dict[str, int]) -> None:
    notes.print(f"{reading.name}: {reading.kind}; {reading.rows} rows", markup=False)
    table = Table("column", "is taken for", "because", "for example", box=None, pad_edge=False)
    for column in reading.columns:
        table.add_row(*map(escape, (column.name, column.field, column.reason, " | ".join(column.samples)[:60])))
    notes.print(table)
    for words in reading.notes:
        notes.print(f"- {words}", markup=False)
    for row in reading.rejected[:_SHOWN]:
        notes.print(f"line {row.line}: {row.reason}", markup=False)
    if len(reading.rejected) > _SHOWN:
        notes.print(f"... and {len(reading.rejected) - _SHOWN} more; --json lists all.")
    for proposal in reading.proposals[:5]:
        said = proposal.relation
        notes.print(
            f"- {proposal.item_id} seems to be {said.kind.value} {said.target_id}: {proposal.why}", markup=False
        )
    if reading.proposals:
        notes.print(f"{len(reading.proposals)} relations are suggested by the texts; --relations propose takes them.")
    notes.print(
        f"{len(reading.items)} items ({difference['added']} new, {difference['changed']} changed, "
        f"{difference['removed']} no longer there), {len(reading.rejected)} rows turned down, {reading.merged} merged.",
        markup=False,
    )


def _progress(as_json: bool) -> Callable[[int], None] | None:
    if as_json or not sys.stderr.isatty():
        return None

    def told(rows: int) -> None:
        sys.stderr.write(f"\r{rows} rows ")
        sys.stderr.flush()

    return told
