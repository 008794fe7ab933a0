"""Nobody is there before somebody is made."""

from pathlib import Path

from privacy import KeyRing
from store import Database, StoreSettings
from vocabulary import Role


async def test_an_installation_begins_without_accounts(tmp_path: Path) -> None:
    settings = StoreSettings(home=tmp_path)
    db = Database(settings, KeyRing.load_or_create(settings.key_file))
    await db.upgrade()
    async with db.reading() as tx:
        assert list(await tx.accounts.list(roles=tuple(Role))) == []
    await db.close()
