"""`attune privacy papers` and `attune privacy statistics` as they are called."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from privacy import KeyRing
from store import Database, StoreSettings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    settings = StoreSettings()

    async def make() -> None:
        db = Database(settings, KeyRing.load_or_create(settings.key_file))
        await db.upgrade()
        await db.close()

    asyncio.run(make())
    return tmp_path


def test_papers_are_written_for_their_owner_alone(home: Path) -> None:
    result = CliRunner().invoke(app, ["privacy", "papers", "--out", str(home / "papers"), "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == 0 and len(told["papers"]) == 6 and len(told["files"]) == 12
    for name in told["files"]:
        assert Path(name).stat().st_mode & 0o777 == 0o600 and Path(name).read_text(encoding="utf-8")
    again = CliRunner().invoke(app, ["privacy", "papers", "--out", str(home / "papers")])
    assert again.exit_code == 0


def test_papers_into_a_file_s_place_are_a_clear_error(home: Path) -> None:
    (home / "papers").write_text("")
    result = CliRunner().invoke(app, ["privacy", "papers", "--out", str(home / "papers"), "--json"])
    assert result.exit_code == 1 and json.loads(result.stdout)["error"]["code"] == "os_error"


def test_empty_week_is_withheld_and_its_cost_shown(home: Path) -> None:
    told = json.loads(CliRunner().invoke(app, ["privacy", "statistics", "2026-W10", "--json"]).stdout)
    assert told["withheld"] and told["customers"] is None and told["query"] == "emotion:2026-W10"
    assert told["budget"]["spent"] == 0.25 and told["budget"]["releases"] == ["emotion:2026-W10"]
    assert CliRunner().invoke(app, ["privacy", "statistics", "2026-W10"]).exit_code == 0
    refused = CliRunner().invoke(app, ["privacy", "statistics", "yesterday", "--json"])
    assert refused.exit_code == 1 and json.loads(refused.stdout)["error"]["code"] == "invalid_week"
