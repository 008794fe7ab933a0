"""`attune privacy` and `attune bot example`: one object each, refusals in words, a kill that changes nothing."""

import asyncio
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from store import Database, RequestKind, StoreSettings
from tests.store.known_person import Known, left_of, move_in
from vocabulary import Purpose, Signal

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ATTUNE_BOT_EXAMPLES", str(tmp_path / "nlu" / "from_conversations.yml"))
    return tmp_path


def with_database(work: Callable[[Database, StoreSettings], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        settings = StoreSettings()
        db = Database(settings, settings.keyring())
        try:
            await db.upgrade()
            return await work(db, settings)
        finally:
            await db.close()

    return asyncio.run(run())


@pytest.fixture
def known(home: Path) -> Known:
    return with_database(lambda db, settings: move_in(db, settings, settings.keyring()))  # type: ignore[no-any-return]


def attune(*arguments: str, status: int = 0) -> dict[str, Any]:
    result = runner.invoke(app, [*arguments, "--json"])
    assert result.exit_code == status, result.output
    return dict(json.loads(result.stdout))


def test_export_writes_one_private_archive(known: Known, home: Path) -> None:
    out = home / "copy.zip"
    out.touch(mode=0o644)
    told = attune("privacy", "export", known.email, "--out", str(out))
    assert told["stores"]["conversations"] == 5 and told["media"] == 2
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with zipfile.ZipFile(out) as archive:
        assert "canary-marigold-typed-7319" in archive.read("data.json").decode()
        page = archive.read("index.html").decode()
    assert "canary-marigold-typed-7319" in page
    assert re.search(r"as of \d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC", page)
    assert attune("privacy", "export", "nobody@example.org", status=1)["error"]["code"] == "person_unknown"


def test_erase_prints_stores_counts_and_the_search(known: Known, home: Path) -> None:
    shown = attune("privacy", "erase", known.phone, "--preview")
    erased = attune("privacy", "erase", known.phone)
    assert erased["ok"] and erased["residual"] == [] and erased["search"]["files"] > 3
    counts = {store["name"]: store["count"] for store in erased["stores"]}
    assert counts == {store["name"]: store["count"] for store in shown["stores"]}
    assert left_of(known.traces, home) == []
    assert attune("privacy", "erase", known.phone, status=1)["error"]["code"] == "person_unknown"
    assert attune("audit", "verify")["ok"]


def test_without_json_erase_asks_first(known: Known, home: Path) -> None:
    result = runner.invoke(app, ["privacy", "erase", known.email], input="n\n")
    assert result.exit_code == 1 and "cannot be undone" in result.output
    assert left_of([known.customer], home) != []


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.3])
def test_an_erasure_killed_at_any_moment_is_finished_by_the_next_one(known: Known, home: Path, after_s: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "privacy", "erase", known.account, "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    deadline = time.monotonic() + 60
    while not list((home / "home").glob("er_*.lock")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with_database(lambda db, settings: _finish(db, settings))
    assert left_of(known.traces, home) == []
    assert list((home / "home").glob("er_*.lock")) == []


async def _finish(db: Database, settings: StoreSettings) -> None:
    """What the web process does at its start."""
    from store import Eraser, MediaStore, PersonUnknown

    eraser = Eraser(settings, settings.keyring(), db, MediaStore(settings.media_dir, settings.keyring()))
    if await eraser.resume() == 0:
        # The kill came before anything was written, or after everything was.
        try:
            await eraser.erase("marigold@canary.example", by="command")
        except PersonUnknown:
            return


def test_purge_counts_what_is_due_and_takes_one_person_alone(known: Known) -> None:
    assert attune("privacy", "purge", "--dry-run")["count"] == 0
    done = attune("privacy", "purge")
    assert (done["skipped"], done["late_s"], done["dry_run"]) == (False, 0, False)
    assert attune("privacy", "purge", known.email)["count"] == 0
    assert attune("privacy", "purge", "nobody@example.org", status=1)["error"]["code"] == "person_unknown"


def test_periods_follow_the_setting(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_RETENTION", "events=2d")
    assert attune("privacy", "periods")["events"]["seconds"] == 172_800


def test_a_sentence_becomes_an_example_only_with_consent_and_without_personal_data(known: Known, home: Path) -> None:
    add = ("bot", "example", "add", known.conversation, "message-typed", "greet")
    assert attune(*add, status=1)["error"]["code"] == "no_consent"

    async def allow(db: Database, _: StoreSettings) -> None:
        async with db.transaction() as tx:
            await tx.consents.record(known.customer, Signal.TEXT, Purpose.IMPROVE, True, "3")

    with_database(allow)
    assert attune(*add)["added"] is True
    assert attune(*add)["added"] is False
    file = (home / "nlu" / "from_conversations.yml").read_text()
    assert "canary-marigold-typed-7319" in file and known.phone not in file and known.customer not in file
    assert attune("bot", "example", "add", known.conversation, "message-agent", "greet", status=1)
    attune("privacy", "erase", known.email)
    assert not (home / "nlu" / "from_conversations.yml").exists()


def test_requests_are_listed_by_due_day_and_on_record(known: Known) -> None:
    async def ask(db: Database, settings: StoreSettings) -> None:
        async with db.transaction() as tx:
            long_ago = datetime.now(UTC) - timedelta(days=31)
            await tx.requests.add(known.account, RequestKind.OBJECT, by="self", words="no more mail")
            await tx.requests.add(known.account, RequestKind.ACCESS, by="self", received_at=long_ago)

    with_database(ask)
    result = runner.invoke(app, ["privacy", "requests", "--json"])
    assert result.exit_code == 0, result.output + repr(result.exception)
    found = json.loads(result.stdout)
    assert [one["overdue"] for one in found["requests"]] == [True, False, False]
    assert [one["kind"] for one in found["requests"]][:1] == ["access"]
    assert found["overdue"] == 1
    plain = runner.invoke(app, ["privacy", "requests"]).stdout
    assert "OVERDUE" in plain and "no more mail" in plain

    async def acts(db: Database, settings: StoreSettings) -> list[str]:
        async with db.reading() as tx:
            return [entry.act for entry in await tx.audit.entries(act="request.list")]

    assert with_database(acts) == ["request.list"] * 2
