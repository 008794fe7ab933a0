"""Signs that a voice is a synthesiser's."""

from emotion.voice.doubt.doubter import REVISION, RunsModel, VoiceDoubter
from emotion.voice.doubt.figures import NAMES, figures_of
from emotion.voice.doubt.frames import Frames

__all__ = ["NAMES", "REVISION", "Frames", "RunsModel", "VoiceDoubter", "figures_of"]
