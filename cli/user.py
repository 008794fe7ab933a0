"""`attune user`: members of staff."""

import asyncio
from typing import Annotated, Final

import typer

from cli.opened import opened_database
from cli.output import fail, notes, print_json, reports_errors
from service import Settings
from vocabulary import Role

app = typer.Typer(help="Members of staff.", no_args_is_help=True)
MIN_PASSWORD: Final = 10
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _ask_password(password: str | None, as_json: bool) -> str:
    chosen = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(chosen) < MIN_PASSWORD:
        fail(
            f"the password has {len(chosen)} characters; expected at least {MIN_PASSWORD}.",
            code="weak_password",
            as_json=as_json,
        )
    return str(chosen)


@app.command()
@reports_errors
def create(
    email: Annotated[str, typer.Argument(help="The e-mail to log in with.")],
    name: Annotated[str, typer.Option(help="The name that customers see.")],
    role: Annotated[Role, typer.Option(help="What this person may do.")] = Role.AGENT,
    password: Annotated[str | None, typer.Option(help="Asked for if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Create an agent or an admin."""
    if "@" not in email:
        fail(f"{email!r} is no e-mail address; expected name@domain.", code="bad_email", as_json=as_json)
    chosen = _ask_password(password, as_json)
    settings = Settings()

    async def run() -> str:
        async with opened_database(settings) as db, db.transaction() as tx:
            return (await tx.staff.create(email, name, role, chosen)).id

    staff_id = asyncio.run(run())
    if as_json:
        print_json({"id": staff_id, "email": email, "name": name, "role": role.value})
    else:
        notes.print(f"Created {role.value} {name} <{email}>.", markup=False)


@app.command("password")
@reports_errors
def set_password(
    email: Annotated[str, typer.Argument(help="Whose password.")] = "admin@localhost",
    password: Annotated[str | None, typer.Option(help="Asked for if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Set a new password."""
    chosen = _ask_password(password, as_json)
    settings = Settings()

    async def run() -> None:
        async with opened_database(settings, upgrade=False) as db, db.transaction() as tx:
            await tx.staff.set_password(email, chosen)

    asyncio.run(run())
    if as_json:
        print_json({"email": email, "changed": True})
    else:
        notes.print(f"The password of {email} is changed.", markup=False)
