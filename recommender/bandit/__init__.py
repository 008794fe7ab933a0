"""Learning from what came of suggestions which order serves best, within what the ranking has allowed."""

from recommender.bandit.bandit import Bandit
from recommender.bandit.outcome import Outcome, calm_after, gains_of
from recommender.bandit.settings import BanditSettings, PolicyName, RewardSettings

__all__ = ["Bandit", "BanditSettings", "Outcome", "PolicyName", "RewardSettings", "calm_after", "gains_of"]
