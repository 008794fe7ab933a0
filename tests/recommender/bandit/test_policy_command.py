"""`attune recommend policy`: one object, from an empty shop and from one with settled slates."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from actions.slates import log_slate
from cli.recommend import app
from recommender import Bandit, Slate, record_of
from store import Database, StoreSettings
from tests.recommender.bandit.slates import candidates, request
from vocabulary import Interaction, InteractionKind, Suggestion


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, ["policy", *arguments, "--json"])
    lines = result.stdout.splitlines()
    assert len(lines) == 1, result.output
    return result.exit_code, json.loads(lines[0])


async def fill(count: int) -> None:
    """Slates to one customer who buys item 1 wherever it stands first."""
    settings = StoreSettings()
    db, bandit = Database(settings, settings.keyring()), Bandit()
    try:
        await db.upgrade()
        async with db.transaction() as tx:
            conversation = await tx.conversations.create()
        for number in range(count):
            ordered, choice = bandit.choose(candidates(5), request(f"s{number}"), 3)
            assert choice is not None
            shown = [Suggestion(one.item.id, one.item.title, one.item.price, "", 1.0, "Fits.") for one in ordered]
            bought = Interaction("c", "item-1", InteractionKind.PURCHASE, datetime.now(UTC))
            acts = [bought] if choice.shown[0] == "item-1" else []
            async with db.transaction() as tx:
                await log_slate(tx, conversation.id, f"m{number}", Slate(tuple(shown), (), choice))
                record = record_of(choice.shown, acts, None)
                await tx.slates.settle(conversation.id, f"m{number}", record, counts=True)
    finally:
        await db.close()


def test_an_empty_shop_has_nothing_to_judge(home: Path) -> None:
    status, report = run("--settle")
    assert status == 0
    assert report["slates"] == {"stored": 0, "may_be_learned_from": 0, "learned_from": 0}
    assert report["judged"] is None


def test_policies_are_judged_on_what_was_logged(home: Path) -> None:
    asyncio.run(fill(60))
    status, report = run("--candidate", "off", "--candidate", "thompson", "--share", "0.2")
    assert status == 0
    assert report["slates"]["learned_from"] == 60
    assert set(report["judged"]) == {"off", "thompson"}
    for verdict in report["judged"].values():
        assert {"ips", "snips", "dr", "weight", "effective_slates", "logged"} <= set(verdict["gain"])
        assert verdict["gain"]["logged"]["value"] == pytest.approx(report["reward"], abs=1e-3)
        assert verdict["calm_points"] is None


def test_an_impossible_share_is_refused_in_words(home: Path) -> None:
    asyncio.run(fill(20))
    status, report = run("--share", "0.9")
    assert status == 1
    assert "expected a number from 0 to 0.5" in report["error"]["message"]
