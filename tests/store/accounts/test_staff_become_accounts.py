"""The migration that makes accounts of the staff of earlier versions, and the way back."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import store
from privacy import KeyRing, hash_password
from store import Database, StoreError, StoreSettings
from vocabulary import STAFF_ROLES, Role

PASSWORD = "correct horse"


def migrate(settings: StoreSettings, keyring: KeyRing, revision: str, *, back: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    settings.home.mkdir(exist_ok=True)
    engine = create_engine(f"sqlite:///{settings.home / 'attune.db'}")
    with engine.begin() as connection:
        config.attributes.update(connection=connection, keyring=keyring)
        (command.downgrade if back else command.upgrade)(config, revision)
    engine.dispose()


def earlier_version(settings: StoreSettings, keyring: KeyRing) -> None:
    """A database of the version before, with an admin, an agent, and a signed-in browser."""
    migrate(settings, keyring, "0008")
    with sqlite3.connect(settings.home / "attune.db") as connection:
        for staff_id, email, name, role in (
            ("s_ada", "ada@localhost", "Ada Park", "admin"),
            ("s_kim", "kim@example.org", "Kim Lee", "agent"),
        ):
            connection.execute(
                "INSERT INTO staff VALUES (?, ?, ?, ?, ?, '2025-01-02 03:04:05')",
                (staff_id, email, name, role, hash_password(PASSWORD)),
            )
        connection.execute("INSERT INTO staff_sessions VALUES ('hash', 's_ada', '2030-01-01 00:00:00')")


async def test_staff_sign_in_as_before_with_the_same_ids(settings: StoreSettings, keyring: KeyRing) -> None:
    await asyncio.to_thread(earlier_version, settings, keyring)
    db = Database(settings, keyring)
    await db.upgrade()
    async with db.reading() as tx:
        ada, kim = await tx.accounts.list(roles=STAFF_ROLES)
        assert (ada.id, ada.name, ada.email, ada.role) == ("s_ada", "Ada Park", "ada@localhost", Role.ADMIN)
        assert (kim.id, kim.role, kim.email_verified, kim.created_at.year) == ("s_kim", Role.AGENT, True, 2025)
        assert await tx.accounts.verify_password("Kim@example.org", PASSWORD) == kim
    await db.close()
    content = b"".join(path.read_bytes() for path in settings.home.glob("attune.db*"))
    assert b"Kim Lee" not in content
    assert b"kim@example.org" not in content


async def test_the_way_back_has_agents_and_admins_and_forward_again_loses_nobody(
    settings: StoreSettings, keyring: KeyRing
) -> None:
    await asyncio.to_thread(earlier_version, settings, keyring)
    db = Database(settings, keyring)
    await db.upgrade()
    async with db.transaction() as tx:
        await tx.accounts.create(Role.AUDITOR, name="Ute", email="ute@example.org", password_hash="$argon2id$")
        await tx.sessions.open("s_kim")
    await db.close()
    await asyncio.to_thread(migrate, settings, keyring, "0008", back=True)
    with sqlite3.connect(settings.home / "attune.db") as connection:
        staff = connection.execute("SELECT id, email, name, role FROM staff ORDER BY id").fetchall()
    assert staff == [("s_ada", "ada@localhost", "Ada Park", "admin"), ("s_kim", "kim@example.org", "Kim Lee", "agent")]
    db = Database(settings, keyring)
    await db.upgrade()
    async with db.reading() as tx:
        assert {one.name for one in await tx.accounts.list()} == {"Ada Park", "Kim Lee", "Ute"}
    await db.close()


async def test_with_another_key_file_nothing_is_changed(
    settings: StoreSettings, keyring: KeyRing, tmp_path: Path
) -> None:
    await asyncio.to_thread(earlier_version, settings, keyring)
    with sqlite3.connect(settings.home / "attune.db") as connection:
        connection.execute("INSERT INTO customers (id, created_at) VALUES ('p_1', '2025-01-02 03:04:05')")
        connection.execute(
            "INSERT INTO conversations (id, customer_id, channel, owner, last_seq, created_at) "
            "VALUES ('c_1', 'p_1', 'web', 'bot', 1, '2025-01-02 03:04:05')"
        )
        connection.execute(
            "INSERT INTO messages (conversation_id, seq, id, author, sealed, attempts, created_at) "
            "VALUES ('c_1', 1, 'm_1', 'customer', ?, 0, '2025-01-02 03:04:05')",
            (keyring.encrypt(b"{}", purpose="message"),),
        )
    db = Database(settings, KeyRing.load_or_create(tmp_path / "other.json"))
    with pytest.raises(StoreError) as refused:
        await db.upgrade()
    assert refused.value.code == "key_mismatch"
    await db.close()
    with sqlite3.connect(settings.home / "attune.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM staff").fetchone() == (2,)
