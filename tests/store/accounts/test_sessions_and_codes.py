"""Sessions, codes that work once, second factors, and logins of providers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pyotp
import pytest

from store import SESSION_LENGTHS, Account, AlreadyExists, CodeKind, Database, NotFound, StoreError, StoreSettings
from vocabulary import Role

HOUR = timedelta(hours=1)


@pytest.fixture
async def ana(db: Database) -> Account:
    async with db.transaction() as tx:
        return await tx.accounts.create(Role.CUSTOMER, name="Ana", email="ana@example.org")


@contextmanager
def later(by: timedelta, *modules: str) -> Iterator[None]:
    moved = datetime.now(UTC) + by
    with patch(f"store.accounts.{modules[0]}.datetime") as clock:
        clock.now.return_value = moved
        yield


async def test_session_holds_until_sign_out_or_its_end(db: Database, ana: Account) -> None:
    async with db.transaction() as tx:
        kim = await tx.accounts.create(Role.AGENT, name="Kim")
        tokens = {who.role: await tx.sessions.open(who.id, "Firefox") for who in (ana, kim)}
        other = await tx.sessions.open(ana.id, "Safari")
        with pytest.raises(NotFound):
            await tx.sessions.open("a_nobody")
    async with db.transaction() as tx:
        for role, token in tokens.items():
            found = await tx.sessions.of_token(token)
            assert found is not None
            assert (found.account.role, found.second_factor) == (role, False)
            with later(SESSION_LENGTHS[role] - timedelta(seconds=5), "sessions"):
                assert await tx.sessions.of_token(token) is not None
            with later(SESSION_LENGTHS[role] + timedelta(seconds=5), "sessions"):
                assert await tx.sessions.of_token(token) is None
        for guess in ("", "guessed", "\ud800", "x" * 100_000):
            assert await tx.sessions.of_token(guess) is None
        assert await tx.sessions.end_token(other) is not None
        assert await tx.sessions.end_token(other) is None
        assert await tx.sessions.of_token(other) is None


async def test_sessions_are_listed_and_ended_by_their_owner_only(db: Database, ana: Account) -> None:
    async with db.transaction() as tx:
        bo = await tx.accounts.create(Role.CUSTOMER, name="Bo")
        token = await tx.sessions.open(ana.id, "Firefox", second_factor=True)
        await tx.sessions.open(ana.id, "Safari " * 100)
        signed_in = await tx.sessions.of_token(token)
        assert signed_in is not None
        assert signed_in.second_factor
        assert {one.device[:7] for one in await tx.sessions.list(ana.id)} == {"Firefox", "Safari "}
        assert not await tx.sessions.end(signed_in.session_id, account_id=bo.id)
        assert await tx.sessions.end(signed_in.session_id, account_id=ana.id)
        assert await tx.sessions.of_token(token) is None
        (other,) = await tx.sessions.list(ana.id)
        assert await tx.sessions.end_all(ana.id) == [other.id]
        assert await tx.sessions.list(ana.id) == []


async def test_a_new_password_ends_every_session(db: Database, ana: Account) -> None:
    async with db.transaction() as tx:
        token = await tx.sessions.open(ana.id)
        await tx.accounts.set_password(ana.id, "$argon2id$")
        assert await tx.sessions.of_token(token) is None


async def test_a_link_works_once_for_its_kind_until_its_end(db: Database) -> None:
    async with db.transaction() as tx:
        token = await tx.codes.make_link(CodeKind.VERIFY_EMAIL, "ana@example.org", HOUR, leads_to={"name": "Ana"})
        for wrong in ("", "~", token[:-1], token.replace("~", ""), f"v_nobody~{token}", "\ud800~x", token + "x"):
            assert await tx.codes.of_link(wrong, CodeKind.VERIFY_EMAIL) is None
        assert await tx.codes.of_link(token, CodeKind.RESET_PASSWORD) is None
        with later(HOUR, "codes"):
            assert await tx.codes.of_link(token, CodeKind.VERIFY_EMAIL) is None
        taken = await tx.codes.of_link(token, CodeKind.VERIFY_EMAIL, CodeKind.CHANGE_EMAIL)
        assert taken is not None
        assert (taken.leads_to, taken.account_id) == ({"name": "Ana"}, None)
        assert await tx.codes.consume(taken)
        assert not await tx.codes.consume(taken)
        assert await tx.codes.of_link(token, CodeKind.VERIFY_EMAIL) is None


async def test_using_one_link_ends_the_others_for_the_same_address(db: Database) -> None:
    async with db.transaction() as tx:
        first, second = [await tx.codes.make_link(CodeKind.RESET_PASSWORD, "ana@example.org", HOUR) for _ in "ab"]
        other = await tx.codes.make_link(CodeKind.RESET_PASSWORD, "bo@example.org", HOUR)
        assert await tx.codes.made_since(CodeKind.RESET_PASSWORD, "ANA@example.org", datetime.now(UTC) - HOUR) == 2
        taken = await tx.codes.of_link(second, CodeKind.RESET_PASSWORD)
        assert taken is not None
        await tx.codes.consume(taken)
        assert await tx.codes.of_link(first, CodeKind.RESET_PASSWORD) is None
        assert await tx.codes.of_link(other, CodeKind.RESET_PASSWORD) is not None


async def test_six_digits_die_after_five_wrong_tries_and_when_new_ones_are_made(db: Database) -> None:
    phone, kind = "+4915112345678", CodeKind.SIGN_IN_PHONE
    async with db.transaction() as tx:
        old = await tx.codes.make_digits(kind, phone, HOUR)
        new = await tx.codes.make_digits(kind, phone, HOUR)
        wrong = f"{(int(new) + 1) % 10**6:06d}"
        assert await tx.codes.of_digits(kind, phone, old) is None or old == new
        for _ in range(3):
            assert await tx.codes.of_digits(kind, phone, wrong) is None
        assert await tx.codes.of_digits(kind, "+4915112345679", new) is None
        assert await tx.codes.of_digits(kind, phone, new) is not None
        assert await tx.codes.of_digits(kind, phone, "") is None
        assert await tx.codes.of_digits(kind, phone, new) is None


async def test_codes_and_secrets_are_not_readable_in_the_file(
    db: Database, settings: StoreSettings, ana: Account
) -> None:
    async with db.transaction() as tx:
        digits = await tx.codes.make_digits(CodeKind.SIGN_IN_PHONE, "+4915112345678", HOUR)
        link = await tx.codes.make_link(CodeKind.VERIFY_EMAIL, "zora@example.org", HOUR, leads_to={"name": "Zora"})
        secret = await tx.second_factor.start(ana.id)
        codes = await tx.second_factor.confirm(ana.id, pyotp.TOTP(secret).now())
        await tx.social.link("shop", "subject-of-zora", ana.id)
        assert codes is not None
    content = b"".join(path.read_bytes() for path in settings.home.glob("attune.db*"))
    for word in (link.partition("~")[2], secret, *codes, "zora", "Zora", "15112345678"):
        assert word.encode() not in content
    assert f"'{digits}'".encode() not in content


async def test_second_factor_counts_once_confirmed_and_each_code_opens_once(db: Database, ana: Account) -> None:
    async with db.transaction() as tx:
        with pytest.raises(StoreError) as refused:
            await tx.second_factor.confirm(ana.id, "123456")
        assert refused.value.code == "second_factor_not_started"
        secret = await tx.second_factor.start(ana.id)
        app = pyotp.TOTP(secret)
        now = datetime.now(UTC)
        assert not await tx.second_factor.check(ana.id, app.at(now))
        for wrong in ("", "12345", "1234567", "abcdef", "１２３４５６"):
            assert await tx.second_factor.confirm(ana.id, wrong) is None
        codes = await tx.second_factor.confirm(ana.id, app.at(now))
        assert codes is not None
        assert len(set(codes)) == 10
        account = await tx.accounts.get(ana.id)
        assert account is not None
        assert account.has_second_factor
        assert not await tx.second_factor.check(ana.id, app.at(now)), "the code that confirmed it"
        following = app.at(now + timedelta(seconds=30))
        assert await tx.second_factor.check(ana.id, f" {following[:3]} {following[3:]} ")
        assert not await tx.second_factor.check(ana.id, following)
        assert not await tx.second_factor.check(ana.id, app.at(now + timedelta(seconds=120)))
        assert await tx.second_factor.check(ana.id, codes[0].upper().replace("-", " "))
        assert not await tx.second_factor.check(ana.id, codes[0])
        with pytest.raises(StoreError) as refused:
            await tx.second_factor.start(ana.id)
        assert refused.value.code == "second_factor_exists"
        assert await tx.second_factor.remove(ana.id)
        assert not await tx.second_factor.remove(ana.id)
        assert not await tx.second_factor.check(ana.id, codes[1])


async def test_a_providers_login_opens_one_account(db: Database, ana: Account) -> None:
    async with db.transaction() as tx:
        bo = await tx.accounts.create(Role.CUSTOMER, name="Bo")
        await tx.social.link("shop", "Subject", ana.id)
        await tx.social.link("shop", "Subject", ana.id)
        await tx.social.link("shop", "subject", bo.id)
        with pytest.raises(AlreadyExists):
            await tx.social.link("shop", "Subject", bo.id)
        assert await tx.social.account_of("shop", "Subject") == ana.id
        assert await tx.social.account_of("other", "Subject") is None
        assert await tx.social.list(ana.id) == ["shop"]
        assert await tx.social.unlink("shop", ana.id)
        assert not await tx.social.unlink("shop", ana.id)
        assert await tx.social.account_of("shop", "Subject") is None
