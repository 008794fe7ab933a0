"""`attune recommend interactions`: what people did with items, from another system's log."""

import asyncio
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, reports_errors
from privacy import COMMAND
from recommender.catalogue.interactions import InteractionLog
from recommender.catalogue.mapping import parse_wishes
from recommender.catalogue.records import Rejected
from store import StoreSettings
from store.interactions import imported_subject
from vocabulary import Interaction, InteractionKind

BATCH: Final = 5_000
_SHOWN: Final = 20
_PURPOSE: Final = "running the shop"


@reports_errors
def interactions(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, JSON, JSON Lines or Parquet.", exists=True, dir_okay=False)],
    given: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="NAME=COLUMN", help="subject, item, kind, value or at; may repeat."),
    ] = None,
    kind: Annotated[InteractionKind | None, typer.Option(help="Of rows that do not say it.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as utf-8, cp1252, utf-16.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="What separates cells: , ; | or tab.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show everything; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take the proposed mapping without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in views, purchases and ratings of another system. Names of people become fingerprints.

    Rows of items that the catalogue does not hold are reported and left out. Suggestions learn from the others with the
    next `attune recommend train`.
    """
    started = time.monotonic()
    settings = StoreSettings()
    keyring = settings.keyring()
    log = InteractionLog.open(
        file,
        pseudonym=lambda named: imported_subject(keyring, named),
        items=asyncio.run(_known(settings)),
        mapping=parse_wishes(given or ()),
        kind=kind,
        encoding=encoding,
        separator=delimiter,
    )
    if not as_json:
        notes.print(f"{log.name}: {log.format}", markup=False)
        for name, column in log.mapping.items():
            notes.print(f"  {name}: {column}", markup=False)
        for words in log.notes:
            notes.print(f"- {words}", markup=False)
        if not (yes or dry_run):
            typer.confirm("Take the log in like this?", abort=True, err=True)
    rows, taken, added, rejected = asyncio.run(_take(settings, log, file.name[:64], dry_run=dry_run))
    report: dict[str, Any] = {
        "rows": rows,
        "imported": taken,
        "new": added,
        "rejected": [row.to_dict() for row in rejected],
        "seconds": round(time.monotonic() - started, 2),
        "mapping": dict(log.mapping),
        "kind": log.kind.value,
        "dry_run": dry_run,
        "notes": log.notes,
    }
    if not taken:
        first = f" Line {rejected[0].line}: {rejected[0].reason}" if rejected else ""
        fail(f"no row of {log.name} can be learned from.{first}", code="nothing_to_import", as_json=as_json)
    if as_json:
        print_json(report)
        return
    for row in rejected[:_SHOWN]:
        notes.print(f"line {row.line}: {row.reason}", markup=False)
    notes.print(
        f"{taken} of {rows} rows {'could be taken in' if dry_run else f'are in, {added} of them new'}; "
        f"{len(rejected)} are turned down."
    )


async def _known(settings: StoreSettings) -> frozenset[str]:
    async with opened_database(settings) as db, db.reading() as tx:
        return frozenset(item.id for item in await tx.catalogue.items())


async def _take(
    settings: StoreSettings, log: InteractionLog, origin: str, *, dry_run: bool
) -> tuple[int, int, int, list[Rejected]]:
    """Everything or nothing: how many rows there were, could be taken and were new, and those that could not."""
    rows = taken = added = 0
    rejected: list[Rejected] = []
    batch: list[Interaction] = []
    async with opened_database(settings, upgrade=False) as db, db.transaction() as tx:
        for row in log.rows():
            rows += 1
            if isinstance(row, Rejected):
                rejected.append(row)
                continue
            taken += 1
            batch.append(row)
            if len(batch) >= BATCH and not dry_run:
                added += await tx.interactions.add(batch, origin)
                batch = []
            elif dry_run:
                batch = []
        if not dry_run and taken:
            added += await tx.interactions.add(batch, origin)
            details = {"interactions": added, "rejected": len(rejected)}
            await tx.audit.add(COMMAND, "interactions.import", purpose=_PURPOSE, details=details)
    return rows, taken, added, rejected
