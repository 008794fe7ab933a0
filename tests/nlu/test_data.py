"""The training and test utterances themselves: enough, distinct, annotated, and ours."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.nlu.examples import Example, plain, read_examples

ROOT = Path(__file__).resolve().parents[2]
CORE_INTENTS = {"attune_talk_to_person", "attune_emotion_off", "attune_what_do_you_know", "attune_repeat"}
SHORTEST_COPY = 6
"""Words; below it two people write the same by chance ("thank you very much", "can you repeat that").
Foreign topics must differ at any length: they are what CLINC measures."""


@pytest.fixture(scope="module")
def training() -> list[Example]:
    return read_examples((ROOT / "data" / "nlu").glob("*.yml"))


@pytest.fixture(scope="module")
def test_set() -> list[Example]:
    return read_examples([ROOT / "tests" / "nlu" / "test_nlu.yml"])


def test_there_are_enough_distinct_training_utterances(training: list[Example]) -> None:
    assert len({example.key for example in training}) >= 1800
    assert [key for key, count in Counter(example.key for example in training).items() if count > 1] == []


def test_every_intent_has_enough_examples(training: list[Example], test_set: list[Example]) -> None:
    counts = Counter(example.intent for example in training)
    assert len(counts) >= 35
    assert counts.keys() >= CORE_INTENTS
    assert min(counts.values()) >= 20, counts.most_common()[-1]
    assert counts["out_of_scope"] >= 150
    assert {example.intent for example in test_set} == counts.keys()


def test_the_test_set_is_large_enough_for_every_intent(test_set: list[Example]) -> None:
    assert len({example.key for example in test_set}) >= 350
    assert min(Counter(example.intent for example in test_set).values()) >= 8


def test_no_test_utterance_is_a_training_utterance(training: list[Example], test_set: list[Example]) -> None:
    assert {example.key for example in training} & {example.key for example in test_set} == set()


def test_test_utterances_use_other_words(training: list[Example], test_set: list[Example]) -> None:
    # At most one in a hundred may share four of five of its words with some training utterance of its intent.
    near = [
        example.text
        for example in test_set
        if any(
            example.intent == other.intent
            and len(example.words & other.words) >= 0.8 * len(example.words | other.words)
            for other in training
        )
    ]
    assert len(near) <= len(test_set) // 100, near


@pytest.mark.parametrize("kind", ["order_number", "product", "category", "price_limit", "email", "postcode", "date"])
def test_every_entity_is_annotated_often(training: list[Example], kind: str) -> None:
    assert sum(found == kind for example in training for found, _ in example.entities) >= 30


def test_order_numbers_are_written_and_spoken(training: list[Example]) -> None:
    numbers = [words for example in training for kind, words in example.entities if kind == "order_number"]
    written = [words for words in numbers if re.fullmatch(r"#?4\d{5}", words)]
    spoken = [words for words in numbers if re.fullmatch(r"four( \w+){5}", words)]
    assert len(written) + len(spoken) == len(numbers)
    assert len(spoken) >= 20
    assert sum(words.startswith("#") for words in written) >= 10


def test_no_annotation_is_broken(training: list[Example], test_set: list[Example]) -> None:
    assert [example.text for example in [*training, *test_set] if re.search(r"[\[\]]|\(\w+\)", example.text)] == []


@pytest.mark.shared
def test_nothing_is_copied_from_public_sets(
    training: list[Example], test_set: list[Example], shared_data: Path
) -> None:
    clinc = shared_data / "nlu" / "clinc_oos.json"
    banking = shared_data / "nlu" / "banking77_test.csv"
    if not clinc.is_file() or not banking.is_file():
        pytest.skip("clinc_oos.json or banking77_test.csv is not in the measuring data")
    splits = json.loads(clinc.read_text(encoding="utf-8"))
    public = {plain(text) for rows in splits.values() for text, _ in rows}
    with banking.open(encoding="utf-8", newline="") as file:
        public |= {plain(row["text"]) for row in csv.DictReader(file)}
    ours = [
        example
        for example in [*training, *test_set]
        if example.intent == "out_of_scope" or len(example.key.split()) >= SHORTEST_COPY
    ]
    assert [example.text for example in ours if example.key in public] == []
