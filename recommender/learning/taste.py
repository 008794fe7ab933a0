"""What ships of learning from behaviour: one model that knows which items go together, and nobody by name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.content import features_of
from recommender.learning.links import Matrix, chosen, ease, popularity, together
from recommender.learning.settings import TasteSettings
from recommender.learning.table import Past, Table, recall, rows_of, tabulate
from vocabulary import Interaction, Item

_EVIDENCE: float = 3.0
"""Strength of a history at which it is believed to 1 - 1/e."""


class TasteModel:
    """Which items speak for which others, and how much each is chosen.

    It holds items and numbers only: no person, no history. What a person has done comes in with each question.
    """

    def __init__(
        self,
        ids: Sequence[str],
        links: Mapping[str, Matrix],
        features: Matrix,
        popular: NDArray[np.float32],
        settings: TasteSettings,
        made_at: datetime,
    ) -> None:
        self.ids = tuple(ids)
        self.settings = settings
        self.made_at = made_at
        self._row_of = {item_id: row for row, item_id in enumerate(self.ids)}
        self._links = dict(links)
        self._features = features
        self._popular = popular

    @classmethod
    def fit(
        cls,
        interactions: Iterable[Interaction],
        items: Sequence[Item],
        *,
        now: datetime,
        settings: TasteSettings | None = None,
    ) -> Self:
        """Learn from what people did with the items of a catalogue. The same input gives the same model."""
        settings = settings or TasteSettings()
        table = tabulate(interactions, rows_of(items))
        return cls._of_table(table, items, now, settings)

    @classmethod
    def _of_table(cls, table: Table, items: Sequence[Item], now: datetime, settings: TasteSettings) -> Self:
        who = chosen(table)
        links = {
            "together": together(who, shrinkage=settings.shrinkage, keep=settings.neighbours),
            "ease": ease(
                who,
                regularisation=settings.regularisation,
                largest=settings.ease_items,
                keep=settings.neighbours,
            ),
        }
        popular = popularity(table, now.timestamp(), half_life_days=settings.popular_half_life_days)
        return cls([item.id for item in items], links, features_of(items), popular, settings, now)

    def popularity(self, item_ids: Sequence[str]) -> NDArray[np.float32]:
        """How much each is chosen of late, shape (n,), from 0 (never, or unknown) to 1 (the most)."""
        return self._pick(self._popular, item_ids)

    def affinity(self, history: Sequence[Interaction], item_ids: Sequence[str], at: datetime) -> NDArray[np.float32]:
        """How well each item fits what somebody did, shape (n,), in [0, 1]; all 0 without a history.

        1 is the best of all items after a long history; a short one is believed less. What was turned away has 0.
        """
        past = self._past(history, at)
        if not len(past.rows):
            return np.zeros(len(item_ids), dtype=np.float32)
        result = self._pick(self._liking(past), item_ids)
        result[[item_id in past.refused for item_id in item_ids]] = 0.0
        return result

    def nearest(self, history: Sequence[Interaction], n: int, at: datetime) -> list[tuple[str, float]]:
        """The n items that fit a history best, best first, with their affinity; none of its own, none turned away."""
        past = self._past(history, at)
        if not len(past.rows):
            return []
        liking = self._liking(past)
        liking[past.rows] = 0.0
        liking[[self._row_of[item_id] for item_id in past.refused if item_id in self._row_of]] = 0.0
        best = np.argsort(-liking, kind="stable")[:n]
        return [(self.ids[row], float(liking[row])) for row in best if liking[row] > 0]

    def causes(
        self, history: Sequence[Interaction], item_id: str, at: datetime | None = None
    ) -> list[tuple[str, float]]:
        """Which items of a history speak for an item, strongest first, with their share of what speaks for it."""
        row = self._row_of.get(item_id)
        past = self._past(history, at or self.made_at)
        if row is None or not len(past.rows):
            return []
        said = np.zeros(len(past.rows), dtype=np.float64)
        for name, part in self._links.items():
            column = np.asarray(part[past.rows, row].todense()).ravel()
            said += self.settings.blend.get(name, 0.0) * column * past.weights
        near = (self._features[past.rows] @ self._features[row].T).toarray().ravel()
        said += self.settings.blend.get("content", 0.0) * near * past.weights
        said = np.maximum(said, 0.0)
        if not said.any():
            return []
        order = np.argsort(-said, kind="stable")
        return [(self.ids[past.rows[k]], float(said[k] / said.sum())) for k in order if said[k] > 0]

    def _past(self, history: Sequence[Interaction], at: datetime) -> Past:
        return recall(
            history, self._row_of, at, half_life_days=self.settings.half_life_days, recent=self.settings.recent
        )

    def _liking(self, past: Past) -> NDArray[np.float32]:
        """The blend of all parts over all items, shape (n_items,), in [0, 1]."""
        total = np.zeros(len(self.ids), dtype=np.float32)
        line = sparse.csr_matrix(
            (past.weights, (np.zeros(len(past.rows), dtype=np.int32), past.rows)), shape=(1, len(self.ids))
        )
        for name, part in self._links.items():
            total += self.settings.blend.get(name, 0.0) * _to_one((line @ part).toarray().ravel())
        profile = line @ self._features
        total += self.settings.blend.get("content", 0.0) * _to_one((self._features @ profile.T).toarray().ravel())
        believed = 1.0 - np.exp(-past.weights.sum() / _EVIDENCE)
        return (_to_one(total) * believed).astype(np.float32)

    def _pick(self, of: NDArray[np.float32], item_ids: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([self._row_of.get(item_id, -1) for item_id in item_ids], dtype=np.int64)
        return np.where(rows >= 0, of[rows], 0.0).astype(np.float32) if len(of) else np.zeros(len(rows), np.float32)


def _to_one(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores over the largest; what is below 0 becomes 0."""
    top = scores.max(initial=0.0)
    return np.maximum(scores, 0.0) / top if top > 0 else np.zeros_like(scores)
