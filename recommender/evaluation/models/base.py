"""What every measured model is: something that learns from a log and says how well each item fits each person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.evaluation.metrics import K, ndcg
from recommender.learning import Content, Log

BLOCK = 500
"""People that are scored at once."""


@dataclass(frozen=True)
class Material:
    """What a model may learn from: a log, what is known of the items, and which of its acts to choose settings by.

    held: ways of holding acts of `log` out, each of shape (n_acts,).
    """

    log: Log
    content: Content
    features: sparse.csr_matrix
    held: Sequence[NDArray[np.bool_]]


class Model(Protocol):
    """One that has learned."""

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        """How well every item fits these people of a log, shape (n, n_items); more is better."""
        ...


@dataclass(frozen=True)
class Fitted:
    """A model with the settings that did best on held-out acts, and all that were tried."""

    model: Model
    settings: dict[str, Any]
    tried: tuple[dict[str, Any], ...]


Maker = Callable[[Log, dict[str, Any]], Model]


def best_lists(
    model: Model, log: Log, people: NDArray[np.int64], among: NDArray[np.bool_] | None = None, k: int = K
) -> NDArray[np.int64]:
    """The k best items for each person that they have not chosen in the log, shape (n, k); -1 where there are fewer.

    among: (n_items,), only these may be listed.
    """
    who = log.who()
    lists = []
    for start in range(0, len(people), BLOCK):
        some = people[start : start + BLOCK]
        scores = model.scores(log, some).astype(np.float64)
        scores[who[some].nonzero()] = -np.inf
        if among is not None:
            scores[:, ~among] = -np.inf
        few = min(k, scores.shape[1])
        top = np.argsort(-scores, axis=1, kind="stable")[:, :few]
        top = np.where(np.isfinite(np.take_along_axis(scores, top, axis=1)), top, -1)
        lists.append(np.pad(top, ((0, 0), (0, k - few)), constant_values=-1))
    return np.concatenate(lists) if lists else np.zeros((0, k), dtype=np.int64)


def hits_of(lists: NDArray[np.int64], wanted: Log, people: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which listed items were held out for that person, shape as `lists`."""
    wish = wanted.who()[people].toarray() > 0
    return np.asarray(np.take_along_axis(wish, np.maximum(lists, 0), axis=1) & (lists >= 0), dtype=np.bool_)


def people_of(log: Log) -> NDArray[np.int64]:
    """Everybody who has an act in a log."""
    return np.unique(log.people).astype(np.int64)


def chosen_by(log: Log) -> NDArray[np.int64]:
    """How many items each person has chosen, shape (n_people,)."""
    return np.bincount(log.people, minlength=log.n_people)


def try_out(make: Maker, material: Material, options: Sequence[dict[str, Any]], *, ways: int | None = None) -> Fitted:
    """Make the model with each of the options from the log without what is held out, keep the best, and make it anew
    from the whole log. ways: look at so many ways of holding out only (for what takes long)."""
    tried = []
    for option in options if len(options) > 1 else ():
        found = []
        for held in material.held[:ways]:
            rest, wanted = material.log.only(~held), material.log.only(held)
            people = people_of(wanted)
            hits = hits_of(best_lists(make(rest, option), rest, people), wanted, people)
            found.append(float(ndcg(hits, chosen_by(wanted)[people]).mean()) if len(people) else 0.0)
        tried.append({**option, "ndcg@10": round(float(np.mean(found)), 4)})
    best = max(range(len(tried)), key=lambda at: tried[at]["ndcg@10"], default=0)
    return Fitted(make(material.log, options[best]), options[best], tuple(tried))
