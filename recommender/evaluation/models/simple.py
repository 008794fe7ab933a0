"""Models without a learned blend: popular, content, people like you, items like these, EASE."""

from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.evaluation.models.base import Fitted, Material, try_out
from recommender.learning import Log, apply, cosine, ease, of_length_one, popularity, together

_FOR_EVER: Final = 1e6
_RECENT: Final = (None, 5.0, 10.0, 20.0, 50.0)
_EASE_ITEMS: Final = 8_000


def remembered(log: Log, recent_acts: float | None) -> sparse.csr_matrix:
    """Everybody's history, ones that fade with so many later acts; None: they do not fade."""
    plain = Log(log.people, log.items, np.ones_like(log.weights), log.times, log.n_people, log.n_items)
    return plain.who() if recent_acts is None else plain.recent(recent_acts)


@dataclass(frozen=True)
class Popular:
    """The same for everybody. popular: (n_items,)."""

    popular: NDArray[np.float32]

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.repeat(self.popular[None, :], len(people), axis=0)


@dataclass(frozen=True)
class Linked:
    """A history times links from item to item, shape (n_items, n_items)."""

    links: sparse.csr_matrix
    recent_acts: float | None

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        return apply(remembered(log, self.recent_acts)[people], self.links)


@dataclass(frozen=True)
class AlikeInContent:
    """The likeness (cosine) of an item to all that somebody chose."""

    features: sparse.csr_matrix
    recent_acts: float | None

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        profile = of_length_one(remembered(log, self.recent_acts)[people] @ self.features)
        return np.asarray((profile @ self.features.T).toarray(), dtype=np.float32)


@dataclass(frozen=True)
class PeopleLikeYou:
    """What the most similar people chose. trained: the log that it knows. A person of that log is not its own
    neighbour."""

    trained: Log
    neighbours: int
    recent_acts: float | None

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        others = of_length_one(self.trained.who())
        near = np.asarray((of_length_one(remembered(log, self.recent_acts)[people]) @ others.T).toarray())
        if log is self.trained:
            near[np.arange(len(people)), people] = 0.0
        if self.neighbours < near.shape[1]:
            last = -np.partition(-near, self.neighbours - 1, axis=1)[:, [self.neighbours - 1]]
            near = np.where(near >= last, near, 0.0)
        return np.asarray((sparse.csr_matrix(near**2) @ self.trained.who()).toarray(), dtype=np.float32)


def popular(material: Material) -> Fitted:
    """What is chosen most of late; how late is chosen."""

    def make(log: Log, option: dict[str, Any]) -> Popular:
        now = float(log.times.max(initial=0.0))
        return Popular(popularity(log, now, half_life_days=option["half_life_days"]))

    return try_out(make, material, [{"half_life_days": days} for days in (7.0, 30.0, 90.0, _FOR_EVER)])


def content(material: Material) -> Fitted:
    """Categories, attributes and words of the title."""

    def make(log: Log, option: dict[str, Any]) -> AlikeInContent:
        return AlikeInContent(material.features, option["recent_acts"])

    return try_out(make, material, [{"recent_acts": acts} for acts in _RECENT])


def item_knn(material: Material) -> Fitted:
    """Items chosen by the same people."""

    def make(log: Log, option: dict[str, Any]) -> Linked:
        who = log.who()
        sizes = np.asarray(who.sum(axis=0), dtype=np.float32).ravel()
        return Linked(cosine(together(who), sizes, shrinkage=option["shrinkage"]), option["recent_acts"])

    options = [{"shrinkage": shrinkage, "recent_acts": acts} for shrinkage, acts in product((5.0, 30.0), _RECENT)]
    return try_out(make, material, options)


def user_knn(material: Material) -> Fitted:
    """People who chose the same."""

    def make(log: Log, option: dict[str, Any]) -> PeopleLikeYou:
        return PeopleLikeYou(log, option["neighbours"], option["recent_acts"])

    options = [{"neighbours": count, "recent_acts": acts} for count, acts in product((50, 100, 200), _RECENT)]
    return try_out(make, material, options)


def plain_ease(material: Material) -> Fitted:
    """EASE as published: choices only, no side information, no fading."""

    def make(log: Log, option: dict[str, Any]) -> Linked:
        who = log.who()
        sizes = np.asarray(who.sum(axis=0), dtype=np.float32).ravel()
        counts = together(who)
        links = ease(counts, sizes, regularisation=option["regularisation"], largest=_EASE_ITEMS, dropped=0.0)
        return Linked(links, None)

    return try_out(make, material, [{"regularisation": value} for value in (50.0, 100.0, 200.0, 300.0, 500.0, 1000.0)])
