"""Registering by e-mail, proving the address, and choosing a new password."""

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

import pytest

from tests.service.accounts.people import NEW_PASSWORD, PASSWORD, Place, code_of, place_in
from tests.service.mailbox import mail_server
from vocabulary import Role

ANA = {"email": "Ana@Example.org", "password": PASSWORD, "name": "Ana", "language": "en", "birth_year": 1987}


async def test_a_mails_link_makes_the_account_and_signs_in(place: Place) -> None:
    browser = place.browser()
    answer = await browser.post("register", **ANA)
    assert (answer.status_code, answer.json()) == (202, {"state": "check_mail"})
    assert code_of(await browser.login()) == (401, "wrong_credentials"), "there is no account before the link"
    made = await browser.post("verify", token=await place.letters.token("ana@example.org"))
    assert made.status_code == 200
    body = made.json()
    assert (body["email"], body["name"], body["language"], body["birth_year"]) == ("ana@example.org", "Ana", "en", 1987)
    assert body["email_verified"] and body["has_password"] and not body["has_second_factor"]
    assert (await browser.get()).json() == body
    assert (await place.browser().login("ana@example.org")).status_code == 200


async def test_through_a_real_mail_server(tmp_path: Path) -> None:
    with mail_server() as mailbox:
        settings = {"smtp_url": f"smtp+clear://127.0.0.1:{mailbox.port}", "mail_from": "Shop <shop@shop.example>"}
        async with place_in(tmp_path, **settings) as place:
            from service.notify.senders import mail_sender

            sender = mail_sender(place.talk.services.settings)
            assert sender is not None
            place.talk.services.outbox._senders._by_channel["mail"] = sender
            await place.browser().post("register", **ANA)
            deadline = time.monotonic() + 10
            while not mailbox.mails:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
    body = mailbox.mails[0].get_body()
    assert body is not None
    assert "/account#verify=" in body.get_content()
    assert "Ana" not in str(mailbox.mails[0]["Subject"])


async def test_the_link_works_once(place: Place) -> None:
    browser = place.browser()
    await browser.post("register", **ANA)
    token = await place.letters.token("ana@example.org")
    answers = await asyncio.gather(*(place.browser().post("verify", token=token, password=PASSWORD) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    assert code_of(await browser.post("verify", token=token)) == (422, "expired")


async def test_another_browser_needs_the_password_that_was_chosen(place: Place) -> None:
    """The owner of an address opens a link that a stranger asked for: the stranger gets no account that is theirs."""
    stranger, owner = place.browser("192.0.2.66"), place.browser("192.0.2.7")
    await stranger.post("register", **ANA)
    token = await place.letters.token("ana@example.org")
    assert code_of(await owner.post("verify", token=token)) == (401, "password_needed")
    owner.client.cookies.set("attune_registering", "guessed", path="/api/account/verify")
    for _ in range(5):
        assert code_of(await owner.post("verify", token=token, password="guessed")) == (401, "wrong_credentials")
    assert code_of(await owner.post("verify", token=token, password=PASSWORD)) == (429, "locked")
    assert (await place.browser("192.0.2.8").post("verify", token=token, password=PASSWORD)).status_code == 200


async def test_a_known_address_gets_the_same_answer_and_another_mail(place: Place) -> None:
    await place.account()
    browser = place.browser()
    answer = await browser.post("register", **{**ANA, "password": NEW_PASSWORD})
    assert (answer.status_code, answer.json()) == (202, {"state": "check_mail"})
    mail = await place.letters.next("ana@example.org")
    assert "verify" not in mail.link
    assert "already" in mail.subject
    assert (await browser.login()).status_code == 200, "the password is the one from before"


async def test_each_link_leads_to_what_was_given_with_it(place: Place) -> None:
    """Somebody else registers a stranger's address first: the stranger's own link has the stranger's own password."""
    await place.browser().post("register", **{**ANA, "password": "a wicked plan of somebody"})
    await place.letters.token("ana@example.org")
    owner = place.browser()
    await owner.post("register", **ANA)
    assert (await owner.post("verify", token=await place.letters.token("ana@example.org"))).status_code == 200
    assert (await place.browser().login()).status_code == 200
    assert code_of(await place.browser().login(password="a wicked plan of somebody")) == (401, "wrong_credentials")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "nobody"}, "email_invalid"),
        ({"email": "a@b@c"}, "email_invalid"),
        ({"email": "x" * 300 + "@example.org"}, "invalid_field"),
        ({"password": "password1"}, "weak_password"),
        ({"password": "Ana1987!"}, "weak_password"),
        ({"password": "short"}, "weak_password"),
        ({"password": "x" * 1025}, "invalid_field"),
        ({"name": "x" * 121}, "invalid_field"),
        ({"name": "Ana\nBcc: all"}, "invalid_field"),
        ({"language": "english"}, "invalid_field"),
        ({"birth_year": 1899}, "invalid_field"),
        ({"birth_year": 3000}, "invalid_field"),
        ({"birth_year": float("inf")}, "invalid_json"),
        ({"role": "admin"}, "invalid_field"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_reason(place: Place, changes: dict[str, Any], code: str) -> None:
    import json

    content = json.dumps({**ANA, **changes})
    answer = await place.browser().client.post(
        "/api/account/register", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"] in (code, "invalid_field")
    assert PASSWORD not in answer.text
    assert not place.letters.taken


async def test_the_sixth_mail_within_an_hour_is_refused_for_known_and_unknown_alike(place: Place) -> None:
    await place.account("known@example.org")
    for kind, body in (("register", {"password": PASSWORD}), ("reset", {})):
        for email in ("known@example.org", "unknown@example.org"):
            answers = [(await place.browser().post(kind, email=email, **body)).status_code for _ in range(6)]
            assert answers == [202] * 5 + [429], (kind, email)


async def test_answers_take_as_long_for_known_as_for_unknown_addresses(tmp_path: Path) -> None:
    async with place_in(tmp_path, account_answer_s=0.15, sign_in_attempts=100) as place:
        await place.account("known@example.org")
        browser = place.browser()

        async def seconds(path: str, **body: Any) -> float:
            started = time.perf_counter()
            await browser.post(path, **body)
            return time.perf_counter() - started

        for path, more in (
            ("login", {"password": "not the right one"}),
            ("reset", {}),
            ("register", {"password": PASSWORD}),
        ):
            medians = [
                statistics.median([await seconds(path, email=email, **more) for _ in range(5)])
                for email in ("known@example.org", "unknown@example.org")
            ]
            assert min(medians) >= 0.15
            assert abs(medians[0] - medians[1]) < 0.05, (path, medians)


async def test_a_lost_password_is_replaced_by_mail_and_every_session_ends(place: Place) -> None:
    browser = await place.signed_in()
    asked = await place.browser().post("reset", email="ANA@example.org")
    assert (asked.status_code, asked.json()) == (202, {"state": "check_mail"})
    token = await place.letters.token("ana@example.org")
    weak = await browser.post("reset/confirm", token=token, password="ana ana ana")
    assert code_of(weak) == (422, "weak_password")
    done = await browser.post("reset/confirm", token=token, password=NEW_PASSWORD)
    assert (done.status_code, done.json()) == (200, {"state": "changed"})
    assert code_of(await browser.get()) == (401, "not_signed_in")
    assert code_of(await browser.post("reset/confirm", token=token, password=NEW_PASSWORD)) == (422, "expired")
    assert code_of(await browser.login()) == (401, "wrong_credentials")
    assert (await browser.login(password=NEW_PASSWORD)).status_code == 200
    assert "replaced" in (await place.letters.next("ana@example.org")).text


async def test_nobody_else_is_written_to(place: Place) -> None:
    assert (await place.browser().post("reset", email="nobody@example.org")).status_code == 202
    account = await place.account("closed@example.org", Role.AGENT)
    async with place.talk.services.db.transaction() as tx:
        await tx.accounts.disable(account.id)
    assert (await place.browser().post("reset", email="closed@example.org")).status_code == 202
    await asyncio.sleep(0.2)
    assert not place.letters.taken


async def test_a_reset_opens_an_account_that_was_closed_by_wrong_tries(place: Place) -> None:
    await place.account()
    browser = place.browser()
    for _ in range(5):
        await browser.login(password="wrong")
    assert code_of(await browser.login()) == (429, "locked")
    await browser.post("reset", email="ana@example.org")
    await browser.post("reset/confirm", token=await place.letters.token("ana@example.org"), password=NEW_PASSWORD)
    assert (await browser.login(password=NEW_PASSWORD)).status_code == 200


async def test_a_reset_does_not_go_around_the_second_factor(place: Place) -> None:
    account = await place.account()
    async with place.talk.services.db.transaction() as tx:
        import pyotp

        secret = await tx.second_factor.start(account.id)
        await tx.second_factor.confirm(account.id, pyotp.TOTP(secret).now())
    browser = place.browser()
    await browser.post("reset", email="ana@example.org")
    await browser.post("reset/confirm", token=await place.letters.token("ana@example.org"), password=NEW_PASSWORD)
    assert browser.token is None
    assert code_of(await browser.login(password=NEW_PASSWORD)) == (401, "second_factor")


async def test_links_in_a_mailbox_die_with_the_password_and_with_the_address(place: Place) -> None:
    browser = await place.signed_in()
    await browser.post("reset", email="ana@example.org")
    first = await place.letters.token("ana@example.org")
    assert (await browser.post("password", current=PASSWORD, new=NEW_PASSWORD)).status_code == 200
    # Whoever reads the old mailbox opens the account no more.
    assert code_of(await browser.post("reset/confirm", token=first, password=PASSWORD)) == (422, "expired")
    await browser.post("reset", email="ana@example.org")
    second = ""
    while "#reset=" not in second:
        second = (await place.letters.next("ana@example.org")).link
    await browser.post("email", email="new@example.org", password=NEW_PASSWORD)
    moved = await place.letters.token("new@example.org")
    assert (await browser.post("verify", token=moved)).status_code == 200
    token = second.partition("#reset=")[2]
    assert code_of(await browser.post("reset/confirm", token=token, password=PASSWORD)) == (422, "expired")
    async with place.talk.services.db.reading() as tx:
        acts = [entry.act for entry in await tx.audit.entries(act="account.")]
    assert acts == ["account.email", "account.password"]
