"""How far a voice sounds like a machine's: figures of fine structure, a small network, one number."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError
from emotion.model_files import open_model
from emotion.voice.doubt.figures import NAMES, figures_of
from emotion.voice.doubt.frames import Frames
from vocabulary import DOUBTED_FROM, Absent, Clip

REVISION: Final = 1
"""Format of the model's inputs and outputs; a folder of another revision is refused."""

TOO_SHORT: Final = "too little voice to doubt"
_FURTHEST: Final = 4.0  # standard deviations; beyond lies a broken line, not more of a machine


class RunsModel(Protocol):
    """What the doubter needs of an opened model."""

    def run(self, outputs: list[str], inputs: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]: ...


class VoiceDoubter:
    """Doubts one utterance of the customer. It names no one, compares with no one, and keeps nothing.

    model_dir: holds model.onnx and meta.json, as `attune emotion train voice-doubt` writes them.
    Safe to share between threads. Raises: ModelError.
    """

    def __init__(self, model_dir: Path) -> None:
        opened = open_model(model_dir, kind="voice-doubt", revision=REVISION)
        try:
            self._set(opened, opened.meta)
        except (KeyError, TypeError, ValueError):
            raise ModelError(
                "meta.json of the doubt of voices lacks constants. Make it again with `attune emotion train "
                "voice-doubt`."
            ) from None

    @classmethod
    def of(cls, model: RunsModel, constants: Mapping[str, Any]) -> "VoiceDoubter":
        """A doubter around a model that is open already: training measures its folds with it."""
        doubter = cls.__new__(cls)
        doubter._set(model, constants)
        return doubter

    def _set(self, model: RunsModel, constants: Mapping[str, Any]) -> None:
        self._model = model
        self._mean = np.array(constants["mean"], dtype=np.float64)
        self._spread = np.array(constants["spread"], dtype=np.float64)
        self._limit = float(constants["limit"])
        if self._mean.shape != (len(NAMES),) or self._spread.shape != (len(NAMES),) or not (self._spread > 0).all():
            raise ValueError(self._mean.shape)

    def doubt(self, clip: Clip) -> float | Absent:
        """[0, 1]; from DOUBTED_FROM on it is told. Absent with too little of the customer's voice to look at.

        clip.customer_segments are respected; of a long turn the last 8 s count. Gain does not matter.
        Source: docs/decisions/0150-voice-doubt.md; figures in models/voice_doubt/card.md.
        """
        frames = Frames.of(clip)
        figures = None if frames is None else figures_of(frames)
        return Absent(TOO_SHORT) if figures is None else float(self.doubts(figures[None, :])[0])

    def doubts(self, figures: NDArray[Any]) -> NDArray[np.float64]:
        """Of rows of figures, (n, len(NAMES)): (n,). The limit that was chosen lies at DOUBTED_FROM."""
        away = np.clip((np.asarray(figures, dtype=np.float64) - self._mean) / self._spread, -_FURTHEST, _FURTHEST)
        (logits,) = self._model.run(["logit"], {"inputs": away.astype(np.float32)})
        chance = 1.0 / (1.0 + np.exp(-np.clip(logits[:, 0].astype(np.float64) - self._limit, -30.0, 30.0)))
        assert DOUBTED_FROM == 0.5  # where the logistic of 0 lies
        return np.asarray(chance)
