"""`attune privacy statistics`: what may be said about all customers of a week together."""

import asyncio
from typing import Annotated, Any

import typer

from cli.opened import opened_database
from cli.output import AsJson, notes, print_json, reports_errors
from privacy import COMMAND
from service import PrivateStatistics, Settings


@reports_errors
def statistics(
    week: Annotated[
        str | None, typer.Argument(help="An ISO week that is over, such as 2026-W09; default: the last.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How customers felt in a week, with noise that hides each single one; takes from this month's budget once."""
    settings = Settings()

    async def run() -> dict[str, Any]:
        async with opened_database(settings, upgrade=False) as db:
            makes = PrivateStatistics(
                db, month_may_cost=settings.statistics_budget, minimum=settings.statistics_min_group
            )
            released = await makes.week(week, actor=COMMAND)
            budget = await makes.budget()
        return {
            "query": released.query,
            "at": released.at.isoformat(),
            **released.result,
            "budget": {
                "period": budget.period,
                "limit": budget.limit,
                "spent": budget.spent,
                "left": budget.left,
                "releases": [one.query for one in budget.releases],
            },
        }

    result = asyncio.run(run())
    if as_json:
        print_json(result)
        return
    notes.print(
        f"{result['query']}, released {result['at'][:10]}. Spent {result['budget']['spent']:g} of "
        f"{result['budget']['limit']:g} in {result['budget']['period']}.",
        markup=False,
    )
    if result["withheld"]:
        notes.print(f"Too few customers to say anything: the noisy number is under {result['threshold']}.")
        return
    typer.echo(f"customers    {result['customers']} (±{result['within']['customers']:g})")
    typer.echo(f"frustration  {result['frustration']} (±{result['within']['frustration']:g})")
    for question in ("states", "labels"):
        typer.echo(f"{question} (±{result['within'][question]:g})")
        for name, count in result[question].items():
            typer.echo(f"  {name:12} {'under ' + str(result['minimum']) if count is None else count}")
