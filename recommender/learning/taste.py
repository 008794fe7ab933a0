"""What ships of learning from behaviour: one model that knows which items go together, and nobody by name."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.errors import LearningError
from recommender.learning.choosing import choose
from recommender.learning.content import Content
from recommender.learning.files import AGAIN, read_arrays, write_arrays
from recommender.learning.growing import with_acts, with_items
from recommender.learning.history import Past, recall
from recommender.learning.holding import hold_out_last
from recommender.learning.learned import TOGETHER, Learned, from_arrays, summed, to_arrays
from recommender.learning.log import Log, People, rows_of, tabulate
from recommender.learning.parts import apply, learn_parts, stand_in
from recommender.learning.settings import TasteSettings
from recommender.learning.strangers import choose_content
from recommender.learning.threads import one_thread
from vocabulary import Interaction, Item

_BELIEVED_AT: Final = 3.0
"""Strength of a history at which it is believed to 1 - 1/e: a purchase, or three looks."""
_ENOUGH_TO_CHOOSE: Final = 100
"""People with something held out, from which settings can be chosen."""


class TasteModel:
    """Which items speak for which others, and how much each is chosen.

    It holds items and numbers only: no person, no history. What a person has done comes in with each question.
    """

    def __init__(self, ids: Sequence[str], learned: Learned, settings: TasteSettings, made_at: datetime) -> None:
        self.ids = tuple(ids)
        self.settings = settings
        self.made_at = made_at
        self._row_of = {item_id: row for row, item_id in enumerate(self.ids)}
        self._learned = learned
        self._popular = learned.popular

    @classmethod
    def fit(
        cls,
        interactions: Iterable[Interaction],
        items: Sequence[Item],
        *,
        now: datetime,
        settings: TasteSettings | None = None,
    ) -> Self:
        """Learn from what people did with the items of a catalogue. The same input gives the same model.

        Without `settings` they are chosen by each person's last acts, if a hundred people have five or more.
        """
        with one_thread():
            return cls._fit(tabulate(interactions, rows_of(items)), items, now, settings)

    @classmethod
    def _fit(cls, log: Log, items: Sequence[Item], now: datetime, settings: TasteSettings | None) -> Self:
        held = hold_out_last(log)
        chooses = settings is None and len(np.unique(log.people[held])) >= _ENOUGH_TO_CHOOSE
        content = choose_content(log, items) if chooses else Content.of(items)
        features = content.features(items)
        if settings is None:
            settings = TasteSettings()
            if chooses:
                settings = choose(log, [held], content, features, settings, now.timestamp()).settings
        return cls.of_log(log, items, content, features, now, settings)

    @classmethod
    def of_log(
        cls,
        log: Log,
        items: Sequence[Item],
        content: Content,
        features: sparse.csr_matrix,
        now: datetime,
        settings: TasteSettings,
    ) -> Self:
        """The same from a log of numbers. features: of `items`, as `content` makes them."""
        used = frozenset({*settings.blend, TOGETHER, "content"})
        parts = learn_parts(log, content, features, settings, now.timestamp(), only=used)
        return cls([item.id for item in items], summed(parts, settings), settings, now)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises: LearningError if the file is damaged or of another version; OSError if it cannot be read."""
        header, arrays = read_arrays(path)
        try:
            learned, settings = from_arrays(arrays, header.numbers), TasteSettings.from_dict(header.settings)
        except (KeyError, ValueError, TypeError) as err:
            raise LearningError(f"{path.name} is no whole taste model ({type(err).__name__}). {AGAIN}") from None
        if len(header.ids) != len(learned.tally):
            raise LearningError(
                f"{path.name} names {len(header.ids)} items and describes {len(learned.tally)}. {AGAIN}"
            )
        return cls(header.ids, learned, settings, header.made_at)

    def save(self, path: Path) -> None:
        """Write the model; a reader sees the old file or the new one, never half of it."""
        numbers, arrays = to_arrays(self._learned)
        write_arrays(path, arrays, self.ids, self.settings.to_dict(), self.made_at, numbers)

    def learn(self, new: Iterable[Interaction], earlier: Iterable[Interaction] = ()) -> "TasteModel":
        """A model that has also seen `new`; this one stays as it is.

        earlier: what the same people did before, counted already. What is popular and what goes together follows at
        once, everything else with the next fit. Nothing can be taken back from it: fit anew for that.
        """
        learned = with_acts(self._learned, self._row_of, self.settings, self.made_at.timestamp(), new, earlier)
        return TasteModel(self.ids, learned, self.settings, self.made_at)

    def know(self, items: Iterable[Item]) -> "TasteModel":
        """A model that also knows these items, by their content; of those known before the content is renewed."""
        ids, learned = with_items(self._learned, self.ids, items)
        return TasteModel(ids, learned, self.settings, self.made_at)

    def popularity(self, item_ids: Sequence[str]) -> NDArray[np.float32]:
        """How much each is chosen of late, shape (n,), from 0 (never, or unknown) to 1 (the most)."""
        return self._pick(self._popular, item_ids)

    def affinity(self, history: Sequence[Interaction], item_ids: Sequence[str], at: datetime) -> NDArray[np.float32]:
        """How well each item fits what somebody did, shape (n,), in [0, 1]; all 0 without a history.

        1 is the best of all items after a long history; a short one is believed less. What was turned away has 0.
        """
        past = self._past(history, at)
        if not past.rows:
            return np.zeros(len(item_ids), dtype=np.float32)
        result = self._pick(self._liking(past), item_ids)
        result[np.array([item_id in past.refused for item_id in item_ids], dtype=np.bool_)] = 0.0
        return result

    def nearest(self, history: Sequence[Interaction], n: int, at: datetime) -> list[tuple[str, float]]:
        """The n items that fit a history best, best first, with their affinity; none of its own, none turned away."""
        past = self._past(history, at)
        if not past.rows:
            return []
        liking = self._liking(past)
        liking[[self._row_of[item_id] for item_id in past.refused if item_id in self._row_of]] = 0.0
        best = np.argsort(-liking, kind="stable")[: max(n, 0)]
        return [(self.ids[row], float(liking[row])) for row in best if liking[row] > 0]

    def causes(
        self, history: Sequence[Interaction], item_id: str, at: datetime | None = None
    ) -> list[tuple[str, float]]:
        """Which items of a history speak for an item, strongest first, with their share of all that speaks for it."""
        row = self._row_of.get(item_id)
        past = self._past(history, at or self.made_at)
        if row is None or not past.rows:
            return []
        learned, rows = self._learned, np.array(past.rows)
        said = np.zeros(len(rows), dtype=np.float64)
        is_cold = learned.sizes[row] == 0
        likeness = (learned.cold_weight, 0.0) if is_cold else learned.content_weights
        kin = learned.content.kin(learned.features[row], learned.content.profile(learned.features, self._each(rows)))
        for line, links, weight in zip((past.flat, past.recent), (learned.flat, learned.recent), likeness, strict=True):
            counts = line[0, rows].toarray().ravel()
            said += counts * (links[rows, row].toarray().ravel() + weight * kin.ravel())
        said = np.maximum(said, 0.0)
        order = [at_ for at_ in np.argsort(-said, kind="stable") if said[at_] > 0]
        return [(self.ids[rows[at_]], float(said[at_] / said.sum())) for at_ in order]

    def is_shared(self, item_id: str, other_id: str) -> bool:
        """Whether people who chose the first chose the second: False where only their facts and words are alike."""
        row, other = self._row_of.get(item_id), self._row_of.get(other_id)
        if row is None or other is None:
            return False
        return any(float(links[row, other]) > 0 for links in (self._learned.flat, self._learned.recent))

    def scores(self, flat: People, recent: People, *, popular: bool = True) -> NDArray[np.float32]:
        """The blend over all items for many histories of length 1, shape (n_people, n_items); no bounds.

        popular: what is popular counts as well: as a part of the blend, and in place of a history that is short.
        """
        learned = self._learned
        total = apply(flat, learned.flat) + apply(recent, learned.recent)
        cold = learned.sizes == 0
        whole, lately = learned.content_weights
        if whole or cold.any():
            kin = learned.content.kin(learned.features, learned.content.profile(learned.features, flat))
            total += np.where(cold, learned.cold_weight, whole).astype(np.float32) * kin
        if lately:
            kin = learned.content.kin(learned.features, learned.content.profile(learned.features, recent))
            total += np.where(cold, 0.0, lately).astype(np.float32) * kin
        if popular:
            weight = learned.popular_weight + stand_in(np.diff(flat.indptr), self.settings)
            total += np.asarray(weight, dtype=np.float32)[:, None] * self._popular
        return total

    def _each(self, rows: NDArray[np.int64]) -> People:
        """A history for each of some items, of that item alone."""
        at = (np.arange(len(rows)), rows)
        return sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), at), shape=(len(rows), len(self.ids)))

    def _past(self, history: Sequence[Interaction], at: datetime) -> Past:
        return recall(history, self._row_of, at, self.settings)

    def _liking(self, past: Past) -> NDArray[np.float32]:
        """Affinity of every item, shape (n_items,), in [0, 1]; 0 for what was chosen already."""
        scores = np.maximum(self.scores(past.flat, past.recent, popular=False)[0], 0.0)
        scores[list(past.rows)] = 0.0
        top = scores.max(initial=0.0)
        believed = 1.0 - np.exp(-past.evidence / _BELIEVED_AT)
        return np.asarray(scores / max(top, 1e-12) * believed, dtype=np.float32)

    def _pick(self, of: NDArray[np.float32], item_ids: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([self._row_of.get(item_id, -1) for item_id in item_ids], dtype=np.int64)
        return np.where(rows >= 0, of[rows], 0.0).astype(np.float32) if len(of) else np.zeros(len(rows), np.float32)
