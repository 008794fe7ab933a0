"""All models on one split of one log: what `attune recommend evaluate` prints for the protocol "all"."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.cold import cold_items, cold_people
from recommender.evaluation.metrics import K, PerPerson, all_of, coverage, gini, interval, novelty
from recommender.evaluation.models import (
    BASELINES,
    HYBRID,
    Fitted,
    Material,
    best_lists,
    chosen_by,
    hits_of,
    hybrid,
    people_of,
    remake,
)
from recommender.evaluation.reading import Ratings
from recommender.evaluation.splits import Split, measured_acts, validation_acts
from recommender.learning import Log, TasteSettings, choose_content
from vocabulary import Item

MODELS: Final = (*BASELINES, HYBRID)
_INTERVALS: Final = (f"ndcg@{K}", f"precision@{K}")
Tell = Callable[[str], None]


def compare(
    ratings: Ratings,
    items: Sequence[Item],
    split: Split,
    *,
    only: Sequence[str] = MODELS,
    cold: bool = True,
    tell: Tell = lambda _: None,
) -> dict[str, Any]:
    """Every model learns from the same acts and is measured on the same others; whatever was chosen is wanted.

    Settings are chosen by a second split inside what is learned from; "chosen" in the result shows all that was tried.
    Figures are means over people who have something held out; "interval" is 95 % over people.
    """
    log = ratings.log
    held = measured_acts(log, split)
    train, test = log.only(~held), log.only(held)
    content = choose_content(train, items)
    material = Material(train, content, content.features(items), validation_acts(train, split))
    people = people_of(test)
    wanted = chosen_by(test)[people]
    figures: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    each: dict[str, dict[str, PerPerson]] = {}
    fitted: dict[str, Fitted] = {}
    for name in only:
        tell(f"{name} …")
        fitted[name] = one = hybrid(material, items, tell=tell) if name == HYBRID else BASELINES[name](material)
        lists = best_lists(one.model, train, people)
        each[name] = dict(all_of(hits_of(lists, test, people), wanted))
        figures[name] = _figures(each[name], lists, train)
        chosen[name] = {"settings": one.settings, "tried": list(one.tried)}
        tell(f"{name}: NDCG@{K} {figures[name][f'ndcg@{K}']:.4f}")
    report: dict[str, Any] = {
        "split": split.value,
        "protocol": "all",
        "people": len(people),
        "acts": {"learned_from": len(train.people), "held_out": len(test.people)},
        "models": figures,
    }
    if HYBRID in only:
        report["hybrid_over"] = {name: difference(each, name) for name in only if name != HYBRID}
        small = remake(train, material, items, shipped(fitted[HYBRID]))
        lists = best_lists(small, train, people)
        report["hybrid_as_shipped"] = _figures(dict(all_of(hits_of(lists, test, people), wanted)), lists, train)
        if cold:
            tell("cold people and items …")
            report["cold_people"] = cold_people(log, material, items, fitted[HYBRID])
            report["cold_items"] = cold_items(log, material, items, fitted[HYBRID])
    report["chosen"] = chosen
    return report


def shipped(fitted: Fitted) -> TasteSettings:
    """The chosen settings, with as few links for each item as a shop's processes keep."""
    return replace(TasteSettings.from_dict(fitted.settings), neighbours=TasteSettings().neighbours)


def difference(each: dict[str, dict[str, PerPerson]], other: str, figure: str = f"ndcg@{K}") -> dict[str, Any]:
    """By how much the hybrid is better than another model for the same people, with its interval."""
    gap = each[HYBRID][figure] - each[other][figure]
    low, high = interval(gap)
    return {"figure": figure, "difference": round(float(gap.mean()), 4), "interval": [round(low, 4), round(high, 4)]}


def _figures(each: dict[str, PerPerson], lists: NDArray[np.int64], train: Log) -> dict[str, Any]:
    figures: dict[str, Any] = {name: round(float(values.mean()), 4) for name, values in each.items()}
    sizes = np.bincount(train.items, minlength=train.n_items).astype(np.float64)
    figures["coverage"] = round(coverage(lists, train.n_items), 4)
    figures["novelty"] = round(novelty(lists, sizes, len(people_of(train))), 4)
    figures["gini"] = round(gini(lists, train.n_items), 4)
    figures["interval"] = {name: [round(end, 4) for end in interval(each[name])] for name in _INTERVALS}
    return figures
