"""Staff accounts and sign-ins."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from store import AlreadyExists, Database, NotFound, StoreError, StoreSettings
from vocabulary import Role


async def test_password_opens_the_account_whatever_the_case_of_the_address(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.staff.create(" Ana@Example.org ", "Ana", Role.ADMIN, "correct horse")
        assert await tx.staff.verify("ana@example.ORG", "correct horse") == made
        assert await tx.staff.verify("ana@example.org", "wrong horse") is None
        assert await tx.staff.verify("bob@example.org", "correct horse") is None
        assert await tx.staff.get(made.id) == made
        assert list(await tx.staff.list()) == [made]


async def test_unknown_address_costs_a_hash_as_well(db: Database) -> None:
    async with db.reading() as tx:
        with patch("store.staff._matches", return_value=True) as matches:
            assert await tx.staff.verify("nobody@example.org", "any password") is None
    assert matches.call_args.args[0].startswith("$argon2id$")


async def test_password_is_stored_hashed(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        await tx.staff.create("ana@example.org", "Ana", Role.AGENT, "correct horse")
    content = b"".join(path.read_bytes() for path in settings.home.glob("attune.db*"))
    assert b"$argon2id$" in content
    assert b"correct horse" not in content


async def test_bad_accounts_are_refused(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.staff.create("ana@example.org", "Ana", Role.AGENT, "correct horse")
        with pytest.raises(AlreadyExists):
            await tx.staff.create("ANA@example.org", "Ana", Role.AGENT, "correct horse")
        with pytest.raises(StoreError, match="8 to 1024") as short:
            await tx.staff.create("bob@example.org", "Bob", Role.AGENT, "short")
        with pytest.raises(StoreError) as long:
            await tx.staff.create("bob@example.org", "Bob", Role.AGENT, "x" * 1025)
        with pytest.raises(StoreError) as address:
            await tx.staff.create("bob", "Bob", Role.AGENT, "correct horse")
        assert await tx.staff.verify("ana@example.org", "x" * 1_000_000) is None
        assert await tx.staff.verify("ana@example.org", "\ud800" * 10) is None
    assert short.value.code == long.value.code == "password_length"
    assert "short" not in str(short.value)
    assert address.value.code == "email_invalid"


async def test_session_holds_until_sign_out_or_twelve_hours(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.staff.create("ana@example.org", "Ana", Role.AGENT, "correct horse")
        token = await tx.staff.open_session(made.id)
        other = await tx.staff.open_session(made.id)
        assert await tx.staff.session(token) == made
        assert await tx.staff.session("guessed") is None
        await tx.staff.end_session(token)
        assert await tx.staff.session(token) is None
        with patch("store.staff.datetime") as clock:
            clock.now.return_value = datetime.now(UTC) + timedelta(hours=12, seconds=1)
            assert await tx.staff.session(other) is None
        assert await tx.staff.session(other) == made
        with pytest.raises(NotFound):
            await tx.staff.open_session("s_nobody")


async def test_new_password_ends_every_session(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.staff.create("ana@example.org", "Ana", Role.AGENT, "correct horse")
        token = await tx.staff.open_session(made.id)
        await tx.staff.set_password("ana@example.org", "battery staple")
        assert await tx.staff.session(token) is None
        assert await tx.staff.verify("ana@example.org", "correct horse") is None
        assert await tx.staff.verify("ana@example.org", "battery staple") == made
        with pytest.raises(NotFound):
            await tx.staff.set_password("bob@example.org", "battery staple")
