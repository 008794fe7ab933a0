"""`attune speech model`: Whisper models on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

from cli.output import notes, print_json, reports_errors

if TYPE_CHECKING:
    from speech import KeptModel, Shelf

app = typer.Typer(help="Whisper models: add, list, use, remove.", no_args_is_help=True)

_AS_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
@reports_errors
def add(
    source: Annotated[
        str,
        typer.Argument(
            help="A name of OpenAI's (tiny, base, small, medium, large-v3, turbo, small.en …), a .pt file, a Hugging "
            "Face folder, or a CTranslate2 folder.",
            show_default=False,
        ),
    ],
    name: Annotated[str | None, typer.Option(help="What to call it here; default: as the source is called.")] = None,
    keep_all: Annotated[
        bool, typer.Option("--keep-all", help="Also keep what openai-whisper and transformers read.")
    ] = False,
    as_json: _AS_JSON = False,
) -> None:
    """Fetch (if it is a name), convert once, try, and use from the next start on.

    A download that was cut goes on where it stopped when the same command runs again.
    """
    from speech import add_model

    with _progress(quiet=as_json) as step:
        added = add_model(_shelf(), source, name=name, keep_all=keep_all, step=step)
    if as_json:
        print_json(_told(added.kept) | {"in_use": True, "fetched_bytes": added.fetched_bytes})
        return
    kept = added.kept
    typer.echo(
        f"{kept.manifest.name}: {kept.megabytes:.0f} MB in {kept.folder}. The next start of the service uses it."
    )


@app.command("list")
@reports_errors
def list_models(as_json: _AS_JSON = False) -> None:
    """The models on this machine, newest first; the one in use is marked."""
    shelf = _shelf()
    used = shelf.in_use()
    models = shelf.models()
    if as_json:
        print_json({"models": [_told(kept) | {"in_use": kept == used} for kept in models], "shelf": str(shelf.folder)})
        return
    for kept in models:
        told = kept.manifest
        mark = "*" if kept == used else " "
        languages = "English only" if told.languages == 1 else f"{told.languages} languages"
        typer.echo(f"{mark} {told.name}: {languages}, {kept.megabytes:.0f} MB, from {told.source}")
    if not models:
        notes.print("no models here; run: attune speech model add small")


@app.command()
@reports_errors
def use(name: Annotated[str, typer.Argument(show_default=False)], as_json: _AS_JSON = False) -> None:
    """Use the model NAME from the next start of the service on."""
    kept = _shelf().use(name)
    if as_json:
        print_json(_told(kept) | {"in_use": True})
    else:
        typer.echo(f"{name} is used from the next start of the service on.")


@app.command()
@reports_errors
def remove(name: Annotated[str, typer.Argument(show_default=False)], as_json: _AS_JSON = False) -> None:
    """Delete the model NAME from this machine."""
    shelf = _shelf()
    shelf.remove(name)
    used = shelf.in_use()
    next_one = used.manifest.name if used else None
    if as_json:
        print_json({"removed": name, "in_use": next_one})
    else:
        typer.echo(f"{name} is removed. In use from the next start on: {next_one or 'no Whisper model'}.")


def _shelf() -> "Shelf":
    from service import Settings
    from speech import Shelf

    folder = Settings().speech.shelf
    assert folder is not None
    return Shelf(folder)


def _told(kept: "KeptModel") -> dict[str, Any]:
    told = kept.manifest
    return {
        "name": told.name,
        "kind": told.kind,
        "source": told.source,
        "sha256": told.sha256,
        "official": told.official,
        "added_at": told.added_at,
        "languages": told.languages,
        "mel_bands": told.mel_bands,
        "parameters": told.parameters,
        "forms": [form.name.lower() for form in kept.forms],
        "folder": str(kept.folder),
        "megabytes": round(kept.megabytes, 1),
    }


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Any]:
    """A bar for what is fetched, a spinner for the rest; on standard error, and not at all for machines."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=notes, disable=quiet, transient=True) as bar:
        task = bar.add_task("checking", total=None)

        def step(what: str, so_far: int | None, total: int | None) -> None:
            bar.update(task, description=what, completed=so_far or 0, total=total)

        yield step
