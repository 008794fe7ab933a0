"""`attune db`: the database's schema."""

import asyncio

import typer

from cli.opened import opened_database
from cli.output import AsJson, notes, print_json, reports_errors
from service import Settings

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def database() -> None:
    """The database."""


@app.command()
@reports_errors
def upgrade(as_json: AsJson = False) -> None:
    """Bring the database to the newest schema; safe to repeat."""
    settings = Settings()

    async def run() -> None:
        async with opened_database(settings):
            pass

    asyncio.run(run())
    if as_json:
        print_json({"upgraded": True})
    else:
        notes.print("The database has the newest schema.")
