"""The text model that ships: word pieces and cues in, logits out, calibrated here by the constants beside it."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError
from emotion.model_files import META_FILE, open_model
from emotion.text.affect import GOEMOTIONS, GROUPS
from emotion.text.cues import NAMES, Cues
from emotion.text.reading import NUANCES, TextReading, sigmoid, softmax
from emotion.text.tokens import TOKENIZER_FILE, Tokens, pad
from vocabulary import LABELS

REVISION: Final = 2
"""Format of the model's inputs and outputs; a folder of another revision is refused."""

OUTPUTS: Final = ("multi", "ekman", "labels", "sentiment", "frustration")
"""Logits: GoEmotions' 28 labels, our seven as chances of their own, our seven sharing 1, five sentiments, one cue."""


_MEMBERS: Final = tuple([GOEMOTIONS.index(name) for name in GROUPS[label]] for label in LABELS)


class ShippedModel:
    """model_dir: holds model.onnx, tokenizer.json and meta.json, as `attune emotion train text` writes them.

    One message for each call: the 8-bit ranges of a call are its own, so a message's numbers never depend on others.
    Raises: ModelError.
    """

    engine = "own model, ONNX"

    def __init__(self, model_dir: Path) -> None:
        self._model = open_model(model_dir, kind="text", revision=REVISION)
        self._tokens = Tokens(model_dir / TOKENIZER_FILE)
        try:
            if tuple(self._model.meta["cues"]) != NAMES:
                raise ModelError(
                    f"{model_dir} was trained on other cues than emotion/text/cues.py reads now. "
                    "Train again with `attune emotion train text`."
                )
            self._temperature = float(self._model.meta["temperature"])
            chances = [(float(slope), float(shift)) for slope, shift in self._model.meta["chances"]]
            self._chances = np.array(chances).reshape(len(LABELS), 2)
            self.thresholds = tuple(float(value) for value in self._model.meta["thresholds"])
            nuances = {name: self._model.meta["nuances"][name] for name in NUANCES}
            self._nuances = {name: (float(slope), float(shift)) for name, (slope, shift) in nuances.items()}
        except (KeyError, TypeError, ValueError):
            raise ModelError(
                f"{model_dir / META_FILE} lacks calibration constants. Make it again with `attune emotion train text`."
            ) from None

    def read(self, text: str, cues: Cues) -> TextReading:
        """See TextModel.read()."""
        logits = self.logits(text, cues)
        multi = logits["multi"]
        return TextReading(
            probabilities=softmax(logits["labels"], self._temperature),
            ekman=sigmoid(self._chances[:, 0] * label_logits(logits["ekman"], multi) + self._chances[:, 1]),
            fine=sigmoid(multi),
            sentiment=softmax(logits["sentiment"]),
            frustration=float(sigmoid(logits["frustration"][0])),
            nuances={
                name: float(sigmoid(slope * multi[GOEMOTIONS.index(name)] + shift))
                for name, (slope, shift) in self._nuances.items()
            },
        )

    def logits(self, text: str, cues: Cues) -> dict[str, NDArray[np.float32]]:
        """By names of OUTPUTS: shapes (28,), (7,), (7,), (5,), (1,)."""
        ids, mask = pad([self._tokens.ids(text)])
        inputs: dict[str, NDArray[Any]] = {"input_ids": ids, "attention_mask": mask, "cues": cues.values[None, :]}
        return dict(zip(OUTPUTS, (row[0] for row in self._model.run(list(OUTPUTS), inputs)), strict=True))


def label_logits(ekman: NDArray[np.floating], multi: NDArray[np.floating]) -> NDArray[np.float64]:
    """Both opinions on our seven labels in one number each: (7,) and (28,) logits → (7,).

    The head's own logit, and that of having at least one label of the group if the 28 were independent.
    """
    # The logarithm of the chance of no label in a group is the sum of theirs.
    none = -np.logaddexp(0.0, multi.astype(np.float64))
    silent = np.minimum(np.array([none[members].sum() for members in _MEMBERS]), -1e-9)
    return np.asarray(ekman + np.log(-np.expm1(silent)) - silent)
