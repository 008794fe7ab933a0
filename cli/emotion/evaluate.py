"""`attune emotion evaluate`: a model on a published corpus, in one JSON object."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.emotion.measuring import Request, measure_corpus
from cli.live import live_line
from cli.output import EXIT_USAGE, AsJson, fail, print_report, reports_errors
from emotion import EvaluationError
from emotion.evaluation.result import Evaluation


class Corpus(StrEnum):
    """What can be measured on; docs/reference/emotion-commands.md describes each layout."""

    EMODB = "emodb"
    RAVDESS = "ravdess"
    CREMA_D = "crema-d"
    GOEMOTIONS = "goemotions"
    USS = "uss"
    FER2013 = "fer2013"
    FOLDER = "folder"
    BEHAVIOUR = "behaviour"
    FUSION = "fusion"


@reports_errors
def evaluate(
    corpus: Annotated[Corpus, typer.Option(help="Whose layout the data has.")],
    path: Annotated[
        Path | None, typer.Option(help="The corpus: a folder, or a file for uss and fer2013. Not for behaviour.")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="own, deepface, or a transformers model by folder or hub id; empty: the one in use.")
    ] = "",
    online: Annotated[
        int, typer.Option(min=0, max=100, help="Clips of each speaker that are heard first and not scored.")
    ] = 0,
    dialogues: Annotated[str, typer.Option(help="uss: only these, such as 501-1000.")] = "",
    seed: Annotated[int, typer.Option(min=0, help="Of the orders of --online.")] = 0,
    plot: Annotated[Path | None, typer.Option(help="Draw confusion and reliability into this .svg or .png.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the model that ships. A corpus that it was trained on is measured by refits that did not see the part
    they are measured on, and `split` says so. Nothing is tuned, and nothing of the corpus is kept."""
    if path is None and corpus is not Corpus.BEHAVIOUR:
        fail(f"--path is missing: where is {corpus}?", code="usage", as_json=as_json, status=EXIT_USAGE)
    request = Request(
        corpus=corpus.value, path=path or Path(), engine=engine, online=online, dialogues=dialogues, seed=seed
    )
    with live_line(wanted=not as_json) as show:

        def progress(what: str, done: int, of: int) -> None:
            if show is not None:
                show(f"{what}: {done} of {of}")

        evaluation = measure_corpus(request, progress)
        if plot is not None:
            from emotion.evaluation.plots import draw

            if not isinstance(evaluation, Evaluation):
                raise EvaluationError(f"{corpus} has no classes to draw. Leave --plot out.")
            draw(evaluation, plot)
    print_report(evaluation.to_dict(), as_json=as_json)
