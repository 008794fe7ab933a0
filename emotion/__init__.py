"""From what a customer says to a score, from scores to an emotion, from turns to a state."""

from emotion.errors import EmotionError, FusionError, ModelError, TrainingError
from emotion.fusion.pooling import fuse
from emotion.state.level import StateOptions, update_state
from emotion.text.scorer import TextScorer
from emotion.voice.scorer import VoiceScorer

__all__ = [
    "EmotionError",
    "FusionError",
    "ModelError",
    "StateOptions",
    "TextScorer",
    "TrainingError",
    "VoiceScorer",
    "fuse",
    "update_state",
]
