"""Training and measuring the face network. torch is loaded by the training itself only."""

from emotion.training.face.report import FaceReport
from emotion.training.face.run import measure_face, train_face

__all__ = ["FaceReport", "measure_face", "train_face"]
