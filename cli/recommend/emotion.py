"""The part of `attune recommend evaluate` that asks what knowing a customer's state is worth."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import typer

from cli.output import fail, print_report
from recommender import OnnxEncoder, Recommender, Rules, load_rules
from recommender.evaluation.emotion import compare
from recommender.evaluation.situations import read_situations
from recommender.evaluation.turns import generated_requests, run_turns
from shop import generate_catalogue
from store import StoreSettings

SITUATIONS: Final = Path(__file__).resolve().parent.parent.parent / "shop" / "judged" / "situations.json"


def evaluate_emotion(*, split: str, turns: int, as_json: bool) -> None:
    """Compare lists with and without the state on situations of the demo shop, then count red lines in generated turns.

    split: tune (what rules were chosen on) or report (looked at by this command alone). turns: 0 leaves them out.
    """
    settings = StoreSettings()
    rules = load_rules(settings.suggestions_file)
    items = generate_catalogue()
    situations = read_situations(SITUATIONS, split)
    if not situations:
        fail(f"{SITUATIONS.name} has no situations of the split {split}.", as_json=as_json)
    folder = settings.home / "evaluation" / "index"
    recommender = Recommender.open(folder, OnnxEncoder(settings.encoder_dir), items=items, rules=rules)
    report: dict[str, Any] = {"split": split, "rules": rules.version, "catalogue": "demo"}
    report |= compare(situations, recommender.recommend, items).to_dict()
    if turns:
        neutral = recommender.with_rules(_everything(rules))
        report["red_lines"] = run_turns(
            generated_requests(items, turns), recommender.recommend, neutral.recommend, items
        ).to_dict()
    print_report(report, as_json=as_json)
    if turns and report["red_lines"]["violations"]:
        raise typer.Exit(1)


def _everything(rules: Rules) -> Rules:
    """The same order with nothing left out."""
    return replace(rules, order=replace(rules.order, close=0.0, one_per_model=False))
