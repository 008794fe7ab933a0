"""Accounts: made, found, changed, deleted; and nothing of a person is readable in the file."""

import sqlite3
from unittest.mock import patch

import pytest

from privacy import DecryptionError, hash_password
from store import AlreadyExists, Database, NotFound, StoreError, StoreSettings
from vocabulary import STAFF_ROLES, Role

PASSWORD = "correct horse"
HASH = hash_password(PASSWORD)


async def test_password_opens_the_account_whatever_the_case_of_the_address(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.accounts.create(Role.ADMIN, name="Ana", email=" Ana@Example.org ", password_hash=HASH)
    async with db.reading() as tx:
        assert await tx.accounts.verify_password("ana@example.ORG", PASSWORD) == made
        assert await tx.accounts.verify_password("ana@example.org", "wrong horse") is None
        assert await tx.accounts.verify_password("bob@example.org", PASSWORD) is None
        assert await tx.accounts.verify_password("ana@example.org", "x" * 1_000_000) is None
        assert await tx.accounts.verify_password("\ud800@example.org", "\ud800" * 10) is None
        assert await tx.accounts.password_is(made.id, PASSWORD)
        assert not await tx.accounts.password_is("a_nobody", PASSWORD)
        assert await tx.accounts.get(made.id) == await tx.accounts.by_email("ANA@example.org") == made
        assert list(await tx.accounts.list()) == [made]
    assert (made.email, made.customer_id, made.has_password, made.email_verified) == (
        "ana@example.org",
        None,
        True,
        False,
    )


async def test_unknown_and_passwordless_accounts_cost_a_hash_as_well(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.accounts.create(Role.CUSTOMER, name="Bo", email="bo@example.org")
    for email in ("nobody@example.org", "bo@example.org", "no address"):
        async with db.reading() as tx:
            with patch("store.accounts.people.password_matches") as matches:
                matches.return_value = False
                assert await tx.accounts.verify_password(email, "any password") is None
        assert matches.call_args.args == (None, "any password")


async def test_customers_have_a_pseudonym_and_staff_have_none(db: Database) -> None:
    async with db.transaction() as tx:
        customer = await tx.accounts.create(Role.CUSTOMER, name="Bo", phone="+4915112345678", phone_verified=True)
        staff = [await tx.accounts.create(role, name=role.value) for role in STAFF_ROLES]
    assert customer.customer_id is not None
    assert all(one.customer_id is None for one in staff)
    async with db.reading() as tx:
        assert await tx.accounts.of_customer(customer.customer_id) == customer
        assert await tx.accounts.by_phone("+4915112345678") == customer
        guest = await tx.conversations.create()
        assert await tx.accounts.of_customer(guest.customer_id) is None
        assert await tx.accounts.of_customer("p_nobody") is None


async def test_nothing_of_a_person_is_readable_in_the_file(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        made = await tx.accounts.create(
            Role.CUSTOMER,
            name="Wilhelmina Quist",
            email="quist@example.org",
            phone="+4915112345678",
            language="de",
            birth_year=1987,
            password_hash=HASH,
        )
        await tx.sessions.open(made.id, "Firefox on Haiku")
    content = b"".join(path.read_bytes() for path in settings.home.glob("attune.db*"))
    assert b"$argon2id$" in content
    for word in (b"Quist", b"quist", b"4915112345678", b"Haiku", PASSWORD.encode(), b"1987"):
        assert word not in content, word


async def test_neither_side_names_the_other(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        made = await tx.accounts.create(Role.CUSTOMER, name="Ana", email="ana@example.org")
    with sqlite3.connect(settings.home / "attune.db") as connection:
        account = connection.execute("SELECT * FROM accounts").fetchone()
        customer = connection.execute("SELECT * FROM customers").fetchone()
    assert made.customer_id in customer
    assert made.customer_id not in str(account)
    assert made.id not in str(customer)
    # Equal times would join the tables as well as an id does.
    assert not {text for text in account if text and "-" in str(text)} & set(customer)


@pytest.mark.parametrize(
    "email", ["bob", "@example.org", "bob@", "a b@example.org", "bob@x@y", "b" * 250 + "@example.org", "a\n@b", ""]
)
async def test_bad_addresses_are_refused(db: Database, email: str) -> None:
    async with db.transaction() as tx:
        with pytest.raises(StoreError) as refused:
            await tx.accounts.create(Role.AGENT, name="Bob", email=email)
    assert refused.value.code == "email_invalid"


async def test_an_address_and_a_number_have_one_account(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.accounts.create(Role.CUSTOMER, name="Ana", email="ana@example.org")
        bo = await tx.accounts.create(Role.CUSTOMER, name="Bo", phone="+4915112345678")
        with pytest.raises(AlreadyExists) as refused:
            await tx.accounts.create(Role.AGENT, name="Ana", email="ANA@example.org")
        assert "ana" not in str(refused.value)
        with pytest.raises(AlreadyExists):
            await tx.accounts.create(Role.CUSTOMER, name="Bo", phone="+4915112345678")
        with pytest.raises(AlreadyExists):
            await tx.accounts.change_email(bo.id, "ana@example.org", verified=True)
        with pytest.raises(StoreError, match="121 characters"):
            await tx.accounts.create(Role.CUSTOMER, name="x" * 121)


async def test_details_change_and_the_rest_stays(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.accounts.create(Role.CUSTOMER, name="Ana", email="ana@example.org", language="en")
        await tx.accounts.set_notification_settings(made.id, {"mail": {"follow_up": False}})
        changed = await tx.accounts.change_details(made.id, name="Anna", birth_year=1990)
        assert (changed.name, changed.birth_year, changed.language) == ("Anna", 1990, "en")
        changed = await tx.accounts.change_email(made.id, "Anna@example.org", verified=True)
        changed = await tx.accounts.change_phone(made.id, "+4915112345678", verified=True)
        assert await tx.accounts.by_email("anna@example.org") == changed
        assert await tx.accounts.by_email("ana@example.org") is None
        assert (changed.email_verified, changed.phone_verified, changed.customer_id) == (True, True, made.customer_id)
        changed = await tx.accounts.change_phone(made.id, None, verified=False)
        assert (changed.phone, changed.phone_verified) == (None, False)
        assert await tx.accounts.notification_settings(made.id) == {"mail": {"follow_up": False}}
        with pytest.raises(NotFound):
            await tx.accounts.change_details("a_nobody", name="x")


async def test_staff_change_roles_among_themselves_only_and_sign_in_anew(db: Database) -> None:
    async with db.transaction() as tx:
        agent = await tx.accounts.create(Role.AGENT, name="Kim")
        customer = await tx.accounts.create(Role.CUSTOMER, name="Bo")
        token = await tx.sessions.open(agent.id)
        assert (await tx.accounts.set_role(agent.id, Role.AGENT)).role is Role.AGENT
        assert await tx.sessions.of_token(token) is not None
        assert (await tx.accounts.set_role(agent.id, Role.ADMIN)).role is Role.ADMIN
        assert await tx.sessions.of_token(token) is None
        for account, role in ((agent, Role.CUSTOMER), (customer, Role.AUDITOR)):
            with pytest.raises(StoreError) as refused:
                await tx.accounts.set_role(account.id, role)
            assert refused.value.code == "role_change"


async def test_a_disabled_account_is_closed_at_once(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.accounts.create(Role.AGENT, name="Kim", email="kim@example.org", password_hash=HASH)
        token = await tx.sessions.open(made.id)
        assert (await tx.accounts.disable(made.id)).disabled
        assert await tx.sessions.of_token(token) is None
        with pytest.raises(NotFound):
            await tx.sessions.open(made.id)
        assert await tx.accounts.verify_password("kim@example.org", PASSWORD) is None
        assert not (await tx.accounts.enable(made.id)).disabled
        assert await tx.accounts.verify_password("kim@example.org", PASSWORD) is not None


async def test_search_finds_by_name_address_number_and_role(db: Database) -> None:
    async with db.transaction() as tx:
        kim = await tx.accounts.create(Role.AGENT, name="Kim Lee", email="kim@example.org")
        bo = await tx.accounts.create(Role.CUSTOMER, name="bo Berg", phone="+4915112345678")
        await tx.second_factor.start(kim.id)
    async with db.reading() as tx:
        assert [one.id for one in await tx.accounts.list()] == [bo.id, kim.id]
        assert [one.id for one in await tx.accounts.list(roles=STAFF_ROLES)] == [kim.id]
        for text, found in (("KIM", [kim.id]), ("example", [kim.id]), ("15112", [bo.id]), (bo.id, [bo.id]), ("ö", [])):
            assert [one.id for one in await tx.accounts.list(text=text)] == found
        assert len(await tx.accounts.list(limit=1)) == 1


async def test_deleting_takes_everything_that_hangs_on_it_and_the_key(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        made = await tx.accounts.create(Role.CUSTOMER, name="Ana", email="ana@example.org", password_hash=HASH)
        token = await tx.sessions.open(made.id)
        await tx.social.link("shop", "subject", made.id)
        await tx.second_factor.start(made.id)
        sealed = (await tx.vault.sealer(made.id)).seal("still here", "test")
        assert await tx.accounts.delete(made.id)
        assert not await tx.accounts.delete(made.id)
    async with db.reading() as tx:
        assert await tx.sessions.of_token(token) is None
        assert await tx.accounts.by_email("ana@example.org") is None
        assert made.customer_id is not None
        assert await tx.accounts.of_customer(made.customer_id) is None
        assert await tx.social.account_of("shop", "subject") is None
        with pytest.raises(DecryptionError):
            (await tx.vault.opener([sealed])).open(sealed, "test")
