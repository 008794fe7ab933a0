"""Learning from what came of suggestions which order serves best, within what the ranking has allowed."""

from recommender.bandit.bandit import Bandit
from recommender.bandit.offpolicy import Estimate, Judgement, Verdict, judge
from recommender.bandit.outcome import Outcome, calm_after, record_of
from recommender.bandit.posterior import Sums
from recommender.bandit.settings import BanditSettings, PolicyName, RewardSettings
from recommender.errors import BanditError

__all__ = [
    "Bandit",
    "BanditError",
    "BanditSettings",
    "Estimate",
    "Judgement",
    "Outcome",
    "PolicyName",
    "RewardSettings",
    "Sums",
    "Verdict",
    "calm_after",
    "judge",
    "record_of",
]
