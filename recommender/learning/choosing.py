"""Choosing settings by what was held out inside the log that is learned from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.content import Content
from recommender.learning.log import Log
from recommender.learning.parts import learn_parts
from recommender.learning.settings import PARTS, TasteSettings
from recommender.learning.trial import Trial

_REGULARISATIONS: Final = (10.0, 30.0, 100.0, 300.0, 600.0)
_KINSHIPS: Final = (0.0, 10.0, 50.0)
_RECENT: Final = (3.0, 5.0, 10.0, 20.0, 50.0)
_NEAR: Final = (3.0, 10.0, 30.0)
_POPULAR: Final = (7.0, 30.0, 90.0, 3_650.0)
_BEGINNER_ACTS: Final = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
_FIRST_ACTS: Final = (1, 3, 5, 10)
_BEGINNERS: Final = 0.2
_BEGINNERS_SEED: Final = 4
_WEIGHTS: Final = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
_ROUNDS: Final = 3
_GAIN: Final = 1e-5
_COST: Final = 1e-3


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

    def trials_of(now: TasteSettings, names: tuple[str, ...]) -> list[Trial]:
        only = frozenset(names)
        return [
            Trial(learn_parts(rest, content, features, now, now_s, only=only), rest, wanted, now, names)
            for rest, wanted in ways
        ]

    def best_of(name: str, values: tuple[float, ...], names: tuple[str, ...], now: TasteSettings) -> TasteSettings:
        found = []
        for value in values:
            changed = TasteSettings.from_dict(now.to_dict() | {name: value})
            trials = trials_of(changed, names)
            found.append((max(_mean(trials, {part: 1.0}) for part in names), changed))
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
    trials = trials_of(settings, PARTS)
    alone = {part: _mean(trials, {part: 1.0}) for part in PARTS}
    starts = [{max(alone, key=lambda part: alone[part]): 1.0}, dict.fromkeys((p for p in PARTS if p != "popular"), 0.5)]
    best, weights = max((_climb(trials, start, note) for start in starts), key=lambda one: one[0])
    settings = replace(settings, blend={part: weight for part, weight in weights.items() if weight})
    beginners = _beginners(log, content, features, settings, now_s)
    settings = _for_beginners(beginners, trials, settings, best, note)
    return Chosen(settings, tuple(tried), best)


def _mean(trials: Sequence[Trial], blend: Mapping[str, float], beginners: TasteSettings | None = None) -> float:
    return sum(trial.ndcg(blend, beginners) for trial in trials) / len(trials)


def _climb(
    trials: Sequence[Trial], start: dict[str, float], note: Callable[[str, float, float], None]
) -> tuple[float, dict[str, float]]:
    """Change one weight after the other while that gains."""
    weights = dict.fromkeys(PARTS, 0.0) | start
    best = _mean(trials, weights)
    for _ in range(_ROUNDS):
        before = best
        for part, value in ((part, value) for part in PARTS for value in _WEIGHTS):
            changed = weights | {part: value}
            if any(changed.values()) and (now := _mean(trials, changed)) > best + _GAIN:
                best, weights = now, changed
                note(f"blend of {part}", value, best)
        if best - before < _GAIN:
            break
    return best, weights


def _beginners(
    log: Log, content: Content, features: sparse.csr_matrix, settings: TasteSettings, now_s: float
) -> list[Trial]:
    """A fifth of all people, who take no part in learning; of each a few first acts are known."""
    is_new = (np.random.default_rng(_BEGINNERS_SEED).random(log.n_people) < _BEGINNERS)[log.people]
    names = tuple(dict.fromkeys((*settings.blend, "popular")))
    parts = learn_parts(log.only(~is_new), content, features, settings, now_s, only=frozenset(names))
    place = log.places()
    cut = [(log.only(is_new & (place < acts)), log.only(is_new & (place >= acts))) for acts in _FIRST_ACTS]
    return [Trial(parts, begun, later, settings, names) for begun, later in cut if len(later.people)]


def _for_beginners(
    beginners: Sequence[Trial],
    trials: Sequence[Trial],
    settings: TasteSettings,
    best: float,
    note: Callable[[str, float, float], None],
) -> TasteSettings:
    """How long popularity stands in: what is best for beginners and costs everybody else next to nothing."""
    found = [(-1.0, replace(settings, beginner_acts=0.0))]
    for value in _BEGINNER_ACTS if beginners else ():
        changed = replace(settings, beginner_acts=value)
        if _mean(trials, settings.blend, changed) >= best - _COST:
            found.append((_mean(beginners, settings.blend, changed), changed))
            note("beginner_acts", value, found[-1][0])
    return max(found, key=lambda one: one[0])[1]
