"""How sure a reading is of each of its words: how much of the other readings' mass agrees with it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from speech.recognition.beam import Hypothesis
from speech.recognition.fusion import spoken_words
from speech.recognition.moonshine_pieces import Pieces

UNSURE_BELOW: Final = 0.85
"""Ask the customer back for a number with less confidence. Chosen in docs/decisions/0061."""
_MOST: Final = 0.999


@dataclass(frozen=True)
class Evidence:
    """What is known of one word. agreement: share of the readings' mass that has the word there, 0 to 1.

    nats: log-probability of the least likely of the word's tokens, by the sound alone.
    """

    agreement: float
    nats: float

    @property
    def features(self) -> tuple[float, float]:
        """What the regression takes: the share as log-odds, and the log-probability."""
        return _logit(self.agreement), self.nats


@dataclass(frozen=True)
class Calibration:
    """A logistic regression on words; chosen by tests/speech/choose_moonshine.py, docs/decisions/0061."""

    constant: float = 0.547
    agreement: float = 0.726
    nats: float = 0.157

    def confidence(self, evidence: Evidence) -> float:
        """The chance that the word is right, 0 to 1."""
        weights = (self.agreement, self.nats)
        z = self.constant + sum(weight * feature for weight, feature in zip(weights, evidence.features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def word_confidences(
    readings: Sequence[Hypothesis], pieces: Pieces, calibration: Calibration | None = None
) -> list[float]:
    """How likely each word of the first reading is right, 0 to 1; words as in Hypothesis.words."""
    calibration = calibration or Calibration()
    return [calibration.confidence(evidence) for evidence in evidences(readings, pieces)]


def evidences(readings: Sequence[Hypothesis], pieces: Pieces) -> list[Evidence]:
    """What is known of each word of the first reading."""
    best = readings[0]
    nats: list[float] = []
    place = 0
    for group in pieces.words(best.tokens):
        spoken = len(spoken_words(pieces.text(group)))
        # The least likely piece decides for all words that are written in one ("417").
        nats += [min(best.nats[place : place + len(group)])] * spoken
        place += len(group)
    return [Evidence(*known) for known in zip(agreements(readings), nats, strict=True)]


def agreements(readings: Sequence[Hypothesis]) -> list[float]:
    """For each word of the first reading, the share of all readings' mass that agrees.

    A reading agrees with a word if it has it at that place and nothing added directly beside it: a digit that may be
    missing makes its neighbours unsure.
    """
    first = readings[0]
    logs = [one.mass + one.prior_nats for one in readings]
    most = max(logs)
    shares = [math.exp(log - most) for log in logs]
    agreeing = [0.0] * len(first.words)
    for one, share in zip(readings, shares, strict=True):
        for place in same_places(first.words, one.words):
            agreeing[place] += share
    return [share / sum(shares) for share in agreeing]


def same_places(words: Sequence[str], others: Sequence[str]) -> set[int]:
    """Where others have the same words, with nothing more beside them."""
    if tuple(words) == tuple(others):
        return set(range(len(words)))
    same: set[int] = set()
    beside: set[int] = set()
    for kind, start, end, other_start, other_end in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if kind == "equal":
            same |= set(range(start, end))
        elif other_end - other_start > end - start:
            # More words there than here.
            beside |= {start - 1, end}
    return same - beside


def _logit(share: float) -> float:
    bounded = min(max(share, 1 - _MOST), _MOST)
    return math.log(bounded / (1 - bounded))
