"""Sentences in the training file: one file, one source for each, taken out again, whatever else happens."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from store import BotExamples, StoreError


def test_examples_come_and_go_by_their_source(tmp_path: Path) -> None:
    examples = BotExamples(tmp_path / "nlu" / "from_conversations.yml")
    assert examples.add("greet", "  good\n morning ", "one") and examples.add("greet", "hi: there", "two")
    assert not examples.add("greet", "good morning", "two"), "an intent has a sentence once"
    assert examples.add("goodbye", "bye", "one")
    assert (examples.count(["one"]), examples.count(["two"]), examples.count([])) == (2, 1, 0)
    assert examples.texts(["two"]) == [{"intent": "greet", "text": "hi: there"}]
    assert examples.forget(["one"]) == 2 and examples.forget(["one"]) == 0
    stored = yaml.safe_load(examples.path.read_text())
    assert stored["version"] == "3.1" and [block["intent"] for block in stored["nlu"]] == ["greet"]
    assert examples.forget(["two"]) == 1 and not examples.path.exists()


@pytest.mark.parametrize("text", ["", " ", "/restart", "x" * 501])
def test_what_a_training_file_cannot_hold_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(StoreError, match="expected a sentence"):
        BotExamples(tmp_path / "file.yml").add("greet", text, "one")


@pytest.mark.parametrize(
    "text", ["- a", "'quoted\"", "[a](b)", "tab\tand: colon", "\u202e reversed", "#no comment", "null"]
)
def test_any_sentence_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    examples = BotExamples(tmp_path / "file.yml")
    examples.add("greet", text, "one")
    assert examples.texts(["one"]) == [{"intent": "greet", "text": " ".join(text.split())}]


@pytest.mark.parametrize("content", ["nlu: 5", "- a", "{", "nlu:\n- intent: x"])
def test_a_file_of_another_kind_is_named_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file.yml"
    path.write_text(content)
    with pytest.raises(StoreError, match=r"file\.yml"):
        BotExamples(path).add("greet", "hello", "one")
    assert path.read_text() == content


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda number: BotExamples(path).add("greet", f"hello {number}", f"source-{number % 2}"), range(40)
            )
        )
    assert BotExamples(path).count(["source-0", "source-1"]) == 40
