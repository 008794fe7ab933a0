"""Fitting and measuring fusion on synthetic turns."""

from emotion.training.fusion.report import FusionReport
from emotion.training.fusion.run import calibrate_fusion, evaluate_fusion

__all__ = ["FusionReport", "calibrate_fusion", "evaluate_fusion"]
