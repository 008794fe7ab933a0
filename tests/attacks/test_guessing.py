"""Brute force, enumeration and fixation."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from privacy import new_token
from service.accounts.cookie import PLAIN_NAME
from service.notify import Senders
from tests.attacks.conftest import MARKER
from tests.attacks.people import PASSWORD, From, person, sign_in
from tests.service.talk import Talk, talking, until
from tests.service.test_notify import Collecting
from vocabulary import Role


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


@pytest.fixture
async def paced(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path) as started:
        yield started


async def test_guessing_a_password_is_locked_even_for_the_right_one(talk: Talk) -> None:
    await person(talk)
    async with From(talk, "192.0.2.66").client() as attacker:
        answers = [await sign_in(attacker, f"{MARKER}-{number}") for number in range(8)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 3
        assert (await sign_in(attacker)).status_code == 429
        assert int(answers[-1].headers["retry-after"]) > 60
    async with From(talk, "192.0.2.7").client() as owner:
        assert (await sign_in(owner)).status_code == 200


async def test_guesses_at_once_count_as_many(talk: Talk) -> None:
    await person(talk)
    async with From(talk, "192.0.2.66").client() as attacker:
        answers = await asyncio.gather(*(sign_in(attacker, f"{MARKER}-{number}") for number in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_guessing_from_many_addresses_slows_down_for_all_but_the_owner(talk: Talk) -> None:
    await person(talk)
    async with From(talk, "192.0.2.7").client() as owner:
        assert (await sign_in(owner)).status_code == 200
        statuses = []
        for number in range(12):
            async with From(talk, f"198.51.100.{number}").client() as attacker:
                statuses += [(await sign_in(attacker, f"{MARKER}-{try_}")).status_code for try_ in range(4)]
        assert statuses.count(401) <= 31 and statuses[-4:] == [429] * 4
        assert (await sign_in(owner)).status_code == 200


async def test_an_account_that_does_not_exist_is_locked_the_same(talk: Talk) -> None:
    await person(talk)
    bodies: list[list[Any]] = []
    for email in ("ana@example.org", "nobody@example.org"):
        async with From(talk, "192.0.2.66").client() as attacker:
            answers = [await sign_in(attacker, MARKER, email) for _ in range(7)]
        bodies.append([(answer.status_code, answer.json(), sorted(answer.headers)) for answer in answers])
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reset", {}),
        ("register", {"password": "a long new passphrase 77", "name": "Ana"}),
        ("login", {"password": "not this one at all"}),
    ],
)
async def test_no_answer_and_no_time_tells_who_has_an_account(paced: Talk, path: str, body: dict[str, str]) -> None:
    """The difference of medians, against the spread of one and the same address: no more than noise."""
    await person(paced)
    answers: dict[bool, set[tuple[int, str]]] = {True: set(), False: set()}
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(8):
        for known in (True, False):
            email = "ana@example.org" if known else f"nobody{number}@example.org"
            async with From(paced, f"198.51.100.{number}").client() as client:
                started = time.perf_counter()
                answer = await client.post(f"/api/account/{path}", json={"email": email, **body})
                times[known].append(time.perf_counter() - started)
            if answer.status_code != 429:
                answers[known].add((answer.status_code, answer.text))
    assert answers[True] == answers[False] and len(answers[True]) == 1
    quick = statistics.median(times[True][:5]), statistics.median(times[False][:5])
    assert abs(quick[0] - quick[1]) < 0.25 * max(quick)


async def test_a_telephone_number_tells_nothing_and_its_code_cannot_be_guessed(talk: Talk) -> None:
    async with talk.services.db.transaction() as tx:
        await tx.accounts.create(Role.CUSTOMER, name="Ana", phone="+441632960001", phone_verified=True)
    async with From(talk, "192.0.2.66").client() as attacker:
        seen = set()
        for phone in ("+441632960001", "+441632960002"):
            answer = await attacker.post("/api/account/phone/start", json={"phone": phone})
            seen.add((answer.status_code, answer.text))
        assert len(seen) == 1
        statuses = []
        for number in range(12):
            guess = {"phone": "+441632960001", "code": f"{number:06}"}
            statuses.append((await attacker.post("/api/account/phone/confirm", json=guess)).status_code)
    assert 200 not in statuses and statuses[-1] in (401, 422, 429)


async def test_a_conversation_s_token_cannot_be_guessed_and_tells_nothing(talk: Talk) -> None:
    customer = await talk.start()
    theirs, nobodys = customer.id, "c_" + "x" * 22
    answers = set()
    for conversation in (theirs, nobodys):
        for token in (new_token(), MARKER, customer.token[:-1], customer.token + "x", "", "\udcff"):
            headers = {"Authorization": f"Bearer {token}".encode("utf-8", "surrogateescape")}
            path = f"/api/conversations/{conversation}"
            answer = await talk.client.get(path, headers=headers)  # type: ignore[arg-type]
            answers.add((token == "", answer.status_code, answer.text))
    assert len(answers) == 2 and {status for _, status, _ in answers} <= {401, 404}
    assert (await customer.get()).status_code == 200


async def test_a_session_planted_before_the_sign_in_is_nobody_s_after_it(talk: Talk) -> None:
    await person(talk)
    planted = new_token()
    async with From(talk, "192.0.2.7").client() as victim:
        victim.cookies.set(PLAIN_NAME, planted, domain="attune.test")
        answer = await sign_in(victim)
        assert answer.status_code == 200
        given = answer.cookies[PLAIN_NAME]
    assert given != planted
    async with From(talk, "192.0.2.66").client() as attacker:
        attacker.cookies.set(PLAIN_NAME, planted, domain="attune.test")
        assert (await attacker.get("/api/account")).status_code == 401


async def test_an_attacker_s_own_session_given_to_a_victim_ends_when_the_victim_signs_in(talk: Talk) -> None:
    await person(talk)
    await person(talk, "eve@example.org")
    async with From(talk, "192.0.2.66").client() as attacker, From(talk, "192.0.2.7").client() as victim:
        token = (await sign_in(attacker, email="eve@example.org")).cookies[PLAIN_NAME]
        victim.cookies.set(PLAIN_NAME, token, domain="attune.test")
        assert (await sign_in(victim)).json()["email"] == "ana@example.org"
        assert (await attacker.get("/api/account")).status_code == 401


async def test_each_sign_in_has_a_token_of_its_own_and_signing_out_ends_it(talk: Talk) -> None:
    await person(talk)
    async with From(talk, "192.0.2.7").client() as first, From(talk, "192.0.2.8").client() as second:
        tokens = [(await sign_in(client)).cookies[PLAIN_NAME] for client in (first, second)]
        assert len(set(tokens)) == 2
        kept = first.cookies[PLAIN_NAME]
        assert (await first.post("/api/account/logout")).is_success
        first.cookies.set(PLAIN_NAME, kept, domain="attune.test")
        assert (await first.get("/api/account")).status_code == 401
        assert (await second.get("/api/account")).status_code == 200


async def test_a_new_password_ends_every_other_session(talk: Talk) -> None:
    await person(talk)
    async with From(talk, "192.0.2.7").client() as first, From(talk, "192.0.2.8").client() as second:
        await sign_in(first)
        await sign_in(second)
        change = {"current": PASSWORD, "new": "another passphrase with 9 words"}
        assert (await first.post("/api/account/password", json=change)).is_success
        assert (await second.get("/api/account")).status_code == 401


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(talk: Talk, tmp_path: Path) -> None:
    await person(talk)
    async with From(talk, "192.0.2.7").client() as client:
        cookie = (await sign_in(client)).headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "domain" not in cookie
    async with talking(tmp_path / "tls") as secure:
        await person(secure)
        transport = httpx.ASGITransport(secure.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://attune.test") as client:
            cookie = (await sign_in(client)).headers["set-cookie"]
    assert cookie.startswith("__Host-") and "; Secure" in cookie and "; Path=/" in cookie


async def test_reset_links_do_not_follow_the_host_header(talk: Talk) -> None:
    """The link in the mail leads to this installation, whatever the request said about itself."""
    await person(talk)
    mails = Collecting()
    talk.services.outbox._senders = Senders({"mail": mails})
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    async with From(talk, "192.0.2.66").client() as attacker:
        asked = {"email": "ana@example.org"}
        assert (await attacker.post("/api/account/reset", json=asked, headers=forged)).is_success
    await until(lambda: bool(mails.taken))
    (mail,) = mails.taken
    assert mail.address == "ana@example.org" and mail.link.startswith(f"{talk.services.settings.site}/account#")
    assert "evil" not in mail.text
