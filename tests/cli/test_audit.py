"""`attune audit` tells the truth and leaves with a status that a script can use."""

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from privacy import KeyRing
from store import Database, StoreSettings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    settings = StoreSettings()

    async def fill() -> None:
        db = Database(settings, KeyRing.load_or_create(settings.key_file))
        await db.upgrade()
        for number in range(3):
            async with db.transaction() as tx:
                await tx.audit.add("a_1", "case.view", subject="p_canary", purpose="an answer", details={"n": number})
        await db.close()

    asyncio.run(fill())
    return tmp_path


def attune(*words: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, ["audit", *words, "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_whole_chain(home: Path) -> None:
    status, report = attune("verify")
    assert status == 0
    assert (report["entries"], report["ok"], report["first_bad"]) == (3, True, None)
    assert attune("verify", "--head", report["head"])[0] == 0
    assert attune("head")[1]["head"] == report["head"]


def test_altered_entry_ends_with_a_status(home: Path) -> None:
    connection = sqlite3.connect(home / "attune.db")
    connection.executescript("DROP TRIGGER audit_keeps_update; UPDATE audit SET actor = 'a_2' WHERE number = 2")
    connection.close()
    status, report = attune("verify")
    assert status == 1
    assert (report["entries"], report["ok"], report["first_bad"], report["problem"]) == (1, False, 2, "altered")
    told = CliRunner().invoke(app, ["audit", "verify"])
    assert told.exit_code == 1


def test_head_of_another_chain_is_noticed(home: Path) -> None:
    status, report = attune("verify", "--head", f"2:{'ab' * 32}")
    assert status == 1 and report["first_bad"] == 2 and report["problem"] == "forked"
    status, report = attune("verify", "--head", "nonsense")
    assert status == 1 and report["error"]["code"] == "head_invalid"


def test_export_holds_every_entry_sealed_and_is_an_entry_itself(home: Path) -> None:
    out = home / "audit.jsonl"
    status, report = attune("export", "--out", str(out))
    assert status == 0 and report["entries"] == 4
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["number"] for line in lines] == [1, 2, 3, 4]
    assert lines[-1]["act"] == "audit.export" and report["head"] == f"4:{lines[-1]['hash']}"
    assert "p_canary" not in out.read_text() and out.stat().st_mode & 0o777 == 0o600
    status, report = attune("export", "--out", str(out))
    assert status == 1 and report["error"]["code"] == "os_error"


def test_resume_only_where_something_is_missing(home: Path) -> None:
    status, report = attune("resume", "--reason", "no reason")
    assert status == 1 and report["error"]["code"] == "audit_whole"
    (home / "audit.head").unlink()
    assert attune("verify")[1]["problem"] == "head_missing"
    assert attune("resume", "--reason", "head file lost")[1] == {"number": 4}
    status, report = attune("verify")
    assert status == 0 and report["resumed"] == 1
