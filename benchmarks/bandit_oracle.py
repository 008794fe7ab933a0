"""Who knows all laws of the simulated shop, and sees of a customer what the bandit sees.

What is in the customer's head it can only believe: the true fit given what the ranking found, the taste given the
affinity, the segment where the shop does not know it. It takes the order that is best in the mean over PEOPLE who could
be there. A clairvoyant, who reads this customer's mind as well, is beside it in the report.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.bandit_customers import answers, expected
from benchmarks.bandit_shop import (
    AFFINITY_ERROR,
    AFFINITY_SLOPE,
    MATCH_SPREAD,
    RANKING_ERROR,
    SEGMENT_SHARE,
    SEGMENTS,
    TASTE_SPREAD,
    Person,
    Round,
    Shop,
    moods,
)
from recommender.bandit import RewardSettings

PEOPLE: Final = 48


def believed_reward(
    shop: Shop, one: Round, orders: NDArray[np.int64], settings: RewardSettings, chance: np.random.Generator
) -> NDArray[np.float64]:
    """What each order is worth as far as can be known before the customer answers, shape (orders,)."""
    segments = _segments(one)
    counts = np.maximum(1, np.rint(PEOPLE * segments)).astype(int) * (segments > 0.0)
    found = np.zeros(len(orders))
    for segment in np.flatnonzero(counts).tolist():
        people = _people(one, segment, int(counts[segment]), chance)
        rewards = expected(answers(shop, one, people), orders, settings).reward(settings)
        found += segments[segment] * rewards.mean(axis=0)
    return found


def _segments(one: Round) -> NDArray[np.float64]:
    if one.request.segment is not None:
        return np.array([float(name == one.request.segment) for name in SEGMENTS])
    likely = np.array(SEGMENT_SHARE) * [moods(segment).get(one.name, 1.0) for segment in range(len(SEGMENTS))]
    return np.asarray(likely / likely.sum())


def _people(one: Round, segment: int, count: int, chance: np.random.Generator) -> Person:
    """Several of one segment, drawn from what normal errors leave open about fit and taste; shape (count, …)."""
    relevance = np.array([candidate.relevance for candidate in one.candidates])
    affinity = np.array([candidate.affinity for candidate in one.candidates])
    trust = MATCH_SPREAD**2 / (MATCH_SPREAD**2 + RANKING_ERROR**2)
    shape = (count, len(relevance))
    match = one.usual_match + trust * (relevance - one.usual_match)
    match = match + MATCH_SPREAD * np.sqrt(1.0 - trust) * chance.standard_normal(shape)
    known = AFFINITY_SLOPE / AFFINITY_ERROR**2
    precision = 1.0 / TASTE_SPREAD**2 + known * AFFINITY_SLOPE
    taste = known * (affinity - 0.5) / precision + chance.standard_normal(shape) / np.sqrt(precision)
    return Person(segment, np.clip(match, 0.0, 1.0), taste)
