"""The protocol "rated": of the held-out items that somebody rated, which ones did they like?

An item is relevant if it was rated 4 or more. A model says what the rating will be, or how likely a liking is; from a
limit on, which is chosen on validation, it says "liked". F1 is over all held-out ratings. Lists are made of the rated
items alone.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import EvaluationError
from recommender.evaluation.metrics import K, all_of
from recommender.evaluation.raters import RATERS, Guess, Rated, stack
from recommender.evaluation.reading import LIKED_FROM, Ratings
from recommender.evaluation.splits import Split, measured_acts, validation_acts
from recommender.learning import Content
from vocabulary import Item

SOURCE_F1: Final = 0.82
"""What the source's Table 3 names as F1 of its hybrid; its data and split are not told."""
_DRAWS: Final = 2_000
_CELLS_AT_MOST: Final = 50_000_000
HYBRID: Final = "hybrid"


def compare_rated(
    ratings: Ratings,
    items: Sequence[Item],
    split: Split,
    *,
    only: Sequence[str] = (*RATERS, HYBRID),
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Every model guesses the same held-out ratings. The hybrid weighs the guesses of all others.

    The weights, like each model's settings and limit, come from a second split inside what is learned from.

    Raises: EvaluationError if there are no ratings, or too many people and items for a full table.
    """
    if not ratings.has_ratings:
        raise EvaluationError("the protocol rated needs a rating in every line; this log has none. Use --protocol all.")
    if ratings.log.n_people * ratings.log.n_items > _CELLS_AT_MOST:
        raise EvaluationError(
            f"{ratings.log.n_people} people × {ratings.log.n_items} items is too much for the protocol rated; "
            f"at most {_CELLS_AT_MOST:,} pairs. Take a part of the log."
        )
    log, values = ratings.log, ratings.values
    content = Content.of(items)
    features = content.features(items)
    held = measured_acts(log, split)
    outer = Rated(log.only(~held), values[~held])
    inner_held = validation_acts(outer.log, split)[0]
    inner = Rated(outer.log.only(~inner_held), outer.values[~inner_held])
    asked, truth = outer.log.only(inner_held), outer.values[inner_held] >= LIKED_FROM
    told, answer = log.only(held), values[held] >= LIKED_FROM
    guesses: dict[str, Guess] = {}
    chosen: dict[str, Any] = {}
    for name, make in RATERS.items():
        tell(f"{name} …")
        options = []
        for option in make.options:
            guess = make.guess(inner, features, option)
            error = float(np.sqrt(np.mean((guess[asked.people, asked.items] - outer.values[inner_held]) ** 2)))
            options.append((error, guess, option))
        error, guess, option = min(options, key=lambda one: one[0])
        tried = [{**one[2], "rmse": round(one[0], 4)} for one in options]
        guesses[name] = Guess(
            guess[asked.people, asked.items], make.guess(outer, features, option)[told.people, told.items]
        )
        chosen[name] = {"settings": option, "tried": tried}
    guesses[HYBRID], chosen[HYBRID] = stack(guesses, inner, asked, truth, outer, told)
    figures: dict[str, Any] = {}
    said: dict[str, NDArray[np.bool_]] = {}
    for name in only:
        limit = _best_limit(guesses[name].inside, truth)
        chosen[name]["limit"] = round(limit, 4)
        said[name] = guesses[name].outside >= limit
        figures[name] = {
            **_decided(said[name], answer),
            **_listed(guesses[name].outside, told.people, told.items, answer),
        }
        tell(f"{name}: F1 {figures[name]['f1']:.4f}")
    drawn = _drawings(told.people)
    report: dict[str, Any] = {
        "split": split.value,
        "protocol": "rated",
        "people": len(np.unique(told.people)),
        "ratings": {
            "learned_from": len(outer.values),
            "held_out": len(answer),
            "liked": round(float(answer.mean()), 4),
        },
        "models": figures,
        "everything_liked_f1": _decided(np.ones_like(answer), answer)["f1"],
    }
    for name in only:
        figures[name]["interval"] = {"f1": _ends([_f1(said[name], answer, times) for times in drawn])}
    if HYBRID in only:
        report["hybrid_over"] = {name: _gap(said[HYBRID], said[name], answer, drawn) for name in only if name != HYBRID}
        report["source"] = {"f1": SOURCE_F1, "gap": round(SOURCE_F1 - figures[HYBRID]["f1"], 4)}
    report["chosen"] = {name: chosen[name] for name in only}
    return report


def _best_limit(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """From which score on "liked" gives the largest F1."""
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(truth[order])
    f1 = 2.0 * found / (np.arange(1, len(order) + 1) + truth.sum())
    return float(scores[order[int(np.argmax(f1))]])


def _decided(said: NDArray[np.bool_], answer: NDArray[np.bool_]) -> dict[str, float]:
    found = float((said & answer).sum())
    return {
        "f1": round(_f1(said, answer, np.ones(len(answer))), 4),
        "precision": round(found / max(said.sum(), 1), 4),
        "recall": round(found / max(answer.sum(), 1), 4),
        "accuracy": round(float((said == answer).mean()), 4),
    }


def _f1(said: NDArray[np.bool_], answer: NDArray[np.bool_], times: NDArray[np.float64]) -> float:
    """times: how often each rating is counted."""
    return float(2.0 * times[said & answer].sum() / max(times[said].sum() + times[answer].sum(), 1.0))


def _drawings(people: NDArray[np.int32]) -> list[NDArray[np.float64]]:
    """People drawn with replacement: how often each rating counts in each drawing."""
    drawn = np.random.default_rng(0)
    names, which = np.unique(people, return_inverse=True)
    return [
        np.bincount(drawn.integers(0, len(names), len(names)), minlength=len(names)).astype(np.float64)[which]
        for _ in range(_DRAWS)
    ]


def _gap(
    ours: NDArray[np.bool_], theirs: NDArray[np.bool_], answer: NDArray[np.bool_], drawn: list[NDArray[np.float64]]
) -> dict[str, Any]:
    once = np.ones(len(answer))
    return {
        "figure": "f1",
        "difference": round(_f1(ours, answer, once) - _f1(theirs, answer, once), 4),
        "interval": _ends([_f1(ours, answer, times) - _f1(theirs, answer, times) for times in drawn]),
    }


def _ends(values: list[float]) -> list[float]:
    return [round(float(end), 4) for end in np.percentile(values, [2.5, 97.5])]


def _listed(
    scores: NDArray[np.float64], people: NDArray[np.int32], items: NDArray[np.int32], answer: NDArray[np.bool_]
) -> dict[str, float]:
    """Figures of the ten best of each person's held-out items; people who liked none of theirs are left out."""
    order = np.lexsort((items, -scores, people))
    hits, wanted = [], []
    for some in np.split(order, np.flatnonzero(np.diff(people[order])) + 1):
        if answer[some].any():
            line = np.zeros(K, dtype=np.bool_)
            line[: min(K, len(some))] = answer[some[:K]]
            hits.append(line)
            wanted.append(int(answer[some].sum()))
    figures = all_of(np.array(hits).reshape(-1, K), np.array(wanted, dtype=np.int64))
    return {name: round(float(each.mean()), 4) for name, each in figures.items()} if wanted else {}
