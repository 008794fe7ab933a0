"""Learning from what customers do: which items go together, for whom, and which are chosen at all."""

from recommender.learning.settings import TasteSettings
from recommender.learning.taste import TasteModel

__all__ = ["TasteModel", "TasteSettings"]
