"""Is a message about this shop at all? Asks which training example lies nearest."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .classifier import embeddings

_FILE = "examples.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AttuneScopeCheck(IntentClassifier, GraphComponent):
    """Turns an intent into the foreign one where a foreign example lies nearer than every known one.

    A classifier must spread its belief over the intents it knows, however far a message is from all of them; the
    distance to the examples themselves tells more. Stands after the intent classifier.

    config.yml:
        - name: bot.nlu.scope.AttuneScopeCheck
          foreign_intent: out_of_scope
          margin: 0.0   # cosine by which a known example must be nearer; above 0 is stricter
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """The embedding. (The intent is needed in serving only, and Rasa would look for it in training too.)"""
        return [DenseFeaturizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See the class."""
        return {"foreign_intent": "out_of_scope", "margin": 0.0}

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        """A check that knows no examples yet, and so changes nothing."""
        self._foreign_intent = str(config["foreign_intent"])
        self._margin = float(config["margin"])
        self._storage = storage
        self._resource = resource
        self._known: Optional[np.ndarray] = None
        self._foreign: Optional[np.ndarray] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AttuneScopeCheck:
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
    ) -> AttuneScopeCheck:
        """Called by Rasa before serving."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            arrays = np.load(folder / _FILE, allow_pickle=False)
            component._known, component._foreign = arrays["known"], arrays["foreign"]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the examples' embeddings."""
        examples = training_data.intent_examples
        vectors = embeddings(examples).astype(np.float32)
        is_foreign = np.array([example.get(INTENT) == self._foreign_intent for example in examples])
        self._known, self._foreign = vectors[~is_foreign], vectors[is_foreign]
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, known=self._known, foreign=self._foreign)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Correct the intents that the classifier found."""
        for message in messages:
            intent = message.get(INTENT) or {}
            if not message.get(TEXT) or intent.get(INTENT_NAME_KEY) in (None, self._foreign_intent):
                continue
            if self.is_foreign(embeddings([message])[0]):
                self._correct(message, intent[PREDICTED_CONFIDENCE_KEY])
        return messages

    def is_foreign(self, vector: np.ndarray) -> bool:
        """Whether the nearest known example is not nearer than the nearest foreign one by the margin."""
        known, foreign = nearest(vector, self._known), nearest(vector, self._foreign)
        return known is not None and foreign is not None and known - foreign < self._margin

    def _correct(self, message: Message, confidence: float) -> None:
        # The classifier's belief passes to the foreign intent: it was sure of something, only not of this.
        best = {INTENT_NAME_KEY: self._foreign_intent, PREDICTED_CONFIDENCE_KEY: confidence}
        others = [
            entry for entry in message.get("intent_ranking") or [] if entry[INTENT_NAME_KEY] != self._foreign_intent
        ]
        message.set(INTENT, best, add_to_output=True)
        message.set("intent_ranking", [best, *others], add_to_output=True)


def nearest(vector: np.ndarray, examples: Optional[Sequence[np.ndarray]]) -> Optional[float]:
    """Cosine to the nearest of some unit vectors; None if there are none."""
    return float(np.max(np.asarray(examples) @ vector)) if examples is not None and len(examples) else None
