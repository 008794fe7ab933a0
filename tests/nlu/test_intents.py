"""How well the trained assistant understands utterances that it was not trained on."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RASA_PYTHON = ROOT / ".venvs" / "rasa" / "bin" / "python"


def evaluate(*arguments: str) -> dict[str, Any]:
    """Run tests/nlu/evaluate.py in Rasa's environment on the newest model."""
    finished = subprocess.run(
        [str(RASA_PYTHON), "tests/nlu/evaluate.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    return dict(json.loads(finished.stdout))


@pytest.fixture(scope="module", autouse=True)
def trained() -> None:
    if not RASA_PYTHON.is_file():
        pytest.skip("no Rasa environment in .venvs/rasa; make one with: make setup")
    if not list((ROOT / "var" / "rasa" / "models").glob("*.tar.gz")):
        pytest.skip("no trained model in var/rasa/models; make one with: attune train")


@pytest.fixture(scope="module")
def own(trained: None) -> dict[str, Any]:
    return evaluate("--clinc", "none")


def test_intents_of_unseen_utterances_are_found(own: dict[str, Any]) -> None:
    assert own["n"] >= 350
    assert own["intents"] >= 35
    assert own["intent_macro_f1"] >= 0.90
    assert own["intent_macro_f1_as_served"] >= 0.90


def test_customers_are_rarely_told_that_they_were_not_understood(own: dict[str, Any]) -> None:
    assert own["own_to_fallback"] <= 0.05


def test_identifying_entities_are_found(own: dict[str, Any]) -> None:
    assert min(own["entities"][kind] for kind in ("order_number", "email", "postcode")) >= 0.90


@pytest.mark.shared
def test_foreign_topics_fall_back(shared_data: Path) -> None:
    clinc = shared_data / "nlu" / "clinc_oos.json"
    if not clinc.is_file():
        pytest.skip("clinc_oos.json is not in the measuring data")
    figures = evaluate("--own", "none", "--clinc", str(clinc))
    assert figures["clinc_n"] == 1000
    assert figures["clinc_to_fallback"] >= 0.75


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    finished = subprocess.run(
        [str(RASA_PYTHON), "tests/nlu/evaluate.py", "--model", str(tmp_path / "gone.tar.gz")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode != 0
    assert "gone.tar.gz is not a file" in finished.stderr
