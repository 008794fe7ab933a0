"""The parts of a blend, and the blend: what each way of looking at a history says about every item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.content import Content
from recommender.learning.links import Links, cosine, ease, fading_tally, in_a_row, normalised, together
from recommender.learning.log import Log, People
from recommender.learning.settings import PARTS, TasteSettings

_SAMPLE: Final = 500
_FULL: Final = 0.1
_MANY: Final = 20
_FULL_ITEMS_AT_MOST: Final = 8_000
_NEAR_WINDOWS: Final = 4.0
"""Nearness is looked at for so many half lives; what is further off weighs less than a sixteenth."""

Scores = NDArray[np.float32]
"""Shape (n_people, n_items)."""


@dataclass(frozen=True)
class Parts:
    """All that has been learned, part by part.

    links: by the part's name without ".recent". counts: how many chose both of two items. sizes, tally: float32
    (n_items,), how many chose each, and the same fading with time. scale: what each part is divided by, so that the
    best item of somebody has about 1.
    """

    links: Mapping[str, Links]
    content: Content
    features: sparse.csr_matrix
    counts: Links
    sizes: NDArray[np.float32]
    tally: NDArray[np.float32]
    scale: Mapping[str, float]

    def scores(self, name: str, flat: People, recent: People) -> Scores:
        """What one part says about every item for each history, in units of `scale`."""
        if name == "popular":
            return np.repeat(normalised(self.tally)[None, :], flat.shape[0], axis=0)
        link, _, memory = name.partition(".")
        history = recent if memory else flat
        if link == "content":
            said = self.content.kin(self.features, self.content.profile(self.features, history))
        else:
            said = apply(history, self.links[link])
        return said / np.float32(self.scale.get(name, 1.0))

    def blended(self, blend: Mapping[str, float], flat: People, recent: People) -> Scores:
        """The weighted sum of all parts."""
        total = np.zeros(flat.shape, dtype=np.float32)
        for name, weight in blend.items():
            if weight:
                total += np.float32(weight) * self.scores(name, flat, recent)
        return total


def learn_parts(
    log: Log,
    content: Content,
    features: sparse.csr_matrix,
    settings: TasteSettings,
    now_s: float,
    *,
    only: frozenset[str] = frozenset(PARTS),
) -> Parts:
    """Learn every part of `only` from a log. features: of all items, shape (n_items, n_features)."""
    who = log.who()
    sizes = np.asarray(who.sum(axis=0), dtype=np.float32).ravel()
    counts = together(who)
    wanted = {name.partition(".")[0] for name in only}
    links: dict[str, Links] = {}

    def solved(gram: Links) -> Links:
        return ease(
            gram,
            sizes,
            regularisation=settings.regularisation,
            largest=settings.ease_items,
            features=features,
            kinship=settings.kinship,
        )

    if "ease" in wanted:
        links["ease"] = solved(counts)
    if "together" in wanted:
        links["together"] = cosine(counts, sizes, shrinkage=settings.shrinkage)
    if wanted & {"near", "near_ease"}:
        window = max(1, int(_NEAR_WINDOWS * settings.near_acts))
        after = in_a_row(log, half_life_acts=settings.near_acts, window=window)
        near = sparse.csr_matrix(after + after.T)
        links["near"] = cosine(near, sizes, shrinkage=settings.shrinkage)
        if "near_ease" in wanted:
            links["near_ease"] = solved(near)
    if "next" in wanted:
        after = in_a_row(log, half_life_acts=settings.window / 3.0, window=settings.window)
        links["next"] = cosine(after, sizes, shrinkage=settings.shrinkage)
    tally = fading_tally(log, now_s, half_life_days=settings.popular_half_life_days)
    parts = Parts(links, content, features, counts, sizes, tally, {})
    flat, recent = histories(log, settings)
    some = np.linspace(0, log.n_people - 1, min(log.n_people, _SAMPLE)).astype(np.int64)
    scale: dict[str, float] = {
        name: _usual_best(parts.scores(name, flat[some], recent[some]), flat[some]) for name in PARTS if name in only
    }
    return Parts(links, content, features, counts, sizes, tally, scale)


def stand_in(acts: float | NDArray[np.floating], settings: TasteSettings) -> Any:
    """What popularity (0 to 1) weighs as a stand-in after so many acts: as much as the whole blend at first."""
    half = settings.beginner_acts
    fading = 0.5 ** (np.asarray(acts) / half) if half else np.asarray(acts) == 0
    return fading * sum(settings.blend.values())


def histories(log: Log, settings: TasteSettings) -> tuple[People, People]:
    """Everybody's history as a whole and its newest acts, each line of length 1."""
    return of_length_one(log.table()), of_length_one(log.recent(settings.recent_acts))


def of_length_one(table: People) -> People:
    """Lines over their length; empty ones stay empty."""
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(lengths, 1e-12)) @ table, dtype=np.float32)


def apply(history: People, links: Links) -> Scores:
    """Histories times links. For many histories, links that are nearly full are quicker as a full table."""
    n_items = links.shape[0]
    if history.shape[0] > _MANY and links.nnz > _FULL * n_items * n_items and n_items <= _FULL_ITEMS_AT_MOST:
        return np.asarray(history @ links.toarray(), dtype=np.float32)
    return np.asarray((history @ links).toarray(), dtype=np.float32)


def _usual_best(scores: Scores, seen: People) -> float:
    """The mean of everybody's best score among what they have not chosen; 1 where there is none over 0."""
    scores = scores.copy()
    scores[seen.nonzero()] = 0.0
    best = scores.max(axis=1, initial=0.0)
    best = best[best > 0]
    return float(best.mean()) if len(best) else 1.0
