"""`attune catalogue index`: make the index hold what the catalogue holds."""

import asyncio
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.opened import opened_database
from cli.output import AsJson, notes, print_json, reports_errors
from recommender import OnnxEncoder
from recommender.index import ItemIndex
from store import StoreSettings
from vocabulary import Item


@reports_errors
def index_catalogue(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Begin anew, as another encoder demands.")] = False,
    as_json: AsJson = False,
) -> None:
    """Embed what is new or changed, let go of what is gone, and save; safe to stop and repeat."""
    figures = sync_index(StoreSettings(), rebuild=rebuild, quiet=as_json)
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        typer.echo(f"{name}: {value}")


def sync_index(
    settings: StoreSettings, *, encoder: OnnxEncoder | None = None, rebuild: bool = False, quiet: bool = False
) -> dict[str, Any]:
    """Bring the index to the stored catalogue's state, with a bar of progress; gives its figures and `embedded`.

    Stopped half-way it goes on from there the next time. Raises: EncoderError, EncoderChangedError.
    """

    async def stored() -> tuple[list[Item], int]:
        async with opened_database(settings) as db, db.reading() as tx:
            return await tx.catalogue.items(), await tx.catalogue.version()

    items, version = asyncio.run(stored())
    index = ItemIndex.open(settings.index_dir, encoder or OnnxEncoder(settings.catalogue_encoder_dir), rebuild=rebuild)
    bar = Progress(
        TextColumn("Reading items"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
        transient=True,
        disable=quiet or not notes.is_terminal,
    )
    with bar:
        task = bar.add_task("embed", total=None)
        done = index.sync(
            items,
            whole=True,
            version=version,
            progress=lambda count, total: bar.update(task, completed=count, total=total),
        )
    index.save()
    return {"embedded": done.embedded, "changed": done.changed, **index.stats()}
