"""The part of `attune recommend evaluate` that asks what knowing a customer's state is worth."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import typer

from cli.output import fail, print_report
from recommender import OnnxEncoder, Recommender, load_rules
from recommender.evaluation.emotion import PLACES, compare
from recommender.evaluation.situations import read_situations
from recommender.evaluation.spread import spread
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
    folder, encoder = settings.home / "evaluation" / "index", OnnxEncoder(settings.catalogue_encoder_dir)
    ask = Recommender.open(folder, encoder, items=items, rules=rules).recommend
    report: dict[str, Any] = {"split": split, "rules": rules.version, "catalogue": "demo"}
    report |= compare(situations, ask, items).to_dict()
    # What a rule shortens is shown less of, however well it is ordered: the order alone is compared beside it.
    whole = replace(rules, states=tuple(replace(rule, at_most=None) for rule in rules.states))
    ordered = compare(
        situations, Recommender.open(folder, encoder, items=items, rules=whole).recommend, items
    ).to_dict()
    report["order_alone"] = {name: ordered[name] for name in (f"aware_ndcg@{PLACES}", "gain", "gain_interval")}
    plain = replace(rules, order=replace(rules.order, variety=0.0, novelty=0.0))
    ask_plain = Recommender.open(folder, encoder, items=items, rules=plain).recommend
    blind = [one.request(PLACES, with_state=False) for one in situations]
    by_id = {item.id: item for item in items}
    report["spread"] = {
        "as_set": spread([ask(one) for one in blind], by_id).to_dict(),
        "without_variety_and_novelty": spread([ask_plain(one) for one in blind], by_id).to_dict(),
    }
    if turns:
        # The same order with nothing left out.
        every = replace(rules, order=replace(rules.order, close=0.0, one_per_model=False))
        neutral = Recommender.open(folder, encoder, items=items, rules=every).recommend
        report["red_lines"] = run_turns(generated_requests(items, turns), ask, neutral, items).to_dict()
    print_report(report, as_json=as_json)
    if turns and report["red_lines"]["violations"]:
        raise typer.Exit(1)
