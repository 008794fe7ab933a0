"""Which intent a message has: logistic regression over sentence embeddings and character n-grams."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Sequence, Text, Tuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .masking import mask

_RANKING = 10
_FILES = ("weights.npz", "words.json")


class ClassifierError(RasaException):
    """The classifier has no sentence features to work on, or no intents to learn."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AttuneIntentClassifier(IntentClassifier, GraphComponent):
    """Intent and ranking of a message; needs a dense sentence featurizer before it.

    config.yml:
        - name: bot.nlu.classifier.AttuneIntentClassifier
          strength: 10.0        # inverse of the regularisation
          character_weight: 0.5 # of the character features against the embedding; 0 leaves them out
          character_size: 300   # dimensions that the character n-grams are reduced to

    Why not DIET: docs/decisions/0015-intents.md.
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """The embedding comes from another component."""
        return [DenseFeaturizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """Comes with Rasa."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See the class."""
        return {"strength": 10.0, "character_weight": 0.5, "character_size": 300, "max_iter": 500}

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model: Optional[_Model] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AttuneIntentClassifier:
        """Called by Rasa before training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AttuneIntentClassifier:
        """Called by Rasa before serving."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            arrays = dict(np.load(folder / _FILES[0], allow_pickle=False))
            words = json.loads((folder / _FILES[1]).read_text(encoding="utf-8"))
        component._model = _Model(words["intents"], words["grams"], float(words["character_weight"]), arrays)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples and keep the result."""
        examples = training_data.intent_examples
        if len({example.get(INTENT) for example in examples}) < 2:
            raise ClassifierError("fewer than two intents in the training data; add examples under data/nlu.")
        self._model = fit(
            [example.get(TEXT) for example in examples],
            embeddings(examples),
            [example.get(INTENT) for example in examples],
            self._config,
        )
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / _FILES[0], **self._model.arrays)
            words = {
                "intents": self._model.intents,
                "grams": self._model.grams,
                "character_weight": self._model.character_weight,
            }
            (folder / _FILES[1]).write_text(json.dumps(words), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent and ranking."""
        for message in messages:
            if self._model is None or not message.get(TEXT):
                ranking: List[Dict[Text, Any]] = []
            else:
                ranking = self._model.rank(message.get(TEXT), embeddings([message])[0])
            best = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set("intent_ranking", ranking[:_RANKING], add_to_output=True)
        return messages


class _Model:
    """Weights and how to apply them; `arrays`: coefficients, intercepts, idf and projection of the n-grams."""

    def __init__(
        self,
        intents: Sequence[str],
        grams: Dict[str, int],
        character_weight: float,
        arrays: Dict[str, np.ndarray],
    ) -> None:
        self.intents = list(intents)
        self.grams = grams
        self.character_weight = character_weight
        self.arrays = arrays
        self._vectorizer = _vectorizer(grams) if character_weight else None
        if self._vectorizer is not None:
            self._vectorizer.idf_ = arrays["idf"]

    def rank(self, text: str, embedding: np.ndarray) -> List[Dict[Text, Any]]:
        features = embedding
        if self._vectorizer is not None:
            counted = self._vectorizer.transform([mask(text)])
            characters = (counted @ self.arrays["projection"]).ravel()
            features = np.concatenate([embedding, self.character_weight * characters])
        scores = self.arrays["coefficients"] @ features + self.arrays["intercepts"]
        exponents = np.exp(scores - scores.max())
        probabilities = exponents / exponents.sum()
        order = np.argsort(-probabilities)
        return [
            {INTENT_NAME_KEY: self.intents[index], PREDICTED_CONFIDENCE_KEY: float(probabilities[index])}
            for index in order
        ]


def fit(texts: Sequence[str], vectors: np.ndarray, intents: Sequence[str], config: Dict[Text, Any]) -> _Model:
    """Learn from texts, their embeddings (shape (n, dimensions)) and their intents."""
    from sklearn.linear_model import LogisticRegression

    weight = float(config["character_weight"])
    grams, arrays, features = {}, {}, vectors
    if weight:
        grams, arrays, characters = _characters(texts, int(config["character_size"]))
        features = np.hstack([vectors, weight * characters])
    # balanced: out_of_scope has ten times the examples of a greeting, and customers greet more often.
    classifier = LogisticRegression(
        C=float(config["strength"]), class_weight="balanced", max_iter=int(config["max_iter"])
    ).fit(features, list(intents))
    coefficients, intercepts = classifier.coef_, classifier.intercept_
    if len(classifier.classes_) == 2:  # one row of weights: the other class is its mirror
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercepts = np.concatenate([-intercepts / 2, intercepts / 2])
    arrays.update(coefficients=coefficients, intercepts=intercepts)
    return _Model([str(name) for name in classifier.classes_], grams, weight, arrays)


def _characters(texts: Sequence[str], size: int) -> Tuple[Dict[str, int], Dict[str, np.ndarray], np.ndarray]:
    from sklearn.decomposition import TruncatedSVD

    vectorizer = _vectorizer(None)
    counted = vectorizer.fit_transform([mask(text) for text in texts])
    reduction = TruncatedSVD(min(size, *(side - 1 for side in counted.shape)), random_state=0).fit(counted)
    grams = {gram: int(index) for gram, index in vectorizer.vocabulary_.items()}
    arrays = {"idf": vectorizer.idf_, "projection": reduction.components_.T.copy()}
    return grams, arrays, counted @ arrays["projection"]


def _vectorizer(grams: Optional[Dict[str, int]]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, vocabulary=grams)


def embeddings(messages: Sequence[Message]) -> np.ndarray:
    """The messages' dense sentence features, shape (len(messages), dimensions). Raises: ClassifierError."""
    rows = []
    for message in messages:
        _, sentence = message.get_dense_features(TEXT, [])
        if sentence is None:
            raise ClassifierError(
                "no sentence features; put bot.nlu.featurizer.AttuneSentenceFeaturizer before the classifier."
            )
        rows.append(np.asarray(sentence.features).reshape(-1))
    return np.array(rows)
