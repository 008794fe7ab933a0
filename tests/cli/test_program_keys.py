"""`attune catalogue key`: made, shown once, listed, revoked; each on record."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app

runner = CliRunner()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str, status: int = 0) -> dict[str, Any]:
    result = runner.invoke(app, ["catalogue", "key", *arguments, "--json"])
    assert result.exit_code == status, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_a_key_is_made_listed_and_revoked(home: Path) -> None:
    made = run("new", "stock export", "--days", "30")
    assert made["key"].startswith("apk_") and made["name"] == "stock export" and made["expires_at"]
    listed = run("list")["keys"]
    assert [key["id"] for key in listed] == [made["id"]] and "key" not in listed[0]
    assert run("revoke", made["id"])["id"] == made["id"]
    assert run("list")["keys"] == []
    assert run("revoke", made["id"], status=1)["error"]["code"] == "not_found"
    report = json.loads(runner.invoke(app, ["audit", "verify", "--json"]).stdout)
    assert report["ok"] and report["entries"] == 2
    assert not any(made["key"].encode() in file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_a_key_without_a_name_or_for_no_time_is_refused() -> None:
    assert run("new", "  ", status=1)["error"]["code"] == "key_invalid"
    assert runner.invoke(app, ["catalogue", "key", "new", "x", "--days", "0"]).exit_code == 2
    assert run("list") == {"keys": []}
