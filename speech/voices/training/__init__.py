"""Making and measuring the voice encoder that ships. Loaded by commands only."""

from speech.voices.training.fit import make_encoder
from speech.voices.training.report import evaluate

__all__ = ["evaluate", "make_encoder"]
