"""A transformers text-classification model as the text scorer: a hub id or a folder, when one is configured."""

from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError
from emotion.foreign_model import load_foreign
from emotion.text.affect import GOEMOTIONS, GROUPS
from emotion.text.cues import Cues
from emotion.text.reading import NUANCES, TextReading, sigmoid, softmax
from emotion.text.tokens import MAX_TOKENS
from vocabulary import FINE_SENTIMENTS, LABELS

SETTING: Final = "ATTUNE_TEXT_EMOTION_MODEL"

# Other words for GoEmotions' labels, as published models write them.
_EMOTIONS: Final = {name: name for name in GOEMOTIONS} | {
    "happiness": "joy",
    "happy": "joy",
    "angry": "anger",
    "disgusted": "disgust",
    "disgusting": "disgust",
    "fearful": "fear",
    "scared": "fear",
    "sad": "sadness",
    "surprised": "surprise",
    "no emotion": "neutral",
}
_SENTIMENTS: Final = {
    "very negative": "very_negative",
    "negative": "negative",
    "neg": "negative",
    "neutral": "neutral",
    "neu": "neutral",
    "positive": "positive",
    "pos": "positive",
    "very positive": "very_positive",
    "1 star": "very_negative",
    "2 stars": "negative",
    "3 stars": "neutral",
    "4 stars": "positive",
    "5 stars": "very_positive",
}


def label_names(names: list[str], model: str) -> tuple[str, ...]:
    """A model's labels in our words: all of GOEMOTIONS, or all of FINE_SENTIMENTS. Raises: ModelError naming them.

    >>> label_names(["LABEL_ANGER", "joy"], "a model")
    Traceback (most recent call last):
    ...
    emotion.errors.ModelError: a model has labels that mean nothing here: LABEL_ANGER. ...
    >>> label_names(["Anger", "Happiness"], "a model"), label_names(["NEG", "POS"], "a model")
    (('anger', 'joy'), ('negative', 'positive'))
    """
    plain = [" ".join(name.lower().replace("_", " ").replace("-", " ").split()) for name in names]
    for known in (_EMOTIONS, _SENTIMENTS):
        if all(name in known for name in plain):
            return tuple(known[name] for name in plain)
    unknown = [
        name for name, word in zip(names, plain, strict=True) if word not in _EMOTIONS and word not in _SENTIMENTS
    ]
    what = f"labels that mean nothing here: {', '.join(unknown)}" if unknown else "emotions and sentiments mixed"
    raise ModelError(
        f"{model} has {what}. Expected GoEmotions' 28 labels, Ekman's (anger, disgust, fear, joy, sadness, surprise, "
        f"neutral), or sentiments (negative, neutral, positive; very negative to very positive; 1 star to 5 stars). "
        f"Set id2label in its config.json, or unset {SETTING}."
    )


class TransformersModel:
    """model: a hub id, or a folder with config.json, weights and tokenizer. Its code, if any, is never run.

    Its numbers are as it gives them:
    no temperature was fitted. Raises: ModelError.
    """

    def __init__(self, model: str) -> None:
        self._tokenizer, self._network = load_foreign(
            model,
            lambda transformers: (
                transformers.AutoTokenizer.from_pretrained(model, truncation_side="right"),
                transformers.AutoModelForSequenceClassification.from_pretrained(model),
            ),
            setting=SETTING,
            kind="text",
        )
        self._torch: Any = import_module("torch")
        config = self._network.config
        self._names = label_names([config.id2label[at] for at in range(config.num_labels)], model)
        self._independent = config.problem_type == "multi_label_classification"
        longest = getattr(config, "max_position_embeddings", MAX_TOKENS)
        # Some families count places from 2: those two are left free.
        self._max_tokens = max(8, min(MAX_TOKENS, longest - 2))
        self.engine = f"transformers: {model}"

    def read(self, text: str, cues: Cues) -> TextReading:
        """See TextModel.read(). A model of sentiments says nothing about labels, and the other way round."""
        given = self._tokenizer(text, return_tensors="pt", truncation=True, max_length=self._max_tokens)
        with self._torch.no_grad():
            logits: NDArray[np.float32] = self._network(**given).logits[0].float().numpy()
        chances = sigmoid(logits) if self._independent else softmax(logits)
        if all(name in FINE_SENTIMENTS for name in self._names):
            sentiment = np.zeros(len(FINE_SENTIMENTS))
            for name, chance in zip(self._names, chances, strict=True):
                sentiment[FINE_SENTIMENTS.index(name)] += chance
            return TextReading(sentiment=sentiment / sentiment.sum())
        return self._emotions(chances)

    def _emotions(self, chances: NDArray[np.float64]) -> TextReading:
        fine = np.zeros(len(GOEMOTIONS))
        for name, chance in zip(self._names, chances, strict=True):
            fine[GOEMOTIONS.index(name)] += chance
        columns = {label: [GOEMOTIONS.index(name) for name in GROUPS[label]] for label in LABELS}
        # Chances of their own do not add up: a comment of two kinds of joy is not twice as happy.
        gather = np.max if self._independent else np.sum
        ekman = np.array([gather(fine[columns[label]]) for label in LABELS])
        return TextReading(
            probabilities=ekman / max(ekman.sum(), 1e-12),
            ekman=np.minimum(ekman, 1.0),
            fine=np.minimum(fine, 1.0),
            nuances={name: float(fine[GOEMOTIONS.index(name)]) for name in NUANCES if name in self._names},
            known_labels=tuple(label for label in LABELS if set(GROUPS[label]) & set(self._names)),
        )
