"""What a message says about how its writer feels: heads over a sentence embedding and written cues."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from emotion.errors import ModelError
from emotion.model_files import open_model
from emotion.text.affect import valence_arousal
from emotion.text.cues import Cues, explain, read_cues, says_again
from emotion.text.language import is_english
from vocabulary import Absent, Author, Feature, Modality, ModalityScore, Said, TextEncoder

REVISION: Final = 1
"""Format of the model's inputs and outputs; a folder of another revision is refused."""

NO_WORDS: Final = "no words"
NOT_ENGLISH: Final = "not in English"

_AGAIN_FROM: Final = 0.6  # overlap of words from which a message counts as said again
_AGAIN_WEIGHT: Final = 0.3
_SHOUT_AROUSAL: Final = 0.3


class TextScorer:
    """Scores one message of the customer.

    model_dir: holds model.onnx and meta.json, as `attune emotion train text` writes them.
    encoder: the one that the model was trained over; another one is refused.
    Safe to share between threads. Raises: ModelError.
    """

    def __init__(self, model_dir: Path, encoder: TextEncoder) -> None:
        self._model = open_model(model_dir, kind="text", revision=REVISION)
        trained_over = self._model.meta["encoder"]
        if trained_over != encoder.version:
            raise ModelError(
                f"{model_dir} was trained over encoder {trained_over}; this one is {encoder.version}. "
                "Use that encoder, or train again with `attune emotion train text`."
            )
        self._encoder = encoder

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore | Absent:
        """Estimate emotion and dissatisfaction; Absent where the model cannot judge.

        It cannot judge other languages than English, nor messages without a word or a sign of feeling (a bare
        order number). context: what was said before this message, oldest first; saying the same again
        raises the frustration cue.
        Source: docs/decisions/0020-text-emotion.md; figures in models/text_emotion/card.md.
        """
        cues = read_cues(text)
        if not any(char.isalpha() for char in text) and not _has_sign(cues):
            return Absent(NO_WORDS)
        if not is_english(text):
            return Absent(NOT_ENGLISH)
        labels, multi, frustration = self._model.run(
            ["labels", "multi", "frustration"],
            {"embedding": self._encoder.encode([text]), "cues": cues.values[None, :]},
        )
        probabilities = np.asarray(labels[0], dtype=np.float64)
        probabilities /= probabilities.sum()
        valence, arousal = valence_arousal(multi[0].astype(np.float64))
        shouted = max(cues.value("capitals"), cues.value("repeated_marks") * cues.value("exclamation"))
        again = says_again(text, [said.text for said in context if said.author is Author.CUSTOMER])
        cue = float(np.clip(frustration[0, 0], 0.0, 1.0))
        features = explain(cues)
        if again >= _AGAIN_FROM:
            cue += (1.0 - cue) * _AGAIN_WEIGHT * again
            features = (Feature("said_again", again, "says the same again"), *features)
        return ModalityScore(
            modality=Modality.TEXT,
            probabilities=tuple(float(value) for value in probabilities),
            confidence=float(probabilities.max()),
            arousal=min(1.0, arousal + _SHOUT_AROUSAL * shouted),
            valence=valence,
            frustration_cue=cue,
            features=features[:4],
        )


def _has_sign(cues: Cues) -> bool:
    return any(cues.value(name) > 0 for name in ("repeated_marks", "glad_sign", "angry_sign"))
