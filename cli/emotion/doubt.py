"""`attune emotion doubt`: how often the model that ships takes clips for a machine's."""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import EXIT_USAGE, AsJson, fail, print_report, reports_errors
from service import Settings


@reports_errors
def doubt(
    natural: Annotated[
        list[Path] | None, typer.Option(help="People's clips: a file or a folder; may be given again.")
    ] = None,
    made: Annotated[
        list[Path] | None, typer.Option(help="Machines' clips: a file or a folder; may be given again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the doubt of synthetic voices on clips of your own. Nothing is tuned, and nothing of them is kept."""
    from emotion import VoiceDoubter
    from emotion.training.doubt import judge_clips

    if not natural and not made:
        fail("--natural and --made are both missing: which clips?", code="usage", as_json=as_json, status=EXIT_USAGE)
    doubter = VoiceDoubter(Settings().models_dir / "voice_doubt")
    print_report(judge_clips(doubter, natural or [], made or []).to_dict(), as_json=as_json)
