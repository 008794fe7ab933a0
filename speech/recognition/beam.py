"""Beam search: the few likeliest token sequences, judged by the sound and by a prior of what people say here."""

from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

# A hypothesis is continued by no more than so many tokens at each step.
_BRANCHES: Final = 8
# A token this much less likely than the likeliest one is not tried: nothing makes up for it.
_HOPELESS_NATS: Final = 10.0


class Listening(Protocol):
    """A decoder in the midst of one sound; see MoonshineNetworks.listen."""

    def start(self, token: int, width: int) -> NDArray[np.float32]: ...

    def follow(self, tokens: NDArray[np.int64], parents: NDArray[np.int64]) -> NDArray[np.float32]: ...


class Prior(Protocol):
    """Knows what is likely to be said. States are immutable; each belongs to one hypothesis."""

    def begin(self) -> "PriorState": ...


class PriorState(Protocol):
    """What the prior makes of the tokens so far."""

    @property
    def nats(self) -> float:
        """What is added to the sound's log-probability, in all."""
        ...

    @property
    def words(self) -> tuple[str, ...]:
        """What is said so far, without case and punctuation: readings that agree in it are one."""
        ...

    def followed_by(self, token: int) -> "PriorState":
        """The state after one more token; the end is one too."""
        ...


@dataclass(frozen=True)
class Hypothesis:
    """One reading. tokens: without start and end. nats: natural log-probability of each of them, and of the end.

    words: the same without case and punctuation. prior_nats: what the prior adds to the sum.
    mass: log-probability of all the ways to write these words that were met, given the sound.
    """

    tokens: tuple[int, ...]
    nats: tuple[float, ...]
    words: tuple[str, ...]
    prior_nats: float
    mass: float

    @property
    def sound_nats(self) -> float:
        """Log-probability of the whole text given the sound."""
        return sum(self.nats)

    @property
    def score(self) -> float:
        """What readings are compared by."""
        return self.sound_nats + self.prior_nats


@dataclass(frozen=True)
class _Live:
    tokens: tuple[int, ...]
    nats: tuple[float, ...]
    sound_nats: float
    mass: float
    state: PriorState

    @property
    def score(self) -> float:
        return self.sound_nats + self.state.nats


def search(
    listening: Listening, prior: Prior, *, start: int, end: int, width: int, most_tokens: int
) -> list[Hypothesis]:
    """The readings that came to an end, best first; if none did, those that were cut off.

    width: how many are followed at once. most_tokens: where a reading without an end is cut off.
    """
    live = [_Live((), (), 0.0, 0.0, prior.begin())]
    after = listening.start(start, width)[None]
    finished: list[Hypothesis] = []
    for step in range(most_tokens + 1):
        grown: list[tuple[int, _Live]] = []
        for row, one in enumerate(live):
            for token in _likely(after[row]):
                next_one = _grown(one, token, float(after[row, token]))
                if token == end:
                    finished.append(_finished(next_one, one.tokens))
                elif step < most_tokens:
                    grown.append((row, next_one))
        finished = _joined(finished)[:width]
        kept = _kept(grown, width)
        if not kept:
            return finished or _joined([_finished(one, one.tokens) for one in live])
        live = [one for _, one in kept]
        if len(finished) >= width and live[0].score < finished[-1].score:
            break
        # The decoder's rows are as many as the width; rows to spare repeat the last one.
        filled = kept + [kept[-1]] * (width - len(kept))
        parents = np.array([row for row, _ in filled], dtype=np.int64)
        tokens = np.array([one.tokens[-1] for _, one in filled], dtype=np.int64)
        after = listening.follow(tokens, parents)
    return finished


def _grown(one: _Live, token: int, nats: float) -> _Live:
    return _Live(
        (*one.tokens, token), (*one.nats, nats), one.sound_nats + nats, one.mass + nats, one.state.followed_by(token)
    )


def _finished(one: _Live, tokens: tuple[int, ...]) -> Hypothesis:
    return Hypothesis(tokens, one.nats, one.state.words, one.state.nats, one.mass)


def _joined(finished: list[Hypothesis]) -> list[Hypothesis]:
    """Best first; readings of the same words are one, with the mass of all of them."""
    best: dict[tuple[str, ...], Hypothesis] = {}
    for one in sorted(finished, key=lambda one: -one.score):
        first = best.get(one.words)
        best[one.words] = one if first is None else replace(first, mass=float(np.logaddexp(first.mass, one.mass)))
    return list(best.values())


def _kept(grown: list[tuple[int, _Live]], width: int) -> list[tuple[int, _Live]]:
    best: dict[tuple[str, ...], tuple[int, _Live]] = {}
    for row, one in sorted(grown, key=lambda item: -item[1].score):
        words = one.state.words
        if words in best:
            first_row, first = best[words]
            best[words] = first_row, replace(first, mass=float(np.logaddexp(first.mass, one.mass)))
        elif len(best) < width:
            best[words] = row, one
    return list(best.values())


def _likely(after: NDArray[np.float32]) -> list[int]:
    best = np.argpartition(after, -_BRANCHES)[-_BRANCHES:] if after.size > _BRANCHES else np.arange(after.size)
    floor = after[best].max() - _HOPELESS_NATS
    return [int(token) for token in best if after[token] > floor]
