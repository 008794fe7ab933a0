"""From what a customer says to a score, from scores to an emotion, from turns to a state."""

from emotion.errors import EmotionError, FusionError, ModelError, TrainingError
from emotion.fusion.options import FusionOptions
from emotion.fusion.pooling import fuse
from emotion.state.level import StateOptions, update_state
from emotion.text.scorer import TextScorer
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.scorer import VoiceReading, VoiceScorer

__all__ = [
    "EmotionError",
    "FusionError",
    "FusionOptions",
    "ModelError",
    "SpeakerBaseline",
    "StateOptions",
    "TextScorer",
    "TrainingError",
    "VoiceReading",
    "VoiceScorer",
    "fuse",
    "update_state",
]
