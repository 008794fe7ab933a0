"""Training and evaluation: the only part of the room that may import scikit-learn and torch."""

from emotion.training.text.report import TextReport
from emotion.training.text.run import evaluate_text, train_text
from emotion.training.voice.report import VoiceReport
from emotion.training.voice.run import evaluate_voice, train_voice

__all__ = ["TextReport", "VoiceReport", "evaluate_text", "evaluate_voice", "train_text", "train_voice"]
