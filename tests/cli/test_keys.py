"""`attune keys`: what each key is needed for, a new one, an old one dropped; the keys themselves are never shown."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from store import Database, StoreSettings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    settings = StoreSettings()

    async def fill() -> None:
        db = Database(settings, settings.keyring())
        await db.upgrade()
        async with db.transaction() as tx:
            conversation = await tx.conversations.create()
            await tx.inbox.receive(conversation.id, "message-1", "hello")
        await db.close()

    asyncio.run(fill())
    return tmp_path


def attune(*words: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, ["keys", *words, "--json"])
    return result.exit_code, json.loads(result.stdout)


def secrets_of(home: Path) -> list[str]:
    raw = json.loads((home / "keys.json").read_text())
    return [*raw["keys"].values(), raw["index"]]


def test_rotate_and_retire(home: Path) -> None:
    assert attune("list")[1]["keys"] == [{"id": "k1", "current": True, "seals": {"person_keys.wrapped": 1}}]
    status, report = attune("rotate")
    assert (status, report) == (
        0,
        {"added": True, "key": "k2", "people": 1, "conversations": 0, "values": 0, "events": 0},
    )
    status, report = attune("list")
    assert [(key["id"], key["seals"]) for key in report["keys"]] == [("k1", {}), ("k2", {"person_keys.wrapped": 1})]
    assert attune("retire", "k1")[0] == 0
    status, report = attune("list")
    assert [key["id"] for key in report["keys"]] == ["k2"] and report["retired"] == ["k1"]
    shown = CliRunner().invoke(app, ["keys", "list"])
    assert not any(secret in shown.output + json.dumps(report) for secret in secrets_of(home))


@pytest.mark.parametrize(("key", "code"), [("k1", "key_current"), ("k7", "key_unknown"), ("../x", "key_unknown")])
def test_a_key_that_cannot_go_is_said(home: Path, key: str, code: str) -> None:
    status, report = attune("retire", key)
    assert status == 1 and report["error"]["code"] == code


def test_keys_of_the_environment_are_rotated_by_whoever_sets_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_KEYS", (home / "keys.json").read_text())
    assert attune("rotate")[1]["error"]["code"] == "keys_read_only"
    assert attune("retire", "k1")[1]["error"]["code"] == "keys_read_only"
    printed = CliRunner().invoke(app, ["keys", "new"])
    monkeypatch.setenv("ATTUNE_KEYS", printed.stdout)
    status, report = attune("rotate")
    assert (status, report["added"], report["key"], report["people"]) == (0, False, "k2", 1)
    assert attune("list")[1]["keys"][0] == {"id": "k1", "current": False, "seals": {}}
