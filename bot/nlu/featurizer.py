"""Dense sentence features for the intent classifier, from a local sentence encoder."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .encoder import EncoderError, SentenceEncoder, encoder_folder
from .masking import mask


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class AttuneSentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """One unit vector per message. Needs an exported encoder; see `encoder_folder` for where it is looked for.

    config.yml:
        - name: bot.nlu.featurizer.AttuneSentenceFeaturizer
          version: <the encoder's version.txt>   # optional: training and serving refuse another encoder
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Rasa wants tokens before any featurizer."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """Beside Rasa's own."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """model_dir: folder of the encoder, None for the environment's. version: None for any."""
        return {**DenseFeaturizer.get_default_config(), "model_dir": None, "version": None, "threads": 2}

    def __init__(self, config: Dict[Text, Any], name: Text) -> None:
        """Load the encoder. Raises: EncoderError."""
        super().__init__(name, config)
        folder = encoder_folder(config.get("model_dir"))
        self._encoder = SentenceEncoder(folder, threads=int(config.get("threads") or 2))
        wanted: Optional[str] = config.get("version")
        if wanted and wanted != self._encoder.version:
            raise EncoderError(
                f"the encoder in {folder} has version {self._encoder.version!r}; config.yml wants {wanted!r}. "
                "Export that encoder, or change the version and train again."
            )

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AttuneSentenceFeaturizer:
        """Called by Rasa in training and in serving."""
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[str]:
        """The encoder's version: with another encoder the cached features are stale."""
        version_file = encoder_folder(config.get("model_dir")) / "version.txt"
        return version_file.read_text(encoding="utf-8").strip() if version_file.is_file() else None

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Nothing beyond what loading checks."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """All training examples at once, in batches."""
        self._add_features(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """The messages of a turn."""
        self._add_features(messages)
        return messages

    def _add_features(self, messages: List[Message]) -> None:
        with_text = [message for message in messages if message.get(TEXT)]
        if not with_text:
            return
        vectors = self._encoder.encode([mask(message.get(TEXT)) for message in with_text])
        for message, vector in zip(with_text, vectors, strict=True):
            message.add_features(
                Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
            )
