"""`attune recommend`: one JSON object, and a message for every mistake."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.recommend import app

JUDGED = Path(__file__).with_name("judged.json")


@pytest.fixture
def home(tmp_path: Path, encoder_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    monkeypatch.setenv("ATTUNE_ENCODER_DIR", str(encoder_dir))
    monkeypatch.setenv("ATTUNE_INDEX_DIR", str(index_dir))
    return tmp_path


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    lines = result.stdout.splitlines()
    assert len(lines) == 1, result.output
    return result.exit_code, json.loads(lines[0])


def test_suggestions_come_with_price_score_and_reason(home: Path) -> None:
    status, answer = run("a quiet kettle", "--max-price", "50", "--category", "Kettles")
    assert status == 0
    assert answer["offers_allowed"] is True
    first = answer["suggestions"][0]
    assert {"id", "title", "price", "score", "reason"} <= set(first)
    assert first["price"] <= 50


def test_a_frustrated_customer_is_offered_nothing(home: Path) -> None:
    assert run("a quiet kettle", "--frustration", "80") == (
        0,
        {"suggestions": [], "offers_allowed": False, "note": "not_offered"},
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["kettle", "--max-price", "nan"], "filter_invalid", "max_price is nan"),
        (["kettle", "--max-price", "-3"], "filter_invalid", "at least 0"),
        (["kettle", "--category", "boats"], "filter_invalid", "Allowed: "),
        (["kettle", "--frustration", "120"], "score_invalid", "0.0 to 100.0"),
        (["kettle", "--frustration", "nan"], "score_invalid", "0.0 to 100.0"),
        ([], "usage", "Example"),
    ],
)
def test_a_mistake_is_named(home: Path, arguments: list[str], code: str, words: str) -> None:
    status, answer = run(*arguments)
    assert status != 0
    assert answer["error"]["code"] == code
    assert words in answer["error"]["message"]


@pytest.mark.parametrize("query", ["", "🙂", "'; DROP TABLE items; --", "x" * 100_000])
def test_a_query_without_meaning_gives_an_empty_answer(home: Path, query: str) -> None:
    assert run(query) == (0, {"suggestions": [], "offers_allowed": True, "note": "nothing_found"})


def test_the_evaluation_prints_its_figures(home: Path) -> None:
    status, figures = run("--evaluate", str(JUDGED), "--split", "tuning")
    assert status == 0
    assert figures["split"] == "tuning"
    assert 0 < figures["ndcg@3"] <= 1
