"""`attune recommend QUERY`: what the shop would suggest, and why; and how good its suggestions are."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, reports_errors
from journey import NO_SELL_FROM, decide
from recommender import Filters, OnnxEncoder, Recommender, Request, evaluate, read_judgements
from shop import generate_catalogue
from store import StoreSettings
from vocabulary import CustomerState, DialogueEvidence, Item, StateName, Suggestion, say_price

LIMIT: Final = 3


@reports_errors
def ask(
    query: Annotated[str | None, typer.Argument(help="What the customer says.")] = None,
    frustration: Annotated[
        float | None, typer.Option(help="The customer's frustration, 0 to 100. Without it no state is known.")
    ] = None,
    max_price: Annotated[float | None, typer.Option(help="Nothing dearer than this, in EUR.")] = None,
    min_price: Annotated[float | None, typer.Option(help="Nothing cheaper than this, in EUR.")] = None,
    category: Annotated[str | None, typer.Option(help='A category or kind of thing: "Kettles", "tv".')] = None,
    about: Annotated[list[str] | None, typer.Option(help="Id of an item that the case is about; may repeat.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=20, help="At most so many suggestions.")] = LIMIT,
    evaluation: Annotated[
        Path | None, typer.Option("--evaluate", help="Measure on a JSON file of judged queries instead.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="With --evaluate: only this split (tuning, held_out).")] = None,
    as_json: AsJson = False,
) -> None:
    """Suggest items for a customer's words. A price limit in the words holds as well."""
    if (query is None) == (evaluation is None):
        fail(
            'give either QUERY or --evaluate FILE. Example: attune recommend "a quiet kettle under 50 euros"',
            code="usage",
            as_json=as_json,
            status=2,
        )
    state = None if frustration is None else _state(frustration)
    filters = Filters(max_price=max_price, min_price=min_price, category=category)
    settings = StoreSettings()
    items = asyncio.run(_items(settings))
    recommender = Recommender.open(settings.index_dir, OnnxEncoder(settings.encoder_dir), items=items)
    if evaluation is not None:
        _evaluate(recommender, evaluation, split, as_json)
        return
    decision = decide(state, None, DialogueEvidence())
    slate = recommender.recommend(
        Request(
            query or "",
            limit=limit,
            filters=filters,
            state=state,
            offers_allowed=decision.offers_allowed,
            about=about or (),
        )
    )
    if as_json:
        print_json(
            {
                "suggestions": [suggestion.to_dict() for suggestion in slate.suggestions],
                "offers_allowed": decision.offers_allowed,
            }
        )
    elif not decision.offers_allowed:
        typer.echo(f"Nothing is offered now. {decision.reason}")
    else:
        _print(slate.suggestions)


def _state(frustration: float) -> CustomerState:
    """A first turn at this level. Raises: ScoreError outside 0 to 100."""
    name = StateName.FRUSTRATED if frustration >= NO_SELL_FROM else StateName.CALM
    return CustomerState(frustration=frustration, trend=0.0, name=name, confidence=1.0, turns=1)


async def _items(settings: StoreSettings) -> Sequence[Item]:
    """The shop's catalogue, or the demo's where no shop has been set up yet."""
    async with opened_database(settings) as db, db.reading() as tx:
        items = await tx.catalogue.items()
    if items:
        return items
    notes.print("The database holds no catalogue yet, so the demo's is used. `attune up` fills the shop.")
    return generate_catalogue()


def _evaluate(recommender: Recommender, path: Path, split: str | None, as_json: bool) -> None:
    report = evaluate(recommender, read_judgements(path, split), k=LIMIT)
    figures: dict[str, Any] = {
        "split": split or "all",
        "queries": report.queries,
        f"ndcg@{report.k}": round(report.ndcg, 4),
        f"hit@{report.k}": round(report.hit, 4),
        f"best@{report.k}": round(report.best, 4),
        "silence": None if report.silence is None else round(report.silence, 4),
        "median_ms": round(report.milliseconds, 2),
        "misses": list(report.misses),
    }
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        typer.echo(f"{name:10} {value}")


def _print(suggestions: Sequence[Suggestion]) -> None:
    if not suggestions:
        typer.echo("Nothing in the shop fits. Try other words, a higher price or no category.")
    for suggestion in suggestions:
        typer.echo(f"{say_price(suggestion):>13}  {suggestion.title}  [{suggestion.item_id}]")
        typer.echo(f"               {suggestion.reason}")
