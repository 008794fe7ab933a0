"""The unprotected peer of `attune bench protection` is really without, and exists in the benchmarks alone."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

WITHOUT = """
import asyncio, sys
from pathlib import Path
from benchmarks.unprotected import unprotect
unprotect()
from sqlalchemy import select
from store import Database, StoreSettings
from store.schema import MessageRow, PersonKeyRow

async def run(home):
    settings = StoreSettings(home=home)
    db = Database(settings, settings.keyring())
    await db.upgrade()
    async with db.transaction() as tx:
        conversation = await tx.conversations.create()
        await tx.inbox.receive(conversation.id, "message-1", "mail x@y.example")
        await tx.audit.add("a_1", "case.view", purpose="none")
    async with db.reading() as tx:
        print((await tx.inbox.get(conversation.id, "message-1")).text)
        print(await tx._session.scalar(select(MessageRow.sealed)))
        print((await tx._session.scalars(select(PersonKeyRow.id))).all(), await tx.audit.entries())
    await db.close()

asyncio.run(run(Path(sys.argv[1])))
"""


def test_the_peer_seals_redacts_and_audits_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["mail x@y.example", '{"text":"mail x@y.example"}', "[] []"]


def test_no_process_of_the_product_knows_the_peer() -> None:
    rooms = ("actions", "bot", "emotion", "journey", "privacy", "recommender", "service", "shop", "speech", "store")
    known = [
        path for room in (*rooms, "cli") for path in (ROOT / room).rglob("*.py") if "unprotect" in path.read_text()
    ]
    assert known == []
    assert "unprotect" not in (ROOT / "Procfile").read_text()
