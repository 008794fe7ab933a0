"""`attune recommend QUERY`: what the shop would suggest, and why; and how good its suggestions are."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, reports_errors
from journey import NO_SELL_FROM, decide
from recommender import (
    TASTE_FILE,
    Filters,
    OnnxEncoder,
    Recommender,
    Request,
    Slate,
    TasteModel,
    evaluate,
    load_rules,
    read_judgements,
)
from shop import generate_catalogue
from store import StoreSettings
from vocabulary import CatalogueChanges, CustomerState, DialogueEvidence, StateName, say_price

LIMIT: Final = 3


@reports_errors
def ask(
    query: Annotated[str | None, typer.Argument(help="What the customer says.")] = None,
    frustration: Annotated[
        float | None, typer.Option(help="The customer's frustration, 0 to 100. Without it no state is known.")
    ] = None,
    max_price: Annotated[float | None, typer.Option(help="Nothing dearer than this, in the item's currency.")] = None,
    min_price: Annotated[float | None, typer.Option(help="Nothing cheaper than this, in the item's currency.")] = None,
    category: Annotated[str | None, typer.Option(help='A category or kind of thing: "Kettles", "tv".')] = None,
    about: Annotated[list[str] | None, typer.Option(help="Id of an item that the case is about; may repeat.")] = None,
    shown: Annotated[
        list[str] | None,
        typer.Option(help='Id of what was shown before ("cheaper", "like the second one"); may repeat.'),
    ] = None,
    earlier: Annotated[
        list[str] | None, typer.Option(help='What the customer said before ("in red?" is about that); may repeat.')
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="All causes of each place, as auditors see them.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=20, help="At most so many suggestions.")] = LIMIT,
    evaluation: Annotated[
        Path | None, typer.Option("--evaluate", help="Measure on a JSON file of judged queries instead.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="With --evaluate: only this split (tuning, held_out).")] = None,
    as_json: AsJson = False,
) -> None:
    """Suggest items for a customer's words. What the words limit or refuse holds as well."""
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
    recommender = _opened(settings, asyncio.run(_catalogue(settings)))
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
            shown=shown or (),
            earlier=earlier or (),
        )
    )
    if as_json:
        told = {"explanations": [one.to_dict() for one in slate.explanations]} if explain else {}
        print_json(
            {
                "suggestions": [suggestion.to_dict() for suggestion in slate.suggestions],
                "offers_allowed": decision.offers_allowed,
                "note": slate.note,
                **told,
            }
        )
    elif not decision.offers_allowed:
        typer.echo(f"Nothing is offered now. {decision.reason}")
    else:
        _print(slate, explain)


def _state(frustration: float) -> CustomerState:
    """A first turn at this level. Raises: ScoreError outside 0 to 100."""
    name = StateName.FRUSTRATED if frustration >= NO_SELL_FROM else StateName.CALM
    return CustomerState(frustration=frustration, trend=0.0, name=name, confidence=1.0, turns=1)


async def _catalogue(settings: StoreSettings) -> CatalogueChanges:
    """The shop's catalogue, or the demo's where no shop has been set up yet."""
    async with opened_database(settings) as db, db.reading() as tx:
        changes = await tx.catalogue.changes(0)
    if changes.items:
        return changes
    notes.print("The database holds no catalogue yet, so the demo's is used. `attune up` fills the shop.")
    return CatalogueChanges(0, tuple(generate_catalogue()), whole=True)


def _opened(settings: StoreSettings, catalogue: CatalogueChanges) -> Recommender:
    taste_file = settings.learned_dir / TASTE_FILE
    recommender = Recommender.open(
        settings.index_dir,
        OnnxEncoder(settings.catalogue_encoder_dir),
        rules=load_rules(settings.suggestions_file),
        taste=TasteModel.load(taste_file) if taste_file.is_file() else None,
    )
    recommender.update(catalogue)
    return recommender


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


_NOTES: Final = {
    "nothing_cheaper": "Nothing that fits is cheaper.",
    "other_currency": "Nothing here is sold in that currency. Name a limit in the shop's own, or none.",
}


def _print(slate: Slate, explain: bool) -> None:
    if not slate.suggestions:
        plain = "Nothing in the shop fits. Try other words, a higher price or no category."
        typer.echo(_NOTES.get(slate.note or "", plain))
    for suggestion, explanation in zip(slate.suggestions, slate.explanations, strict=True):
        typer.echo(f"{say_price(suggestion):>13}  {suggestion.title}  [{suggestion.item_id}]")
        typer.echo(f"               {suggestion.reason}")
        if not explain:
            continue
        if explanation.rule:
            typer.echo(f"               rule: {explanation.rule}")
        for factor in explanation.factors:
            told = ", ".join(f"{name}: {value}" for name, value in factor.details.items())
            typer.echo(f"               {factor.weight:+.3f}  {factor.kind.value:9} {told}")
