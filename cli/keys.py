"""`attune keys`: the keys that everything stored is sealed with."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

import typer

from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, print_report, reports_errors
from service import Settings
from store import Rotation

T = TypeVar("T")
app = typer.Typer(help="The keys that everything stored is sealed with.", no_args_is_help=True)


@app.command("list")
@reports_errors
def list_keys(as_json: AsJson = False) -> None:
    """Every key by its id, and how much can be read with it alone. The keys themselves are not shown."""
    settings = Settings()
    keyring = settings.keyring()

    async def named(rotation: Rotation) -> list[dict[str, Any]]:
        return [
            {"id": key_id, "current": key_id == keyring.current, "seals": await rotation.named(key_id)}
            for key_id in keyring.content.keys
        ]

    keys = _run(settings, named)
    content = keyring.content
    if as_json:
        own = "own" if content.index is not None else "oldest key"
        print_json({"source": keyring.source, "keys": keys, "index": own, "retired": list(content.retired)})
        return
    notes.print(f"From {keyring.source}.", markup=False)
    for key in keys:
        seals = ", ".join(f"{number} in {where}" for where, number in key["seals"].items()) or "nothing"
        typer.echo(f"{key['id']}{' (current)' if key['current'] else ''}: seals {seals}")


@app.command()
@reports_errors
def rotate(as_json: AsJson = False) -> None:
    """Add a key and seal everything by it; no process has to stop. Older keys stay until `attune keys retire`.

    Keys of the environment or of a command: name the new current key there first; this seals everything by it.
    """
    settings = Settings()
    keyring = settings.keyring()
    if not keyring.can_rotate and len(keyring.content.keys) == 1:
        fail(
            f"the keys come from {keyring.source}, and there is one alone. Put there what `attune keys new` prints, "
            "let every process see it, then run this again.",
            code="keys_read_only",
            as_json=as_json,
        )

    rotated = _run(settings, lambda rotation: rotation.rotate())
    print_report({"added": rotated.added, "key": rotated.key, **asdict(rotated.resealed)}, as_json=as_json)
    if not as_json:
        notes.print("Older keys still open backups. When those are gone: attune keys retire KEY", markup=False)


@app.command()
@reports_errors
def retire(key: Annotated[str, typer.Argument(help="The id of an old key.")], as_json: AsJson = False) -> None:
    """Drop an old key. Refused while anything that is stored needs it; backups that need it become unreadable."""
    settings = Settings()
    if not settings.keyring().can_rotate:
        fail(
            f"the keys come from {settings.keyring().source}. Take {key} out there once `attune keys list` says that "
            "it seals nothing.",
            code="keys_read_only",
            as_json=as_json,
        )
    retired = _run(settings, lambda rotation: rotation.retire(key))
    print_report({"retired": key, **asdict(retired.resealed), "damaged": dict(retired.damaged)}, as_json=as_json)


@app.command()
@reports_errors
def new() -> None:
    """Print the whole ring with one more key, which is the current one: for ATTUNE_KEYS or ATTUNE_KEY_COMMAND.

    Nothing is changed. What is printed opens everything: let it go nowhere else.
    """
    typer.echo(Settings().keyring().content.with_new_key().rendered().decode(), nl=False)


def _run(settings: Settings, work: Callable[[Rotation], Awaitable[T]]) -> T:
    async def run() -> T:
        async with opened_database(settings, upgrade=False) as db:
            return await work(Rotation(settings, db.keyring, db))

    return asyncio.run(run())
