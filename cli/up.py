"""`attune up`: set up what is missing, start the processes, print the address."""

import asyncio
import os
import secrets
import shlex
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx
from honcho.manager import Manager
from honcho.printer import Printer

from actions import Settings as ActionSettings
from cli.assistant import train
from cli.local import trust
from cli.opened import opened_database
from cli.output import fail, notes, reports_errors
from cli.processes import ROOT, default_ports, process_commands, process_environment
from cli.speech_prepare import prepare_language_model, shop_talk
from privacy import hash_password
from recommender import export_encoder
from service import Settings as WebSettings
from service import production_problems
from shop import seed
from vocabulary import STAFF_ROLES, Item, Role

FREE_MB: Final = 500
READY_WITHIN_S: Final = 120.0
# What honcho reports after Ctrl-C and after SIGTERM.
STOPPED_BY_SIGNAL: Final = (130, 143)
FIRST_ADMIN: Final = "admin@localhost"


@reports_errors
def up() -> None:
    """Set up what is missing, then run rasa, actions, web and voice until Ctrl-C."""
    # Also for the processes: what they write is nobody else's on this machine.
    os.umask(0o077)
    web, actions = WebSettings(), ActionSettings()
    if web.production and (problems := production_problems(web)):
        lines = "".join(f"\n- {problem}" for problem in problems)
        fail(f"ATTUNE_PRODUCTION is set, but this is not ready for it:{lines}", code="not_ready_for_production")
    ports = default_ports(web, actions)
    check_disk(web.home)
    ports.check_free()
    model = prepare(web)
    password = asyncio.run(_open_shop(web))
    environment = process_environment(web.home, model, ports, web)
    # Honcho writes coloured lines with the process's name; each process restarts under its keeper.
    manager = Manager(Printer(sys.stdout))
    keeper = f"{shlex.quote(sys.executable)} -m cli.keep"
    for name, command in process_commands().items():
        manager.add_process(name, f"exec {keeper} {name} {command}", env=environment, cwd=str(ROOT))
    threading.Thread(target=_announce, args=(web, password), daemon=True).start()
    manager.loop()
    if manager.returncode in STOPPED_BY_SIGNAL:
        notes.print("Attune is stopped.")
        return
    fail("a process ended and the others were stopped; the lines above say which and why.", code="process_ended")


def check_disk(home: Path) -> None:
    """Leave with a clear message when the data folder's disk is nearly full."""
    home.mkdir(parents=True, exist_ok=True)
    free_mb = shutil.disk_usage(home).free // 1_000_000
    if free_mb < FREE_MB:
        fail(f"the disk of {home} has {free_mb} MB free; Attune needs {FREE_MB} MB. Free some space and start again.")


def prepare(settings: WebSettings) -> Path:
    """Export the encoder and train the assistant, each only if needed; the model's path."""
    if not (settings.encoder_dir / "version.txt").is_file():
        notes.print("Exporting the embedding model (once, about half a minute) …")
        export_encoder(settings.encoder_dir)
    if settings.encoder_model:
        export_encoder(settings.catalogue_encoder_dir, model=settings.encoder_model)
    notes.print("Checking the assistant; training takes some minutes when its files changed …")
    model, seconds = train(settings.home, settings.encoder_dir)
    notes.print("The assistant is up to date." if seconds is None else f"Trained in {seconds:.0f} s.")
    return model


async def _open_shop(settings: WebSettings) -> str | None:
    """Create and fill the database; the first admin's password if it was created just now."""
    async with opened_database(settings) as db:
        await seed(db, settings)
        async with db.transaction() as tx:
            teach_recogniser(settings.home, await tx.catalogue.items())
            if await tx.accounts.list(roles=STAFF_ROLES, limit=1):
                return None
            password = secrets.token_urlsafe(12)
            await tx.accounts.create(
                Role.ADMIN,
                name="Admin",
                email=FIRST_ADMIN,
                password_hash=hash_password(password),
                email_verified=True,
                first_password=True,
            )
            return password


def teach_recogniser(home: Path, items: Sequence[Item]) -> None:
    """Build the shop's language model if the bot or the catalogue changed. A failure is told and changes nothing."""
    try:
        made = prepare_language_model(home, shop_talk(items))
    except Exception as err:  # noqa: BLE001
        # Whatever it is, the recogniser hears with the model from before, or with the one that ships.
        notes.print(f"The recogniser keeps its old words: {type(err).__name__}. Run: attune speech prepare")
        return
    if made is not None:
        notes.print(f"The recogniser knows {made.words} words of this shop.")


def _announce(settings: WebSettings, password: str | None) -> None:
    address = settings.local_url
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/ready", timeout=2, verify=trust(settings)).status_code == httpx.codes.OK:
                break
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    else:
        notes.print(f"\n[red]Attune is not ready after {READY_WITHIN_S:.0f} s.[/red] The lines above say why.\n")
        return
    notes.print(f"\n[bold]Attune is ready: {address}[/bold]   agents: {address}/desk   stop: Ctrl-C")
    if password is not None:
        notes.print(
            f"First admin: {FIRST_ADMIN}   password: {password}\n"
            "It is shown this once, and opens only the choice of another one: sign in, or run attune user password\n",
            markup=False,
        )
