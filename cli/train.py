"""`attune train`: train the assistant if its files changed."""

from typing import Annotated

import typer

from cli.assistant import train as train_assistant
from cli.output import AsJson, notes, print_json, reports_errors
from recommender import export_encoder
from service import Settings


@reports_errors
def train(
    force: Annotated[bool, typer.Option(help="Train even if nothing changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train the assistant from config.yml, domain.yml and data/; minutes when something changed."""
    settings = Settings()
    export_encoder(settings.encoder_dir)
    if settings.encoder_model:
        export_encoder(settings.catalogue_encoder_dir, model=settings.encoder_model)
    if not as_json:
        notes.print("Training the assistant if its files changed …")
    model, seconds = train_assistant(settings.home, settings.encoder_dir, force=force)
    if as_json:
        print_json({"model": str(model), "seconds": None if seconds is None else round(seconds, 1)})
    else:
        notes.print("Up to date." if seconds is None else f"Trained in {seconds:.0f} s.", f"Model: {model}")
