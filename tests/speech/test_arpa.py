"""Reading the shop's language model."""

import doctest
import math
from pathlib import Path

import pytest

from speech import PHRASES, ArpaModel, SpeechError
from speech.language import arpa

SMALL = """\\data\\
ngram 1=4
ngram 2=2

\\1-grams:
-99\t<s>\t-0.5
-0.5\ta\t-0.25
-0.7\tb
-0.6\t</s>

\\2-grams:
-0.1\t<s> a
-0.2\ta b

\\end\\
"""


@pytest.fixture
def small(tmp_path: Path) -> ArpaModel:
    (tmp_path / "small.lm").write_text(SMALL)
    return ArpaModel.load(tmp_path / "small.lm")


@pytest.mark.parametrize(
    ("word", "history", "decimal"),
    [
        ("a", ["<s>"], -0.1),
        ("b", ["<s>"], -0.5 - 0.7),
        ("b", ["<s>", "a"], -0.2),
        ("</s>", ["a"], -0.25 - 0.6),
        ("</s>", ["b"], -0.6),
        ("a", ["zorblax"], -0.5),
        ("a", [], -0.5),
    ],
)
def test_chance_is_found_or_backs_off(small: ArpaModel, word: str, history: list[str], decimal: float) -> None:
    assert small.log_probability(word, history) == pytest.approx(decimal * math.log(10))


def test_unknown_word_is_no_likelier_than_the_rarest(small: ArpaModel) -> None:
    assert small.log_probability("zorblax", []) <= small.log_probability("b", [])
    assert small.words == {"a", "b"}


def test_sentence_is_the_sum_of_its_words(small: ArpaModel) -> None:
    assert small.sentence_log_probability(["a", "b"]) == pytest.approx((-0.1 - 0.2 - 0.6) * math.log(10))


@pytest.mark.parametrize("history", [["<s>"], ["<s>", "where", "is"], ["order", "number"], ["of", "zorblax"]])
def test_chances_after_any_history_sum_to_no_more_than_one(history: list[str]) -> None:
    model = ArpaModel.load(PHRASES)
    total = sum(math.exp(model.log_probability(word, history)) for word in (*model.words, "</s>"))
    assert 0.97 < total < 1.001


@pytest.mark.parametrize("content", ["", "no model", "\\1-grams:\nx y\n"])
def test_file_that_is_no_model_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.lm").write_text(content)
    with pytest.raises(SpeechError, match=r"x\.lm.*attune speech prepare") as caught:
        ArpaModel.load(tmp_path / "x.lm")
    assert caught.value.code == "language_model"


def test_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(arpa).failed == 0
