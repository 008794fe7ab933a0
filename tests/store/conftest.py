"""A fresh database per test, on disk: WAL and locks are real."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from privacy import KeyRing
from store import Database, NewConversation, StoreSettings


@pytest.fixture
def settings(tmp_path: Path) -> StoreSettings:
    return StoreSettings(home=tmp_path)


@pytest.fixture
def keyring(settings: StoreSettings) -> KeyRing:
    return KeyRing.load_or_create(settings.key_file)


@pytest.fixture
async def db(settings: StoreSettings, keyring: KeyRing) -> AsyncIterator[Database]:
    database = Database(settings, keyring)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
async def conversation(db: Database) -> NewConversation:
    async with db.transaction() as tx:
        return await tx.conversations.create()
