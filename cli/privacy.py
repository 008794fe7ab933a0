"""`attune privacy`: people's rights over their data, and what is past its time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.opened import opened_database
from cli.output import EXIT_FAILED, AsJson, notes, print_json, reports_errors
from privacy import COMMAND
from service import Learner, Settings, archive
from store import (
    Certificate,
    Database,
    DataRequest,
    Eraser,
    Export,
    Exporter,
    MediaStore,
    PersonUnknown,
    Preview,
    Report,
    RequestState,
    Retention,
)

app = typer.Typer(help="People's rights over their data, and what is past its time.", no_args_is_help=True)
User = Annotated[
    str, typer.Argument(help="An e-mail address, a telephone number (+49…), or the id of an account or conversation.")
]
_LAW: Final = "a person's rights about their data"


def _media(settings: Settings) -> MediaStore:
    return MediaStore(settings.media_dir, settings.keyring(), settings.media_ttl_s)


def _eraser(settings: Settings, db: Database) -> Eraser:
    learner = Learner(settings, db)
    return Eraser(settings, settings.keyring(), db, _media(settings), unlearn=learner.unlearn)


@app.command()
@reports_errors
def export(
    user: User,
    out: Annotated[Path, typer.Option(help="The archive to write.")] = Path("attune-data.zip"),
    as_json: AsJson = False,
) -> None:
    """Write everything that is stored of a person into one archive: JSON, and a page to read."""
    settings = Settings()

    async def run() -> Export:
        async with opened_database(settings) as db:
            return await Exporter(settings, settings.keyring(), db, _media(settings)).export(user, by=COMMAND)

    found = asyncio.run(run())
    packed = archive(found)
    # Others on this machine have no business with it, whatever an older file of that name allowed.
    out.touch(mode=0o600)
    out.chmod(0o600)
    out.write_bytes(packed)
    stores = {place["name"]: sum(len(rows) for rows in place["tables"].values()) for place in found.data["places"]}
    if as_json:
        print_json({"file": str(out), "bytes": len(packed), "stores": stores, "media": len(found.media)})
    else:
        notes.print(f"{out}: {len(packed)} bytes from {len(stores)} places.", markup=False)


@app.command()
@reports_errors
def erase(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person from every store, and prove it. Works while the product runs; leaves with status 1 if anything
    is left."""
    settings = Settings()

    async def look() -> Preview:
        async with opened_database(settings) as db:
            return await _eraser(settings, db).preview(user)

    async def run() -> Certificate:
        async with opened_database(settings) as db:
            return await _eraser(settings, db).erase(user, by=COMMAND)

    found = asyncio.run(look())
    if preview:
        _show(
            {"stores": [one.to_dict() for one in found.stores], "backups": [one.to_dict() for one in found.backups]},
            as_json,
        )
        return
    if not yes and not as_json:
        _show({"stores": [one.to_dict() for one in found.stores]}, as_json)
        typer.confirm("Erase all of this? It cannot be undone", abort=True, err=True)
    certificate = asyncio.run(run())
    _show(certificate.to_dict(), as_json)
    if not certificate.ok:
        raise typer.Exit(EXIT_FAILED)


@app.command()
@reports_errors
def purge(
    user: Annotated[str | None, typer.Argument(help="Only this person's; see `attune privacy erase`.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete what is past its time now; the web process does it every ten minutes by itself."""
    settings = Settings()

    async def run() -> Report:
        async with opened_database(settings) as db:
            only = None
            if user is not None:
                async with db.reading() as tx:
                    only = await tx.subjects.find(user)
                if only is None:
                    raise PersonUnknown
            retention = Retention(settings, settings.keyring(), db, _media(settings))
            return await retention.run(dry_run=dry_run, only=only)

    report = asyncio.run(run())
    if as_json:
        print_json({**report.to_dict(), "dry_run": dry_run})
    elif report.skipped:
        notes.print("Another process purges right now; nothing was done here.")
    else:
        for name, one in report.purged.items():
            typer.echo(f"{name}: {one.count}" + (f", up to {one.late_s:.0f} s late" if one.count else ""))


@app.command()
@reports_errors
def periods(as_json: AsJson = False) -> None:
    """How long each type of data stays, by the settings in force (ATTUNE_RETENTION)."""
    found = Settings().periods
    if as_json:
        print_json({name: {"seconds": one.length.total_seconds(), "after": one.after} for name, one in found.items()})
        return
    for name, one in found.items():
        typer.echo(f"{name}: {_length(one.length)} after {one.after} ({one.title})")


def _length(length: timedelta) -> str:
    if length.days and length == timedelta(days=length.days):
        return f"{length.days} day{'s' * (length.days != 1)}"
    return f"{length.total_seconds() / 60:g} minutes"


@app.command()
@reports_errors
def requests(
    answered: Annotated[bool, typer.Option("--answered", help="Also those that are answered.")] = False,
    as_json: AsJson = False,
) -> None:
    """What people ask about their data, by the day on which an answer is due. They are answered at /desk/requests."""
    settings = Settings()

    async def look() -> list[DataRequest]:
        async with opened_database(settings) as db, db.transaction() as tx:
            found = await tx.requests.by_due_day(open_only=not answered)
            await tx.audit.add(COMMAND, "request.list", purpose=_LAW, details={"shown": len(found)})
            return found

    now = datetime.now(UTC)
    rows = [_request_row(one, now) for one in asyncio.run(look())]
    if as_json:
        print_json({"requests": rows, "overdue": sum(row["overdue"] for row in rows)})
        return
    for row in rows:
        late = " OVERDUE" if row["overdue"] else ""
        typer.echo(
            f"{row['due_at'][:10]}{late}  {row['kind']:8}{row['state']:9} {row['owner'] or 'erased'}  {row['words']}"
        )
    if not rows:
        notes.print("No request waits for an answer." if not answered else "Nobody has asked anything.")


def _request_row(one: DataRequest, now: datetime) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind.value, "state": one.state.value, "owner": one.owner, "by": one.by,
        "words": one.words, "answer": one.answer, "received_at": one.received_at.isoformat(),
        "due_at": one.due_at.isoformat(), "overdue": one.state is RequestState.RECEIVED and now > one.due_at,
        "done_at": one.done_at.isoformat() if one.done_at else None,
    }  # fmt: skip


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(result)
        return
    for store in result["stores"]:
        if store["count"]:
            typer.echo(f"{store['title']}: {store['count']}, {store['outcome']}. {store['note']}".rstrip())
    if search := result.get("search"):
        typer.echo(f"Searched afterwards: {search['files']} files and {search['values']} values of the databases.")
    for name in ("residual", "backups", "pending"):
        if result.get(name):
            typer.echo(f"{name}: {result[name]}")
    if "ok" in result:
        typer.echo(f"Nothing is left. {result['seconds']} s." if result["ok"] else "SOMETHING IS LEFT; see above.")
