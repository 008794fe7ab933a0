"""From what a customer says to a score, from scores to an emotion, from turns to a state."""

from emotion.behaviour.scorer import BehaviourScorer
from emotion.errors import (
    EmotionError,
    EvaluationError,
    FeedbackError,
    FusionError,
    ModelError,
    PluginError,
    RegisterError,
    StateError,
    TrainingError,
)
from emotion.explain import Audience, explain
from emotion.face.decode import decode_frame
from emotion.face.scorer import FaceScorer
from emotion.feedback import Correction, Recalibration, apply_correction
from emotion.fusion.options import FusionOptions
from emotion.fusion.pooling import fuse
from emotion.opening import EngineOptions, open_panel
from emotion.panel import Panel, Reading, Readings, ScorerStatus, TurnSignals, collect
from emotion.plugins import LoadedPlugin, PluginScorer, load_plugins
from emotion.register import Register, UseCase, load_register
from emotion.state.carrying import carried_over
from emotion.state.level import StateOptions, update_state
from emotion.text.scorer import TextScorer
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.doubt import VoiceDoubter
from emotion.voice.scorer import VoiceReading, VoiceScorer

__all__ = [
    "Audience",
    "BehaviourScorer",
    "Correction",
    "EmotionError",
    "EngineOptions",
    "EvaluationError",
    "FaceScorer",
    "FeedbackError",
    "FusionError",
    "FusionOptions",
    "LoadedPlugin",
    "ModelError",
    "Panel",
    "PluginError",
    "PluginScorer",
    "Reading",
    "Readings",
    "Recalibration",
    "Register",
    "RegisterError",
    "ScorerStatus",
    "SpeakerBaseline",
    "StateError",
    "StateOptions",
    "TextScorer",
    "TrainingError",
    "TurnSignals",
    "UseCase",
    "VoiceDoubter",
    "VoiceReading",
    "VoiceScorer",
    "apply_correction",
    "carried_over",
    "collect",
    "decode_frame",
    "explain",
    "fuse",
    "load_plugins",
    "load_register",
    "open_panel",
    "update_state",
]
