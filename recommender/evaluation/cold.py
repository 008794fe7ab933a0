"""Those of whom little is known: people with a handful of acts, and items that nobody has chosen yet."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.metrics import K, ndcg, precision
from recommender.evaluation.models import Fitted, Material, Model, best_lists, chosen_by, hits_of, people_of, remake
from recommender.evaluation.models.simple import AlikeInContent, Linked, Popular
from recommender.learning import Log, TasteSettings, choose_content, cosine, popularity, together
from vocabulary import Item

_ACTS: Final = (0, 1, 3, 5, 10)
_COLD_SHARE: Final = 0.2
COLD_ITEMS: Final = 150
CHOSEN_BY_AT_LEAST: Final = 20
DRAWS: Final = 5


def cold_people(log: Log, material: Material, items: Sequence[Item], fitted: Fitted) -> dict[str, Any]:
    """A fifth of all people, drawn, take no part in learning. Of each the first n acts are known; all later ones are
    wanted. Settings of the hybrid are those that were chosen; the others have their plainest ones."""
    new = np.random.default_rng(0).permutation(log.n_people)[: max(1, int(_COLD_SHARE * log.n_people))]
    is_new = np.isin(log.people, new)
    known = log.only(~is_new)
    who = known.who()
    sizes = np.asarray(who.sum(axis=0), dtype=np.float32).ravel()
    models: dict[str, Model] = {
        "popular": Popular(popularity(known, float(known.times.max(initial=0.0)), half_life_days=1e6)),
        "content": AlikeInContent(material.features, None),
        "item-knn": Linked(cosine(together(who), sizes, shrinkage=5.0), None),
        "hybrid": remake(known, material, items, TasteSettings.from_dict(fitted.settings)),
    }
    place = log.places()
    table: dict[str, Any] = {}
    for acts in _ACTS:
        begun, later = log.only(is_new & (place < acts)), log.only(is_new & (place >= acts))
        people = people_of(later)
        wanted = chosen_by(later)[people]
        table[str(acts)] = {}
        for name, model in models.items():
            hits = hits_of(best_lists(model, begun, people), later, people)
            table[str(acts)][name] = {
                f"ndcg@{K}": round(float(ndcg(hits, wanted).mean()), 4),
                f"precision@{K}": round(float(precision(hits).mean()), 4),
            }
    return {"people": len(new), "by_known_acts": table}


def cold_items(log: Log, material: Material, items: Sequence[Item], fitted: Fitted) -> dict[str, Any]:
    """150 items that 20 people or more chose are drawn, five times; nothing that was done with them is known,
    neither to the models nor where the strength of likeness is chosen.

    Each person who chose one of them gets the ten best among them; mean over people and the five drawings.
    """
    pool = np.flatnonzero(np.bincount(log.items, minlength=log.n_items) >= CHOSEN_BY_AT_LEAST)
    count = min(COLD_ITEMS, len(pool) // 2)
    if count < 2 * K:
        return {"items": 0, "note": f"fewer than {4 * K} items were chosen by {CHOSEN_BY_AT_LEAST} people or more"}
    settings = TasteSettings.from_dict(fitted.settings)
    found: dict[str, list[float]] = {"random": [], "content": [], "hybrid": []}
    for draw in range(DRAWS):
        drawn = np.random.default_rng(draw)
        among = np.zeros(log.n_items, dtype=np.bool_)
        among[drawn.choice(pool, count, replace=False)] = True
        is_cold = among[log.items]
        known, wanted = log.only(~is_cold), log.only(is_cold)
        people = people_of(wanted)
        models: dict[str, Model] = {
            "random": _Drawn(drawn),
            "content": AlikeInContent(material.features, None),
            "hybrid": remake(known, replace(material, content=choose_content(known, items)), items, settings),
        }
        for name, model in models.items():
            lists = best_lists(model, known, people, among)
            found[name].append(float(precision(hits_of(lists, wanted, people)).mean()))
    return {
        "items": count,
        "chosen_by_at_least": CHOSEN_BY_AT_LEAST,
        "drawings": DRAWS,
        f"precision@{K}": {name: round(float(np.mean(values)), 4) for name, values in found.items()},
        f"precision@{K}_each": {name: [round(value, 4) for value in values] for name, values in found.items()},
    }


class _Drawn:
    """Any order is as good as another."""

    def __init__(self, drawn: np.random.Generator) -> None:
        self._drawn = drawn

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._drawn.random((len(people), log.n_items), dtype=np.float32)
