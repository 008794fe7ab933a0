"""`attune audit`: the chain of who looked at whose data and what was changed."""

import asyncio
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.opened import opened_database
from cli.output import EXIT_FAILED, AsJson, notes, print_json, reports_errors
from privacy import COMMAND, Head
from service import Settings
from store import AuditReport

app = typer.Typer(help="The audit chain.", no_args_is_help=True)
_PROBLEMS: Final = {
    "altered": "is not as it was written",
    "missing": "is missing; later entries are there",
    "cut": "and all after it are missing: the head outside the database knows of them",
    "forked": "is another one than the head knows",
}
_HEAD_PROBLEMS: Final = {
    "head_missing": "The file of the head is missing; every entry that is there is whole.",
    "head_unusable": "The file of the head cannot be read or trusted; every entry that is there is whole.",
}


def _as_json(report: AuditReport) -> dict[str, Any]:
    return {**asdict(report), "head": str(report.head)}


@app.command()
@reports_errors
def verify(
    head: Annotated[str | None, typer.Option(help="A head that was exported earlier, NUMBER:HASH.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check every entry from the first to the last. Leaves with status 1 if one was altered, moved or removed."""
    known = Head.parse(head) if head is not None else None
    settings = Settings()

    async def run() -> AuditReport:
        async with opened_database(settings, upgrade=False) as db, db.reading() as tx:
            return await tx.audit.verify(known=known)

    report = asyncio.run(run())
    if as_json:
        print_json(_as_json(report))
    elif report.ok:
        notes.print(f"{report.entries} entries, all as they were written.", markup=False)
        if report.resumed:
            notes.print(f"The chain went on {report.resumed} times after a loss (act audit.resumed).", markup=False)
    elif report.first_bad is not None:
        notes.print(f"Entry {report.first_bad} {_PROBLEMS[str(report.problem)]}.", style="red", markup=False)
    else:
        notes.print(_HEAD_PROBLEMS[str(report.problem)], style="red", markup=False)
    if not report.ok:
        raise typer.Exit(EXIT_FAILED)


@app.command("head")
@reports_errors
def show_head(as_json: AsJson = False) -> None:
    """Print the newest entry's number and hash, to be kept elsewhere; `verify --head` compares with it."""
    settings = Settings()

    async def run() -> Head:
        async with opened_database(settings, upgrade=False) as db, db.reading() as tx:
            return await tx.audit.head()

    newest = asyncio.run(run())
    if as_json:
        print_json({"number": newest.number, "hash": newest.hash, "head": str(newest)})
    else:
        typer.echo(str(newest))


@app.command()
@reports_errors
def export(
    out: Annotated[Path, typer.Option(help="The file to write; one that is there is not touched.")],
    as_json: AsJson = False,
) -> None:
    """Write every entry as it is stored, one JSON object a line, subjects sealed, and check the chain."""
    settings = Settings()

    async def run() -> AuditReport:
        async with opened_database(settings, upgrade=False) as db:
            async with db.transaction() as tx:
                await tx.audit.add(COMMAND, "audit.export", purpose="copy for an auditor", details={"file": out.name})
            async with db.reading() as tx:
                report = await tx.audit.verify()
                descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                try:
                    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                        async for link in tx.audit.links():
                            file.write(json.dumps(asdict(link)) + "\n")
                except BaseException:
                    with suppress(OSError):
                        out.unlink()
                    raise
            return report

    report = asyncio.run(run())
    if as_json:
        print_json({**_as_json(report), "file": str(out)})
    else:
        notes.print(f"Wrote {report.entries} entries to {out}. Head: {report.head}", markup=False)
    if not report.ok:
        raise typer.Exit(EXIT_FAILED)


@app.command()
@reports_errors
def resume(
    reason: Annotated[str, typer.Option(help="Why entries are missing, without names; kept in the chain.")],
    as_json: AsJson = False,
) -> None:
    """Go on after a backup was restored or the head file was lost. The loss itself becomes an entry."""
    settings = Settings()

    async def run() -> int:
        async with opened_database(settings, upgrade=False) as db, db.transaction() as tx:
            return (await tx.audit.resume(COMMAND, purpose=reason)).number

    number = asyncio.run(run())
    if as_json:
        print_json({"number": number})
    else:
        notes.print(f"Entry {number} says what was missing. The chain goes on.", markup=False)
