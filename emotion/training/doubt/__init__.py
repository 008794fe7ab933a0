"""Making and measuring the doubt of synthetic voices. Loaded by commands only."""

from emotion.training.doubt.report import DoubtReport
from emotion.training.doubt.run import Judged, judge_clips, train_doubt

__all__ = ["DoubtReport", "Judged", "judge_clips", "train_doubt"]
