"""Signing in and out: guessing, fixation, cookies, and what a sign-out closes."""

import asyncio
import logging
import re
from unittest.mock import patch

import pytest

from service.accounts.device import device_of
from tests.service.accounts.people import PASSWORD, Place, code_of
from tests.service.served import served
from tests.service.test_socket import Socket, raw
from vocabulary import STAFF_ROLES, Role


async def test_the_cookie_is_closed_to_scripts_and_other_sites(place: Place) -> None:
    await place.account()
    answer = await place.browser().login()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("attune_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"} <= set(cookie.split("; "))
    over_tls = await place.browser(base_url="https://attune.test").login()
    cookie = over_tls.headers["set-cookie"]
    assert cookie.startswith("__Host-attune_session=")
    assert "Secure" in cookie.split("; ")
    assert "Domain" not in cookie


async def test_over_tls_a_cookie_that_others_could_have_set_does_not_count(place: Place) -> None:
    browser = await place.signed_in()
    assert browser.token is not None
    secure = place.browser(base_url="https://attune.test")
    secure.take(browser.token)
    assert code_of(await secure.get()) == (401, "not_signed_in")


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
async def test_staff_sign_in_by_the_same_door_for_twelve_hours(place: Place, role: Role) -> None:
    await place.account(role=role)
    answer = await place.browser().login()
    assert answer.json()["role"] == role
    assert "Max-Age=43200" in answer.headers["set-cookie"]


async def test_wrong_unknown_and_closed_cannot_be_told_apart(place: Place) -> None:
    await place.account()
    closed = await place.account("closed@example.org")
    async with place.talk.services.db.transaction() as tx:
        await tx.accounts.disable(closed.id)
        await tx.accounts.create(Role.CUSTOMER, name="", email="passwordless@example.org", email_verified=True)
    answers = [
        await place.browser(f"192.0.2.{number}").login(email, password)
        for number, (email, password) in enumerate(
            [
                ("ana@example.org", "wrong"),
                ("nobody@example.org", PASSWORD),
                ("closed@example.org", PASSWORD),
                ("passwordless@example.org", PASSWORD),
                ("no address", PASSWORD),
                ("ana@example.org' OR 1=1 --", PASSWORD),
            ]
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_five_wrong_tries_close_an_account_to_an_address_and_to_nobody_else(place: Place) -> None:
    await place.account()
    attacker, owner = place.browser("192.0.2.66"), place.browser("192.0.2.7")
    assert [(await attacker.login(password="wrong")).status_code for _ in range(6)] == [401] * 5 + [429]
    locked = await attacker.login()
    assert code_of(locked) == (429, "locked")
    assert 800 < int(locked.headers["retry-after"]) <= 900
    assert (await owner.login()).status_code == 200
    assert [(await attacker.login("nobody@example.org", "x")).status_code for _ in range(6)] == [401] * 5 + [429]


async def test_a_thousand_tries_at_once_count_as_a_thousand(place: Place) -> None:
    await place.account()
    attacker = place.browser("192.0.2.66")
    answers = await asyncio.gather(*(attacker.login(password=f"wrong {number}") for number in range(100)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) == 5
    assert statuses.count(429) == 95


async def test_a_try_that_could_not_be_judged_is_no_wrong_one(place: Place) -> None:
    await place.account()
    browser = place.browser()
    with patch("service.accounts.pace._MOST_WAITING", 0):
        for _ in range(8):
            assert code_of(await browser.login()) == (503, "busy")
    assert (await browser.login()).status_code == 200


async def test_many_addresses_together_get_slow_and_the_owners_own_does_not(place: Place) -> None:
    await place.account()
    home = place.browser("192.0.2.7")
    assert (await home.login()).status_code == 200
    tried = [(await place.browser(f"198.51.100.{number}").login(password="wrong")).status_code for number in range(40)]
    assert tried.count(401) == 30
    assert tried.count(429) == 10
    assert (await home.login()).status_code == 200


async def test_one_address_cannot_try_many_accounts(place: Place) -> None:
    place.talk.services.accounts.limit._burst = 10
    attacker = place.browser("192.0.2.66")
    answers = [await attacker.login(f"person{number}@example.org", "x") for number in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert code_of(answers[-1]) == (429, "too_many_requests")


async def test_every_sign_in_makes_a_new_token_and_ends_the_one_that_was_there(place: Place) -> None:
    await place.account()
    victim = place.browser()
    victim.take("a-token-that-somebody-else-has-planted")
    assert (await victim.login()).status_code == 200
    first = victim.token
    assert first not in (None, "a-token-that-somebody-else-has-planted")
    assert (await victim.login()).status_code == 200
    assert victim.token != first
    other = place.browser()
    assert first is not None
    other.take(first)
    assert code_of(await other.get()) == (401, "not_signed_in")


async def test_signing_out_clears_the_cookie_and_the_session(place: Place) -> None:
    browser = await place.signed_in()
    token = browser.token
    assert token is not None
    left = await browser.post("logout")
    assert left.json() == {"state": "signed_out"}
    assert browser.token is None
    browser.take(token)
    assert code_of(await browser.get()) == (401, "not_signed_in")
    assert (await place.browser().post("logout")).status_code == 200


async def test_signing_out_everywhere_reaches_every_browser(place: Place) -> None:
    first = await place.signed_in()
    second = place.browser(agent="Mozilla/5.0 (iPhone) Safari/605")
    await second.login()
    await first.post("logout-everywhere")
    for browser in (first, second):
        assert code_of(await browser.get()) == (401, "not_signed_in")


async def test_signing_out_closes_the_chat_at_once(place: Place) -> None:
    browser = await place.signed_in()
    started = (await browser.client.post("/api/conversations")).json()
    async with served(place.talk.app) as host:
        for leave in ("logout", "logout-everywhere", "sessions"):
            await browser.login()
            async with raw_with_cookie(host, started["conversation"], str(browser.token)) as socket:
                await socket.send({"type": "auth"})
                await socket.next("hello")
                if leave == "sessions":
                    current = (await browser.get("sessions")).json()["sessions"][0]["id"]
                    await browser.delete(f"sessions/{current}")
                else:
                    await browser.post(leave)
                assert await socket.closed_with() == 4401


async def test_a_session_that_another_process_ended_closes_the_chat_too(place: Place) -> None:
    browser = await place.signed_in()
    started = (await browser.client.post("/api/conversations")).json()
    async with (
        served(place.talk.app) as host,
        raw_with_cookie(host, started["conversation"], str(browser.token)) as socket,
    ):
        with patch("service.session_watch._LOOK_EVERY_S", 0.05):
            await socket.send({"type": "auth"})
            await socket.next("hello")
            async with place.talk.services.db.transaction() as tx:
                account = await tx.accounts.by_email("ana@example.org")
                assert account is not None
                await tx.sessions.end_all(account.id)
            assert await socket.closed_with() == 4401


async def test_a_guests_chat_stays_open_while_others_sign_out(place: Place) -> None:
    guest = await place.talk.start()
    browser = await place.signed_in()
    async with served(place.talk.app) as host, raw(host, guest.id) as socket:
        await socket.send({"type": "auth", "token": guest.token})
        await socket.next("hello")
        await browser.post("logout")
        await socket.send({"type": "ping"})
        assert (await socket.next("pong"))["type"] == "pong"


async def test_nothing_of_a_person_is_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    await place.account()
    with caplog.at_level(logging.DEBUG, logger="service"):
        await place.browser().login(password="wrong password 77")
        await place.browser().login()
    text = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "sign-in refused" in text
    for word in ("ana@", "example.org", PASSWORD, "wrong password 77", "Quist", "192.0.2"):
        assert word not in text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120", "Edge on Windows"),
        ("", "A browser"),
        ("x" * 100_000, "A browser"),
        ("<script>alert(1)</script>", "A browser"),
    ],
)
def test_a_browser_is_told_in_words_and_its_own_are_not_kept(agent: str, words: str) -> None:
    assert device_of(agent) == words
    assert re.fullmatch(r"[A-Za-z ]+", device_of(agent))


def raw_with_cookie(host: str, conversation_id: str, token: str):  # type: ignore[no-untyped-def]
    from contextlib import asynccontextmanager

    from websockets.asyncio.client import connect

    @asynccontextmanager
    async def opened():  # type: ignore[no-untyped-def]
        async with connect(
            f"ws://{host}/api/conversations/{conversation_id}/socket",
            additional_headers={"Cookie": f"attune_session={token}"},
            proxy=None,
        ) as connection:
            yield Socket(connection)

    return opened()
