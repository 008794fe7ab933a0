"""`attune recommend evaluate`: how good suggestions are that learn from behaviour, or that know a customer's state."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import EXIT_USAGE, AsJson, fail, notes, print_json, reports_errors


class Protocol(StrEnum):
    """all: whatever was chosen is wanted. rated: what was rated 4 or more among what was rated."""

    ALL = "all"
    RATED = "rated"


@reports_errors
def evaluate(
    interactions: Annotated[
        Path | None, typer.Option(help="CSV or TSV with columns user, item, rating, time, or MovieLens' u.data.")
    ] = None,
    items: Annotated[
        Path | None, typer.Option(help="Catalogue of the items, or MovieLens' u.item. Without it content says nothing.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="time, random or loo; with --emotion: tune or report.")] = None,
    protocol: Annotated[Protocol, typer.Option(help="What counts as wanted.")] = Protocol.ALL,
    models: Annotated[list[str] | None, typer.Option("--model", help="Only this model; may repeat.")] = None,
    cold: Annotated[bool, typer.Option(help="Also people and items of whom little is known.")] = True,
    plot: Annotated[Path | None, typer.Option(help="Draw the figures into this PNG or SVG file.")] = None,
    emotion: Annotated[
        bool,
        typer.Option("--emotion", help="Instead: lists with and without the customer's state, on judged situations."),
    ] = False,
    turns: Annotated[int, typer.Option(min=0, help="With --emotion: check red lines in so many generated turns.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare all models on one log. Settings are chosen inside what is learned from, and the result shows it."""
    if emotion:
        from cli.recommend.emotion import evaluate_emotion

        evaluate_emotion(split=split or "report", turns=turns, as_json=as_json)
        return
    if interactions is None:
        fail(
            "give a log with --interactions FILE, or --emotion. "
            "Example: attune recommend evaluate --interactions u.data --items u.item --split time",
            code="usage",
            as_json=as_json,
            status=EXIT_USAGE,
        )
    report = _report(interactions, items, split or "time", protocol, models, cold=cold, as_json=as_json)
    if plot is not None:
        from recommender.evaluation.pictures import draw

        draw(report, plot)
        notes.print(f"Drawn into {plot}.")
    if as_json:
        print_json(report)
    else:
        _print(report)


def _report(
    interactions: Path,
    items: Path | None,
    split: str,
    protocol: Protocol,
    models: Sequence[str] | None,
    *,
    cold: bool,
    as_json: bool,
) -> dict[str, Any]:
    from recommender.evaluation.comparing import MODELS, compare
    from recommender.evaluation.rated import compare_rated
    from recommender.evaluation.reading import bare_item, read_items, read_ratings
    from recommender.evaluation.splits import Split
    from recommender.learning import one_thread

    def known(what: str, given: str, allowed: Sequence[str]) -> None:
        if given not in allowed:
            message = f"{what} {given[:40]!r} is unknown; allowed are {', '.join(allowed)}."
            fail(message, code="usage", as_json=as_json, status=EXIT_USAGE)

    known("split", split, [one.value for one in Split])
    for name in models or ():
        known("model", name, MODELS)
    only = tuple(dict.fromkeys(models)) if models else MODELS
    ratings = read_ratings(interactions)
    for line in ratings.rejected:
        notes.print(f"left out: {line}", markup=False)
    known_items = read_items(items, ratings.item_ids) if items else [bare_item(name) for name in ratings.item_ids]
    tell = (lambda _: None) if as_json else (lambda words: notes.print(words, markup=False))
    with one_thread():
        if protocol is Protocol.RATED:
            report = compare_rated(ratings, known_items, Split(split), only=only, tell=tell)
        else:
            report = compare(ratings, known_items, Split(split), only=only, cold=cold, tell=tell)
    return {**report, "rejected_lines": ratings.n_rejected}


def _print(report: dict[str, Any]) -> None:
    names = [name for name in next(iter(report["models"].values())) if name != "interval"]
    typer.echo(f"split {report['split']}, protocol {report['protocol']}, {report['people']} people")
    typer.echo(" " * 10 + "".join(f"{name:>14}" for name in names))
    for model, figures in report["models"].items():
        typer.echo(f"{model:10}" + "".join(f"{figures[name]:14.4f}" for name in names))
    for other, gap in report.get("hybrid_over", {}).items():
        low, high = gap["interval"]
        typer.echo(f"hybrid over {other}: {gap['figure']} {gap['difference']:+.4f} (95 %: {low:+.4f} to {high:+.4f})")
    if source := report.get("source"):
        typer.echo(f"F1 of the source {source['f1']}: the hybrid is {source['gap']:.4f} away")
    for acts, models in report.get("cold_people", {}).get("by_known_acts", {}).items():
        said = ", ".join(f"{model} {figures['ndcg@10']:.4f}" for model, figures in models.items())
        typer.echo(f"people with {acts} acts, NDCG@10: {said}")
    if cold := report.get("cold_items", {}).get("precision@10"):
        typer.echo(
            "items nobody chose yet, P@10: " + ", ".join(f"{model} {value:.4f}" for model, value in cold.items())
        )
    for model, chosen in report["chosen"].items():
        typer.echo(f"{model}: of {len(chosen['tried']) or 1} settings tried on validation: {chosen['settings']}")
