"""`attune emotion calibrate`: fit the constants with which fusion pools its modalities."""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import AsJson, notes, print_report, reports_errors
from emotion import TextScorer
from service import Settings


@reports_errors
def calibrate(
    data: Annotated[Path, typer.Option(help="Folder with text_emotion/, speech_emotion/, faces/.")],
    as_json: AsJson = False,
) -> None:
    """Fit reliabilities, temperatures and floors on held-out items and write them with their card; minutes."""
    from emotion.training.fusion import calibrate_fusion

    settings = Settings()
    text = TextScorer(settings.models_dir / "text_emotion")
    if not as_json:
        notes.print("Scoring held-out items (cached) and fitting fusion …")
    report = calibrate_fusion(data, settings.models_dir, settings.home / "emotion", text=text)
    print_report(report.to_dict(), as_json=as_json)
