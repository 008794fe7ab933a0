"""What is tried out: how well a blend of parts finds what was held out."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.learning.log import Log
from recommender.learning.parts import Parts, histories, stand_in
from recommender.learning.settings import TasteSettings

K: Final = 10
_PEOPLE_AT_MOST: Final = 1_000
_CANDIDATES: Final = 100


class Trial:
    """The best items of every part for some people, with what was wanted: a blend is tried on these in no time."""

    def __init__(self, parts: Parts, rest: Log, wanted: Log, settings: TasteSettings, names: tuple[str, ...]) -> None:
        flat, recent = histories(rest, settings)
        wish = wanted.who()
        people = np.flatnonzero(np.asarray(wish.sum(axis=1)).ravel() > 0)
        if len(people) > _PEOPLE_AT_MOST:
            people = people[np.linspace(0, len(people) - 1, _PEOPLE_AT_MOST).astype(np.int64)]
        self._names = names
        self._acts = np.diff(flat.indptr)[people]
        self._popular_scale = parts.scale.get("popular", 1.0)
        self._sizes = np.asarray(wish[people].sum(axis=1)).ravel().astype(np.int64)
        blocks = list(_blocks(parts, flat, recent, wish, people, names))
        width = max((block[0].shape[1] for block in blocks), default=1)
        self._values = (
            np.concatenate([_wide(values, width, 0.0) for values, _, _ in blocks]) if blocks else np.zeros((0, 1, 1))
        )
        self._open = (
            np.concatenate([_wide(open_, width, False) for _, open_, _ in blocks]) if blocks else np.zeros((0, 1))
        )
        self._hits = (
            np.concatenate([_wide(hits, width, False) for _, _, hits in blocks]) if blocks else np.zeros((0, 1))
        )

    def ndcg(self, blend: Mapping[str, float], beginners: TasteSettings | None = None) -> float:
        """Mean NDCG@10 of the blended order, over people with something held out; 0 without any.

        beginners: popularity stands in for short histories as these settings say; "popular" must be among the parts.
        """
        if not len(self._sizes):
            return 0.0
        weights = np.array([blend.get(name, 0.0) for name in self._names], dtype=np.float32)
        scores = np.asarray(self._values @ weights, dtype=np.float32)
        if beginners is not None:
            popular = self._values[:, :, self._names.index("popular")] * self._popular_scale
            scores = scores + stand_in(self._acts, beginners)[:, None] * popular
        scores = np.where(self._open, scores, -np.inf)
        k = min(K, scores.shape[1])
        top = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(scores, top, axis=1), axis=1, kind="stable")
        hits = np.take_along_axis(self._hits, np.take_along_axis(top, order, axis=1), axis=1)
        discounts = 1.0 / np.log2(np.arange(2, K + 2))
        best = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(self._sizes, K)]
        return float(np.mean(hits @ discounts[:k] / best))


def _blocks(
    parts: Parts, flat: Any, recent: Any, wish: Any, people: NDArray[np.int64], names: tuple[str, ...]
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]]:
    """For a hundred people at a time: values (n, width, n_parts), which places are taken, which of them are wanted."""
    for start in range(0, len(people), 100):
        some = people[start : start + 100]
        seen = flat[some].toarray() > 0
        said = np.stack([parts.scores(name, flat[some], recent[some]) for name in names], axis=2)
        said[seen] = -np.inf
        few = min(_CANDIDATES, said.shape[1])
        among = np.zeros(seen.shape, dtype=np.bool_)
        for part in range(len(names)):
            np.put_along_axis(among, np.argpartition(-said[:, :, part], few - 1, axis=1)[:, :few], True, axis=1)
        among &= ~seen
        width = int(among.sum(axis=1).max(initial=1))
        columns = np.argsort(~among, axis=1, kind="stable")[:, :width]
        taken = np.take_along_axis(among, columns, axis=1)
        values = np.where(taken[:, :, None], np.take_along_axis(said, columns[:, :, None], axis=1), 0.0)
        yield values.astype(np.float32), taken, np.take_along_axis(wish[some].toarray() > 0, columns, axis=1) & taken


def _wide(block: NDArray[Any], width: int, empty: Any) -> NDArray[Any]:
    """The same with empty places at the end of each line."""
    wide: NDArray[Any] = np.full((len(block), width, *block.shape[2:]), empty, dtype=block.dtype)
    wide[:, : block.shape[1]] = block
    return wide
