"""The shop's database for the length of one command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from store import Database, StoreSettings


@asynccontextmanager
async def opened_database(settings: StoreSettings, *, upgrade: bool = True) -> AsyncIterator[Database]:
    """Open the database, by default at the newest schema, and close it whatever happens.

    Raises: PrivacyError (key file), StoreError (database).
    """
    db = Database(settings, settings.keyring())
    try:
        if upgrade:
            await db.upgrade()
        yield db
    finally:
        await db.close()
