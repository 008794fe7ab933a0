"""Training and measuring of the behaviour model, on generated sessions: synthetic, and called so everywhere."""

from emotion.training.behaviour.report import BehaviourReport
from emotion.training.behaviour.run import measure_behaviour, train_behaviour

__all__ = ["BehaviourReport", "measure_behaviour", "train_behaviour"]
