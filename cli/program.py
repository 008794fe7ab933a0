"""`attune catalogue key`: keys with which a shop's own programs keep the catalogue up to date."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import typer

from cli.opened import opened_database
from cli.output import AsJson, notes, print_json, reports_errors
from privacy import COMMAND
from store import ProgramKey, StoreSettings

app = typer.Typer(help="Keys with which a shop's own programs keep the catalogue up to date.", no_args_is_help=True)
_PURPOSE: Final = "letting a program keep the catalogue"


@app.command()
@reports_errors
def new(
    name: Annotated[str, typer.Argument(help="What the program is, such as 'stock export'.")],
    days: Annotated[int | None, typer.Option(min=1, max=3660, help="Valid for so long; without it, for ever.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. It is shown once: put it where the program finds it, and nowhere else."""

    async def run() -> tuple[ProgramKey, str]:
        async with opened_database(StoreSettings()) as db, db.transaction() as tx:
            key, secret = await tx.program_keys.create(name, None if days is None else timedelta(days=days))
            await tx.audit.add(COMMAND, "program.key", purpose=_PURPOSE, details={"key": key.id, "name": key.name})
        return key, secret

    key, secret = asyncio.run(run())
    if as_json:
        print_json({**_shown(key), "key": secret})
        return
    typer.echo(secret)
    notes.print(f"{key.id} for {key.name}. This is the only time that the key is shown.", markup=False)


@app.command("list")
@reports_errors
def list_keys(as_json: AsJson = False) -> None:
    """Show the keys, without what they are."""

    async def run() -> list[ProgramKey]:
        async with opened_database(StoreSettings()) as db, db.reading() as tx:
            return await tx.program_keys.all()

    keys = asyncio.run(run())
    if as_json:
        print_json({"keys": [_shown(key) for key in keys]})
        return
    for key in keys:
        ends = "never" if key.expires_at is None else f"{key.expires_at:%Y-%m-%d}"
        used = "never" if key.used_at is None else f"{key.used_at:%Y-%m-%d %H:%M}"
        typer.echo(f"{key.id}  {key.name}  expires {ends}, last used {used}")
    if not keys:
        notes.print("No program has a key. Make one with `attune catalogue key new NAME`.", markup=False)


@app.command()
@reports_errors
def revoke(
    key_id: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Take a key back: it opens nothing from now on."""

    async def run() -> ProgramKey:
        async with opened_database(StoreSettings()) as db, db.transaction() as tx:
            key = await tx.program_keys.revoke(key_id)
            await tx.audit.add(COMMAND, "program.revoke", purpose=_PURPOSE, details={"key": key.id, "name": key.name})
        return key

    key = asyncio.run(run())
    if as_json:
        print_json(_shown(key))
    else:
        notes.print(f"{key.id} for {key.name} opens nothing any more.", markup=False)


def _shown(key: ProgramKey) -> dict[str, Any]:
    def plain(at: datetime | None) -> str | None:
        return None if at is None else at.isoformat()

    return {
        "id": key.id,
        "name": key.name,
        "created_at": plain(key.created_at),
        "expires_at": plain(key.expires_at),
        "used_at": plain(key.used_at),
    }
