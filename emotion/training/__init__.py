"""Training and evaluation: the only part of the room that may import scikit-learn and torch."""

from emotion.training.fusion import FusionReport, calibrate_fusion, evaluate_fusion
from emotion.training.text.report import TextReport, evaluate_text
from emotion.training.text.run import train_text
from emotion.training.voice.report import VoiceReport
from emotion.training.voice.run import evaluate_voice, train_voice

__all__ = [
    "FusionReport",
    "TextReport",
    "VoiceReport",
    "calibrate_fusion",
    "evaluate_fusion",
    "evaluate_text",
    "evaluate_voice",
    "train_text",
    "train_voice",
]
