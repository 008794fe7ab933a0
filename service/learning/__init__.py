"""Learning from what customers do: in a process of its own, at night, and anew after somebody takes something back."""

from service.learning.learner import Learner
from service.learning.refit import Learned, learned_so_far, refit

__all__ = ["Learned", "Learner", "learned_so_far", "refit"]
