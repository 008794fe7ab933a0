"""The intent classifier, the scope check behind it, and the masking before both; on made-up sentence vectors."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import AttuneIntentClassifier, ClassifierError
from bot.nlu.masking import mask
from bot.nlu.scope import AttuneScopeCheck

CONTEXT = ExecutionContext(GraphSchema({}), "model")
# Direction of each intent's vectors; two foreign topics point apart from each other.
EXAMPLES = [
    ("where is my parcel", "order_status", (1.0, 0.0, 0.0)),
    ("has my order left", "order_status", (0.9, 0.1, 0.0)),
    ("I want my money back", "refund_status", (0.0, 1.0, 0.0)),
    ("when will you refund me", "refund_status", (0.1, 0.9, 0.0)),
    ("who was Cleopatra", "out_of_scope", (0.0, 0.0, 1.0)),
    ("sing a song", "out_of_scope", (0.6, 0.6, 0.5)),
]


def message(text: str, vector: tuple[float, ...] | None, intent: str | None = None) -> Message:
    built = Message.build(text, intent)
    if vector is not None:
        unit = np.array([vector], dtype=np.float32) / np.linalg.norm(vector)
        built.add_features(Features(unit, FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    return built


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


def trained(kind: Any, storage: LocalModelStorage, examples: list[Any] = EXAMPLES) -> Any:
    resource = Resource(kind.__name__)
    data = TrainingData([message(text, vector, intent) for text, intent, vector in examples])
    kind.create(kind.get_default_config(), storage, resource, CONTEXT).train(data)
    return kind.load(kind.get_default_config(), storage, resource, CONTEXT)


def test_a_loaded_classifier_ranks_all_intents_with_probabilities(storage: LocalModelStorage) -> None:
    asked = message("where did my parcel go", (1.0, 0.05, 0.0))
    trained(AttuneIntentClassifier, storage).process([asked])
    ranking = asked.get("intent_ranking")
    assert asked.get(INTENT) == ranking[0]
    assert ranking[0]["name"] == "order_status"
    assert {entry["name"] for entry in ranking} == {"order_status", "refund_status", "out_of_scope"}
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1.0)
    assert ranking == sorted(ranking, key=lambda entry: -entry["confidence"])


def test_two_intents_are_ranked_like_many(storage: LocalModelStorage) -> None:
    asked = message("my money please", (0.0, 1.0, 0.0))
    trained(AttuneIntentClassifier, storage, EXAMPLES[:4]).process([asked])
    assert [entry["name"] for entry in asked.get("intent_ranking")] == ["refund_status", "order_status"]
    assert sum(entry["confidence"] for entry in asked.get("intent_ranking")) == pytest.approx(1.0)


def test_a_message_without_text_has_no_intent(storage: LocalModelStorage) -> None:
    empty = message("", None)
    trained(AttuneIntentClassifier, storage).process([empty])
    trained(AttuneScopeCheck, storage).process([empty])
    assert empty.get(INTENT) == {"name": None, "confidence": 0.0}


def test_one_intent_is_too_few(storage: LocalModelStorage) -> None:
    with pytest.raises(ClassifierError, match="fewer than two intents"):
        trained(AttuneIntentClassifier, storage, EXAMPLES[:2])


def test_missing_sentence_features_are_named(storage: LocalModelStorage) -> None:
    with pytest.raises(ClassifierError, match="AttuneSentenceFeaturizer"):
        trained(AttuneIntentClassifier, storage).process([message("hello", None)])


def test_a_message_nearest_to_a_foreign_example_becomes_foreign(storage: LocalModelStorage) -> None:
    asked = message("sing something", (0.6, 0.55, 0.45))
    asked.set(INTENT, {"name": "order_status", "confidence": 0.7})
    asked.set(
        "intent_ranking",
        [{"name": "order_status", "confidence": 0.7}, {"name": "out_of_scope", "confidence": 0.3}],
    )
    trained(AttuneScopeCheck, storage).process([asked])
    assert asked.get(INTENT) == {"name": "out_of_scope", "confidence": 0.7}
    assert [entry["name"] for entry in asked.get("intent_ranking")] == ["out_of_scope", "order_status"]


def test_a_message_nearest_to_a_known_example_keeps_its_intent(storage: LocalModelStorage) -> None:
    asked = message("my parcel", (1.0, 0.02, 0.0))
    asked.set(INTENT, {"name": "order_status", "confidence": 0.7})
    trained(AttuneScopeCheck, storage).process([asked])
    assert asked.get(INTENT) == {"name": "order_status", "confidence": 0.7}


def test_without_foreign_examples_nothing_is_foreign(storage: LocalModelStorage) -> None:
    asked = message("who was Caesar", (0.0, 0.0, 1.0))
    asked.set(INTENT, {"name": "order_status", "confidence": 0.7})
    trained(AttuneScopeCheck, storage, EXAMPLES[:4]).process([asked])
    assert asked.get(INTENT)["name"] == "order_status"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("where is #433310", "where is 417203"),
        ("where is four one five two zero three", "where is 417203"),
        ("my postcode is 10247", "my postcode is 10115"),
        ("five zero six six seven", "10115"),
        ("it's lena.fischer@example.org", "it's me@example.com"),
        ("lena dot fischer at example dot org", "me@example.com"),
        ("a kettle under 45 euros", "a kettle under 45 euros"),
        ("one of two", "one of two"),
    ],
)
def test_identifiers_become_alike_and_nothing_else_changes(text: str, masked: str) -> None:
    assert mask(text) == masked
