"""The customer's sentiment over a conversation: broad first, then five fine levels, sharper with every turn.

A filter over FINE_SENTIMENTS: between turns the mood drifts a little towards the customer's usual one; each turn's
reading then weighs the levels anew. One message says little about a person, five in a row say more: so the broad answer
(negative, neutral, positive) is given first, and a fine level only once it is likely within it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from emotion.errors import StateError
from vocabulary import FINE_SENTIMENTS, Emotion, ModalityScore

USUAL: Final = (0.04, 0.16, 0.6, 0.16, 0.04)
"""What is expected of a customer nobody knows: most service messages are matter-of-fact, extremes are rare."""

_VALENCES: Final = (-1.0, -0.5, 0.0, 0.5, 1.0)
_VALENCE_SPREAD: Final = 0.45
_LEAST: Final = 0.01  # no turn rules a level out


class Broad(StrEnum):
    """The first answer."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


_MEMBERS: Final[Mapping[Broad, tuple[int, ...]]] = {
    Broad.NEGATIVE: (0, 1),
    Broad.NEUTRAL: (2,),
    Broad.POSITIVE: (3, 4),
}


@dataclass(frozen=True)
class SentimentOptions:
    """drift: share of the mood that returns to the usual one between two turns.

    trust: how much a turn counts at confidence 1, as the exponent of its reading. fine_from: chance within its broad
    class from which a fine level is named. earlier: weight of earlier conversations in the usual mood.
    Raises: StateError on values outside 0 to 1.
    """

    drift: float = 0.25
    trust: float = 1.0
    fine_from: float = 0.6
    earlier: float = 0.5

    def __post_init__(self) -> None:
        for name in ("drift", "trust", "fine_from", "earlier"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise StateError(f"{name} of the sentiment is {value}; expected 0 to 1.")


DEFAULTS: Final = SentimentOptions()


@dataclass(frozen=True)
class Sentiment:
    """What is believed after some turns.

    levels: 5 in the order of FINE_SENTIMENTS, summing to 1. turns: that were read.
    Raises: StateError.
    """

    levels: tuple[float, ...]
    turns: int

    def __post_init__(self) -> None:
        if len(self.levels) != len(FINE_SENTIMENTS) or not all(0.0 <= value <= 1.0 for value in self.levels):
            raise StateError(
                f"sentiment {self.levels}; expected five values from 0 to 1: {', '.join(FINE_SENTIMENTS)}."
            )
        if abs(sum(self.levels) - 1.0) > 1e-3 or self.turns < 0:
            raise StateError(
                f"sentiment sums to {sum(self.levels):.4f} after {self.turns} turns; expected 1 after at least 0."
            )

    def chance(self, broad: Broad) -> float:
        """Of one broad class, [0, 1]."""
        return sum(self.levels[level] for level in _MEMBERS[broad])

    @property
    def broad(self) -> Broad:
        """The most probable broad class; neutral where two are as probable."""
        return max((Broad.NEUTRAL, Broad.NEGATIVE, Broad.POSITIVE), key=self.chance)

    def fine(self, options: SentimentOptions = DEFAULTS) -> str | None:
        """The level within the broad class; None while it is open which one."""
        members, whole = _MEMBERS[self.broad], self.chance(self.broad)
        level = max(members, key=lambda at: self.levels[at])
        return FINE_SENTIMENTS[level] if self.levels[level] >= options.fine_from * whole else None

    def to_dict(self) -> dict[str, Any]:
        return {"levels": list(self.levels), "turns": self.turns}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(tuple(float(value) for value in raw["levels"]), int(raw["turns"]))


def refine_sentiment(
    previous: Sentiment | None,
    scores: Sequence[ModalityScore | Emotion],
    *,
    earlier: Sentiment | None = None,
    options: SentimentOptions = DEFAULTS,
) -> Sentiment | None:
    """The sentiment after one more turn; None while no turn could be read.

    scores: of this turn (its fused emotion, or single modalities), each counting by its confidence; one without
    sentiment counts by its valence, without both not at all. A turn that nothing can be read from changes nothing:
    silence is not neutrality.
    earlier: of the customer's earlier conversations, only with consent to keep them; it moves what is usual for them.

    mood   = (1 - drift) × before + drift × usual
    levels ∝ mood × product over scores of (reading / USUAL) ^ (trust × confidence)

    A reading is divided by what is expected of anybody, so that one which says no more than that changes nothing.
    """
    readings = [(reading, score.confidence) for score in scores if (reading := _reading(score)) is not None]
    if not readings:
        return previous
    usual = _usual(earlier, options)
    before = previous.levels if previous else usual
    mood = [(1.0 - options.drift) * was + options.drift * base for was, base in zip(before, usual, strict=True)]
    weighed = [
        math.log(max(_LEAST, mood[level]))
        + sum(options.trust * sure * math.log(max(_LEAST, reading[level]) / USUAL[level]) for reading, sure in readings)
        for level in range(len(FINE_SENTIMENTS))
    ]
    highest = max(weighed)
    shares = [math.exp(value - highest) for value in weighed]
    return Sentiment(tuple(share / sum(shares) for share in shares), (previous.turns if previous else 0) + 1)


def _reading(score: ModalityScore | Emotion) -> tuple[float, ...] | None:
    if score.sentiment is not None:
        return score.sentiment
    if score.valence is None:
        return None
    near = [math.exp(-0.5 * ((score.valence - at) / _VALENCE_SPREAD) ** 2) for at in _VALENCES]
    return tuple(value / sum(near) for value in near)


def _usual(earlier: Sentiment | None, options: SentimentOptions) -> tuple[float, ...]:
    if earlier is None or not earlier.turns:
        return USUAL
    # One earlier turn says less about a person than ten.
    share = options.earlier * earlier.turns / (earlier.turns + 5.0)
    return tuple((1.0 - share) * base + share * was for base, was in zip(USUAL, earlier.levels, strict=True))
