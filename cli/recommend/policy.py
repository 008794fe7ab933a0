"""`attune recommend policy`: what the bandit has learned, and what another policy would have earned."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

import typer

from cli.opened import opened_database
from cli.output import AsJson, print_report, reports_errors
from recommender import Bandit, BanditSettings, Outcome, PolicyName, judge, load_rules
from store import Database, StoredSlate, StoreSettings

FEWEST: Final = 20
_PAGE: Final = 500


@reports_errors
def policy(
    candidate: Annotated[
        list[PolicyName] | None, typer.Option(help="Judge this policy; may repeat. Default: every one.")
    ] = None,
    share: Annotated[float | None, typer.Option(help="Judge with this share of trying, 0 to 0.5.")] = None,
    reach: Annotated[int | None, typer.Option(help="Judge with this reach, 0 to 2 places.")] = None,
    settle: Annotated[bool, typer.Option("--settle", help="First settle the slates that are due.")] = False,
    as_json: AsJson = False,
) -> None:
    """What the bandit stands on, and estimates of policies on the slates that customers let be learned from."""
    settings = StoreSettings()
    base = load_rules(settings.suggestions_file).bandit
    changed = _changed(base, share, reach)
    report = asyncio.run(_report(settings, base, changed, candidate or list(PolicyName), settle))
    if not as_json and report["judged"] is None:
        report["judged"] = f"needs {FEWEST} settled slates that may be learned from"
    print_report(report, as_json=as_json)


def _changed(base: BanditSettings, share: float | None, reach: int | None) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if share is not None:
        changed |= {"share": share, "floor": min(base.floor, share)}
    if reach is not None:
        changed["reach"] = reach
    return changed


async def _report(
    settings: StoreSettings, base: BanditSettings, changed: dict[str, Any], names: Sequence[PolicyName], settle: bool
) -> dict[str, Any]:
    from actions.slates import SlateKeeper, read_outcomes

    async with opened_database(settings) as db:
        bandit = Bandit(base)
        if settle:
            await SlateKeeper(db, bandit).settle_due()
        async with db.reading() as tx:
            stored = await tx.slates.count()
        settled = await _settled(db)
    kept: list[tuple[Outcome, str]] = []
    for slate in settled:
        kept += [(outcome, slate.customer_id) for outcome in read_outcomes(bandit, [slate])]
    outcomes, customers = [outcome for outcome, _ in kept], [customer for _, customer in kept]
    return {
        "policy": base.version,
        "share": base.share,
        "reach": base.reach,
        "slates": {"stored": stored, "may_be_learned_from": len(settled), "learned_from": len(outcomes)},
        "explored": round(sum(one.choice.explored for one in outcomes) / len(outcomes), 4) if outcomes else None,
        "reward": round(sum(one.reward(base.reward) for one in outcomes) / len(outcomes), 4) if outcomes else None,
        "judged": _judged(outcomes, customers, base, changed, names) if len(outcomes) >= FEWEST else None,
    }


def _judged(
    outcomes: Sequence[Outcome],
    customers: Sequence[str],
    base: BanditSettings,
    changed: dict[str, Any],
    names: Sequence[PolicyName],
) -> dict[str, Any]:
    return {name.value: judge(outcomes, replace(base, policy=name, **changed), customers).to_dict() for name in names}


async def _settled(db: Database) -> list[StoredSlate]:
    found: list[StoredSlate] = []
    while True:
        last = found[-1] if found else None
        place = None if last is None else (last.settled_at or last.at, last.conversation_id, last.message_id)
        async with db.reading() as tx:
            page = await tx.slates.settled(place, limit=_PAGE)
        if not page:
            return found
        found += page
