"""Choosing settings by what was held out inside the log that is learned from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.content import Content
from recommender.learning.log import Log
from recommender.learning.parts import Parts, histories, learn_parts, stand_in
from recommender.learning.settings import PARTS, TasteSettings

K: Final = 10
_REGULARISATIONS: Final = (10.0, 30.0, 100.0, 300.0, 600.0)
_KINSHIPS: Final = (0.0, 10.0, 50.0)
_RECENT: Final = (3.0, 5.0, 10.0, 20.0, 50.0)
_NEAR: Final = (3.0, 10.0, 30.0)
_POPULAR: Final = (7.0, 30.0, 90.0, 3_650.0)
_BEGINNER_ACTS: Final = (0.0, 1.0, 2.0, 5.0, 10.0)
_FIRST_ACTS: Final = (1, 3, 5, 10)
_BEGINNERS: Final = 0.2
_BEGINNERS_SEED: Final = 4
_WEIGHTS: Final = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
_ROUNDS: Final = 3
_GAIN: Final = 1e-5
_PEOPLE_AT_MOST: Final = 1_000
_CANDIDATES: Final = 100


@dataclass(frozen=True)
class Chosen:
    """The settings that did best, and everything that was tried: {"setting", "value", "ndcg@10"}."""

    settings: TasteSettings
    tried: tuple[dict[str, Any], ...]
    ndcg: float


def choose(
    log: Log,
    held: Sequence[NDArray[np.bool_]],
    content: Content,
    features: sparse.csr_matrix,
    settings: TasteSettings,
    now_s: float,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> Chosen:
    """Learn from the log without what is held out, and take what finds that best, one setting at a time.

    held: one or more ways of holding acts out, each of shape (n_acts,); a setting is judged by the mean over them.
    First how fast popularity and a history fade, EASE's penalty and kinship by EASE alone, how near is near; then the
    weights of the blend, each in turn while it gains, from two starts; then how long popularity stands in for a
    history. Deterministic.
    """
    ways = [(log.only(~one), log.only(one)) for one in held]
    tried: list[dict[str, Any]] = []

    def trial_of(now: TasteSettings, names: tuple[str, ...]) -> Callable[[dict[str, float]], float]:
        only = frozenset(names)
        trials = [
            _Trial(learn_parts(rest, content, features, now, now_s, only=only), rest, wanted, now, names)
            for rest, wanted in ways
        ]
        return lambda blend: sum(trial.ndcg(blend) for trial in trials) / len(trials)

    def best_of(name: str, values: tuple[float, ...], names: tuple[str, ...], now: TasteSettings) -> TasteSettings:
        found = []
        for value in values:
            changed = TasteSettings.from_dict(now.to_dict() | {name: value})
            ndcg = trial_of(changed, names)
            found.append((max(ndcg({part: 1.0}) for part in names), changed))
            note(name, value, found[-1][0])
        return max(found, key=lambda one: one[0])[1]

    def note(name: str, value: float, ndcg: float) -> None:
        tried.append({"setting": name, "value": value, "ndcg@10": round(ndcg, 4)})
        tell(f"{name} {value:g}: NDCG@10 {ndcg:.4f}")

    settings = best_of("popular_half_life_days", _POPULAR, ("popular",), settings)
    settings = best_of("recent_acts", _RECENT, ("ease.recent",), settings)
    settings = best_of("regularisation", _REGULARISATIONS, ("ease", "ease.recent"), settings)
    settings = best_of("kinship", _KINSHIPS, ("ease", "ease.recent"), settings)
    settings = best_of("near_acts", _NEAR, ("near", "near_ease.recent"), settings)
    ndcg = trial_of(settings, PARTS)
    alone = {part: ndcg({part: 1.0}) for part in PARTS}
    starts = [{max(alone, key=lambda part: alone[part]): 1.0}, dict.fromkeys((p for p in PARTS if p != "popular"), 0.5)]
    best, weights = max((_climb(ndcg, start, note) for start in starts), key=lambda one: one[0])
    settings = replace(settings, blend={part: weight for part, weight in weights.items() if weight})
    settings = _for_beginners(log, content, features, settings, now_s, note)
    return Chosen(settings, tuple(tried), best)


def _climb(
    ndcg: Callable[[dict[str, float]], float], start: dict[str, float], note: Callable[[str, float, float], None]
) -> tuple[float, dict[str, float]]:
    """Change one weight after the other while that gains."""
    weights = dict.fromkeys(PARTS, 0.0) | start
    best = ndcg(weights)
    for _ in range(_ROUNDS):
        before = best
        for part, value in ((part, value) for part in PARTS for value in _WEIGHTS):
            changed = weights | {part: value}
            if any(changed.values()) and (now := ndcg(changed)) > best + _GAIN:
                best, weights = now, changed
                note(f"blend of {part}", value, best)
        if best - before < _GAIN:
            break
    return best, weights


def _for_beginners(
    log: Log,
    content: Content,
    features: sparse.csr_matrix,
    settings: TasteSettings,
    now_s: float,
    note: Callable[[str, float, float], None],
) -> TasteSettings:
    """How long popularity stands in: by people who take no part in learning, and of whom a few first acts are known."""
    new = np.random.default_rng(_BEGINNERS_SEED).random(log.n_people) < _BEGINNERS
    is_new = new[log.people]
    parts = learn_parts(
        log.only(~is_new), content, features, settings, now_s, only=frozenset({*settings.blend, "popular"})
    )
    names = (*settings.blend, "popular") if "popular" not in settings.blend else tuple(settings.blend)
    place = log.places()
    trials = {}
    for acts in _FIRST_ACTS:
        begun, later = log.only(is_new & (place < acts)), log.only(is_new & (place >= acts))
        if len(later.people):
            trials[acts] = _Trial(parts, begun, later, settings, names)
    found = []
    for value in _BEGINNER_ACTS if trials else ():
        changed = replace(settings, beginner_acts=value)
        mean = sum(
            trial.ndcg(
                {
                    **settings.blend,
                    "popular": settings.blend.get("popular", 0.0) + stand_in(acts, changed) * parts.scale["popular"],
                }
            )
            for acts, trial in trials.items()
        ) / len(trials)
        found.append((mean, changed))
        note("beginner_acts", value, mean)
    return max(found, key=lambda one: one[0])[1] if found else settings


class _Trial:
    """The best items of every part for some people, with what was wanted: a blend is tried on these in no time."""

    def __init__(self, parts: Parts, rest: Log, wanted: Log, settings: TasteSettings, names: tuple[str, ...]) -> None:
        flat, recent = histories(rest, settings)
        wish = wanted.who()
        people = np.flatnonzero(np.asarray(wish.sum(axis=1)).ravel() > 0)
        if len(people) > _PEOPLE_AT_MOST:
            people = people[np.linspace(0, len(people) - 1, _PEOPLE_AT_MOST).astype(np.int64)]
        self._names = names
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

    def ndcg(self, blend: dict[str, float]) -> float:
        """Mean NDCG@10 of the blended order, over people with something held out; 0 without any."""
        if not len(self._sizes):
            return 0.0
        weights = np.array([blend.get(name, 0.0) for name in self._names], dtype=np.float32)
        scores = np.where(self._open, self._values @ weights, -np.inf)
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
