"""`attune metrics`: the token for Prometheus, and clear words where nothing runs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.metrics import samples
from privacy import Secrets
from service.metrics import Metrics

runner = CliRunner()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    monkeypatch.setenv("ATTUNE_WEB_PORT", "9")
    return tmp_path


def test_the_token_is_the_one_that_the_web_process_expects(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    derived = Secrets.load_or_create(home / "secrets.json").metrics_token
    assert runner.invoke(app, ["metrics", "--token"]).stdout == f"{derived}\n"
    monkeypatch.setenv("ATTUNE_METRICS_TOKEN", "k" * 40)
    assert json.loads(runner.invoke(app, ["metrics", "--token", "--json"]).stdout) == {"token": "k" * 40}


def test_where_nothing_runs_it_says_how_to_start() -> None:
    result = runner.invoke(app, ["metrics", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "unreachable"


def test_samples_are_told_with_their_labels() -> None:
    metrics = Metrics()
    metrics.call_refused("calls_full")
    found = [one for one in samples(metrics.text().decode()) if one["name"] == "attune_calls_refused_total"]
    assert found == [{"name": "attune_calls_refused_total", "labels": {"code": "calls_full"}, "value": 1.0}]
