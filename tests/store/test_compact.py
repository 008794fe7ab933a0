"""After a deletion and compact(), no file holds what was deleted; whoever works on meanwhile loses nothing."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import text

from privacy import KeyRing
from store import Database, NewConversation, StoreBusy, StoreSettings

CANARY = "canary-4f1d9b"


def holds_canary(settings: StoreSettings) -> list[str]:
    return [path.name for path in settings.home.glob("attune.db*") if CANARY.encode() in path.read_bytes()]


async def test_deleted_rows_are_in_no_file_afterwards(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        for number in range(200):
            await tx.events.add("test", {"note": f"{CANARY} {number} {'x' * 2000}"})
    assert holds_canary(settings)
    async with db.transaction() as tx:
        await tx._session.execute(text("DELETE FROM events"))
    await db.compact()
    assert holds_canary(settings) == []
    assert (settings.home / "attune.db-wal").stat().st_size == 0
    assert (settings.home / "attune.db").stat().st_size < 1_000_000


async def test_what_others_write_meanwhile_is_kept(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    other = Database(settings, keyring)

    async def write(database: Database, author: str) -> None:
        for number in range(25):
            async with database.transaction() as tx:
                await tx.inbox.receive(conversation.id, f"{author}-message-{number}", f"hello {number}")

    await asyncio.gather(write(db, "one"), write(other, "two"), db.compact(), other.compact())
    async with other.reading() as tx:
        assert len(await tx.inbox.history(conversation.id)) == 50
    await other.close()


async def test_a_reader_that_does_not_end_is_said_and_nothing_breaks(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    impatient = Database(settings, keyring, busy_timeout_s=0.2)
    reader = sqlite3.connect(settings.home / "attune.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    with pytest.raises(StoreBusy):
        await impatient.compact()
    reader.execute("ROLLBACK")
    reader.close()
    await impatient.compact()
    async with impatient.transaction() as tx:
        assert (await tx.inbox.receive(conversation.id, "message-1", "hello")).created
    await impatient.close()
