"""The bandit: chooses the order of a slate within bounds, and learns from what came of it."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

import numpy as np

from recommender.bandit.bounds import CONSIDERED
from recommender.bandit.features import arms_of, context_of, rests
from recommender.bandit.outcome import Outcome
from recommender.bandit.policy import Chances, chances
from recommender.bandit.posterior import Belief, Sums
from recommender.bandit.settings import BanditSettings, PolicyName
from recommender.slate import Candidate, Choice, Factor, FactorKind, Request

EXTRA: Final = 2
"""Candidates behind the last place shown that may come forward."""


class Bandit:
    """One policy and what it has learned. Safe to use from several threads: while `learn` works, `choose` goes on with
    what was known before."""

    def __init__(self, settings: BanditSettings | None = None) -> None:
        self._lock = threading.Lock()
        self._sums: Sums | None = None
        # Settings and belief change together: a choice that is under way keeps the pair that it began with.
        self._held = self._believed(settings or BanditSettings())

    @property
    def settings(self) -> BanditSettings:
        return self._held[0]

    @property
    def slates(self) -> int:
        """How many outcomes it has learned from."""
        return 0 if self._sums is None else self._sums.slates

    def choose(
        self, candidates: Sequence[Candidate], request: Request, limit: int
    ) -> tuple[list[Candidate], Choice | None]:
        """At most `limit` candidates in the order to show, and how that was chosen; None where nothing was to choose.

        candidates: in the ranking's order, best first; at least `limit` + EXTRA of them give it the most room. It shows
        no others, and of these only what its bounds let come forward. For a distressed customer, with the policy off
        and for fewer than two candidates the ranking's order stays. Nothing is tried without a `seed` in the request:
        the same seed and the same knowledge give the same order again.
        """
        settings, belief = self._held
        shown = max(0, min(limit, len(candidates)))
        if shown == 0 or len(candidates) < 2 or settings.policy is PolicyName.OFF or rests(request.state):
            return list(candidates[:shown]), None
        window = list(candidates[: max(shown, min(shown + EXTRA, CONSIDERED))])
        settings = settings if request.seed else replace(settings, policy=PolicyName.GREEDY)
        choice = Choice(policy=settings.version, context=context_of(request), arms=arms_of(window))
        if len(choice.arms) != len(window):
            # The same id twice: no order of these can be told from its log.
            return list(candidates[:shown]), None
        found = chances(choice, shown, belief, settings)
        order = found.orders[_drawn(found, request.seed)]
        ordered = [_noted(window[place], place, now) for now, place in enumerate(order[:shown].tolist())]
        return ordered, replace(
            choice,
            propensity=found.of_shown(order, shown),
            shown=tuple(one.item.id for one in ordered),
            explored=bool((order[:shown] != found.orders[found.best][:shown]).any()),
        )

    def learn(self, outcomes: Iterable[Outcome]) -> int:
        """Take in what came of slates; gives how many. Their order does not matter."""
        return self._change(outcomes, 1.0)

    def forget(self, outcomes: Iterable[Outcome]) -> int:
        """Take outcomes out again that were learned: exactly as if they had never been. Gives how many."""
        return self._change(outcomes, -1.0)

    def adjust(self, settings: BanditSettings) -> None:
        """Go on under other settings. What a click or a purchase is worth holds for outcomes read from now on."""
        with self._lock:
            if settings != self.settings:
                self._held = self._believed(settings)

    def adopt(self, sums: Sums) -> None:
        """Know exactly what these sums hold from now on, and nothing else."""
        with self._lock:
            self._sums = sums if sums.slates else None
            self._held = self._believed(self.settings)

    @property
    def belief(self) -> Belief:
        """What is believed now."""
        return self._held[1]

    def _change(self, outcomes: Iterable[Outcome], sign: float) -> int:
        held = list(outcomes)
        if held:
            with self._lock:
                self._sums = self._sums or Sums()
                self._sums.add(held, sign=sign)
                self._held = self._believed(self.settings)
        return len(held)

    def _believed(self, settings: BanditSettings) -> tuple[BanditSettings, Belief]:
        return settings, Belief.of(
            self._sums,
            settings,
            wants_spread=settings.policy is PolicyName.LINUCB,
            wants_draws=settings.policy is PolicyName.THOMPSON,
        )


def _drawn(found: Chances, seed: str) -> int:
    """The order that a seed stands for: a number in [0, 1) from its hash, looked up among the summed chances."""
    if not seed:
        return found.best
    number = int.from_bytes(sha256(seed.encode("utf-8", "surrogatepass")).digest()[:8], "big") / 2.0**64
    place = int(np.searchsorted(np.cumsum(found.chance), number, side="right"))
    return found.best if place >= len(found.chance) or found.chance[place] <= 0.0 else place


def _noted(candidate: Candidate, before: int, now: int) -> Candidate:
    if before == now:
        return candidate
    moved = Factor(FactorKind.TRIED, float(before - now), {"from": str(before + 1), "to": str(now + 1)})
    return replace(candidate, factors=(*candidate.factors, moved))
