"""`attune recommend rules`: what a state changes in suggestions, in words; and whether a file of rules may be used."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import AsJson, print_json, reports_errors
from recommender import Rules, load_rules
from store import StoreSettings


@reports_errors
def rules(
    check: Annotated[
        Path | None, typer.Option("--check", help="Check this file instead; nothing is changed by that.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the rules of suggestions, or check a file of them."""
    path = check or StoreSettings().suggestions_file
    found = load_rules(path)
    if as_json:
        print_json(_to_dict(found, path))
        return
    typer.echo(f"{path}: {len(found.states)} rules, version {found.version}.")
    for rule in found.states:
        who = [state.value for state in sorted(rule.states)]
        who += [f"frustration from {rule.frustration_from:g}"] if rule.frustration_from is not None else []
        typer.echo(f"\n{rule.name} ({', '.join(who)})\n  {rule.words}")
        for name, value in rule.to_dict().items():
            if name not in ("name", "words", "states", "frustration_from") and value not in (None, False, 0.0, [], {}):
                typer.echo(f"  {name}: {_said(value)}")


def _to_dict(found: Rules, path: Path) -> dict[str, Any]:
    order = {name: getattr(found.order, name) for name in found.order.__dataclass_fields__}
    bandit = {"policy": found.bandit.policy.value, "share": found.bandit.share, "reach": found.bandit.reach}
    return {
        "file": str(path),
        "version": found.version,
        "order": order,
        "bandit": bandit,
        "rules": [rule.to_dict() for rule in found.states],
    }


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {points:g}" for name, points in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
