"""Keys of programs: shown once, expiring, revoked at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from store import Database, NotFound, StoreError


async def test_a_key_opens_until_it_is_revoked_and_is_stored_as_a_hash_only(db: Database) -> None:
    async with db.transaction() as tx:
        key, secret = await tx.program_keys.create("  stock \n export ")
        other, _ = await tx.program_keys.create("other")
    assert secret.startswith("apk_") and key.name == "stock export" and key.actor == f"program:{key.id}"
    async with db.transaction() as tx:
        assert await tx.program_keys.of_secret(secret) == key
        assert await tx.program_keys.all() == [key, other]
        dump = (await tx._session.execute(text("SELECT * FROM program_keys"))).all()
        assert secret not in str(dump) and secret[4:] not in str(dump)
        await tx.program_keys.used(key)
        seen = await tx.program_keys.of_secret(secret)
        assert seen is not None and seen.used_at is not None
        assert await tx.program_keys.revoke(key.id) == seen
        assert await tx.program_keys.of_secret(secret) is None
        with pytest.raises(NotFound):
            await tx.program_keys.revoke(key.id)


async def test_an_expired_key_opens_nothing(db: Database) -> None:
    async with db.transaction() as tx:
        key, secret = await tx.program_keys.create("nightly", timedelta(seconds=30))
        assert key.expires_at is not None and key.expires_at > datetime.now(UTC)
        assert await tx.program_keys.of_secret(secret) is not None
        await tx._session.execute(text("UPDATE program_keys SET expires_at = '2020-01-01 00:00:00.000000'"))
        tx._session.expire_all()
        assert await tx.program_keys.of_secret(secret) is None


@pytest.mark.parametrize(
    "secret", ["", "apk_", "apk_" + "x" * 43, "x" * 47, "apk_" + "ä" * 43, "apk_\0", "\ud800" * 47]
)
async def test_what_is_no_key_opens_nothing(db: Database, secret: str) -> None:
    async with db.transaction() as tx:
        await tx.program_keys.create("a program")
        assert await tx.program_keys.of_secret(secret) is None


@pytest.mark.parametrize(
    ("name", "valid_for"),
    [("", None), ("  ", None), ("x" * 101, None), ("a\x00b", None), ("a", timedelta(0)), ("a", timedelta(days=9999))],
)
async def test_a_key_that_cannot_be_is_refused(db: Database, name: str, valid_for: timedelta | None) -> None:
    with pytest.raises(StoreError, match="expected"):
        async with db.transaction() as tx:
            await tx.program_keys.create(name, valid_for)
