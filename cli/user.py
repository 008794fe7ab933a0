"""`attune user`: accounts of members of staff."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, reports_errors
from privacy import COMMAND, WeakPassword, check_password, hash_password
from service import Settings
from store import Account, AlreadyExists, NotFound, Transaction
from vocabulary import STAFF_ROLES, Role

app = typer.Typer(help="Accounts of members of staff.", no_args_is_help=True)
Whose = Annotated[str, typer.Argument(help="The e-mail to log in with.")]
_PURPOSE = "running the installation"


def _ask_password(password: str | None, personal: tuple[str, ...], as_json: bool) -> str:
    chosen = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    try:
        check_password(chosen, personal)
    except WeakPassword as err:
        fail(str(err), code="weak_password", as_json=as_json)
    return hash_password(chosen)


async def _staff(tx: Transaction, email: str) -> Account:
    account = await tx.accounts.by_email(email)
    if account is None or account.role not in STAFF_ROLES:
        raise NotFound("account of staff", email)
    return account


def _shown(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": account.role.value,
        "disabled": account.disabled,
        "second_factor": account.has_second_factor,
    }


def _change(
    email: str,
    act: str,
    change: Callable[[Transaction, Account], Awaitable[None]],
    details: dict[str, str] | None = None,
) -> None:
    """Change one account of staff; the audit record has it in the same transaction."""

    async def run() -> None:
        async with opened_database(Settings(), upgrade=False) as db, db.transaction() as tx:
            account = await _staff(tx, email)
            await tx.audit.add(COMMAND, act, subject=account.id, purpose=_PURPOSE, details=details)
            await change(tx, account)

    asyncio.run(run())


def _say(result: dict[str, object], words: str, as_json: bool) -> None:
    if as_json:
        print_json(result)
    else:
        notes.print(words, markup=False)


@app.command()
@reports_errors
def create(
    email: Whose,
    name: Annotated[str, typer.Option(help="The name that customers see.")],
    role: Annotated[Role, typer.Option(help="What this person may do.")] = Role.AGENT,
    password: Annotated[str | None, typer.Option(help="Asked for if not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Create an account for a member of staff. Customers register themselves."""
    if role not in STAFF_ROLES:
        fail(
            f"{role.value} is no role of staff; expected one of {', '.join(sorted(STAFF_ROLES))}.",
            code="role_invalid",
            as_json=as_json,
        )
    password_hash = _ask_password(password, (email, name), as_json)

    async def run() -> Account:
        async with opened_database(Settings()) as db, db.transaction() as tx:
            made = await tx.accounts.create(
                role, name=name, email=email, password_hash=password_hash, email_verified=True
            )
            await tx.audit.add(COMMAND, "staff.create", subject=made.id, purpose=_PURPOSE, details={"role": role.value})
            return made

    try:
        account = asyncio.run(run())
    except AlreadyExists:
        fail(f"{email!r} has an account; expected an address without one.", code="already_exists", as_json=as_json)
    _say(_shown(account), f"Created {role.value} {name} <{email}>.", as_json)


@app.command("list")
@reports_errors
def list_staff(as_json: AsJson = False) -> None:
    """Show every account of staff."""

    async def run() -> list[dict[str, object]]:
        async with opened_database(Settings(), upgrade=False) as db, db.reading() as tx:
            return [_shown(one) for one in await tx.accounts.list(roles=STAFF_ROLES)]

    accounts = asyncio.run(run())
    if as_json:
        print_json({"accounts": accounts})
        return
    for one in accounts:
        marks = "".join(f"  {mark}" for mark in ("disabled", "second_factor") if one[mark])
        typer.echo(f"{one['role']:<10}  {one['email']}  {one['name']}{marks}")


@app.command("password")
@reports_errors
def set_password(
    email: Whose = "admin@localhost",
    password: Annotated[str | None, typer.Option(help="Asked for if not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Set a new password and end every session of the account."""
    password_hash = _ask_password(password, (email,), as_json)

    async def change(tx: Transaction, account: Account) -> None:
        await tx.accounts.set_password(account.id, password_hash)

    _change(email, "staff.password", change)
    _say({"email": email, "changed": True}, f"The password of {email} is changed.", as_json)


@app.command("role")
@reports_errors
def set_role(
    email: Whose, role: Annotated[Role, typer.Argument(help="What this person may do.")], as_json: AsJson = False
) -> None:
    """Change what a member of staff may do; their sessions end."""

    async def change(tx: Transaction, account: Account) -> None:
        await tx.accounts.set_role(account.id, role)

    _change(email, "staff.role", change, {"to": role.value})
    _say({"email": email, "role": role.value}, f"{email} is {role.value} now.", as_json)


@app.command()
@reports_errors
def disable(
    email: Whose,
    enable: Annotated[bool, typer.Option("--undo", help="Open it again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Close an account: no sign-in, and every session ends."""

    async def change(tx: Transaction, account: Account) -> None:
        await (tx.accounts.enable if enable else tx.accounts.disable)(account.id)

    _change(email, "staff.enable" if enable else "staff.disable", change)
    _say({"email": email, "disabled": not enable}, f"{email} is {'open' if enable else 'closed'} now.", as_json)


@app.command("factor")
@reports_errors
def reset_second_factor(email: Whose, as_json: AsJson = False) -> None:
    """Remove a lost second factor; its owner sets up a new one."""

    async def change(tx: Transaction, account: Account) -> None:
        await tx.second_factor.remove(account.id)
        await tx.sessions.end_all(account.id)

    _change(email, "staff.second_factor", change)
    _say({"email": email, "second_factor": False}, f"{email} has no second factor now.", as_json)
