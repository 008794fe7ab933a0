"""A person chooses what they are told, and which browsers take it."""

import pytest

from service.notify.push import VapidKey
from tests.service.me import Me, signed_in
from tests.service.push_service import Browser
from tests.service.talk import Customer, Talk

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
NOTHING = {"answer_waiting": False, "data_request": False, "follow_up": False}


@pytest.fixture
async def me(talk: Talk) -> Me:
    return await signed_in(talk)


async def test_choices_are_kept_for_the_account_and_sealed(talk: Talk, me: Me) -> None:
    first = (await me.call("GET", "notifications")).json()
    assert first["mail"] == first["push"] == {"answer_waiting": True, "data_request": True, "follow_up": False}
    assert first["push_key"] == VapidKey(talk.services.secrets.session_secret).public and not first["mail_address"]
    chosen = {"mail": NOTHING, "push": {**NOTHING, "follow_up": True}}
    answer = await me.call("PUT", "notifications", chosen)
    assert answer.status_code == 200
    again = (await me.call("GET", "notifications")).json()
    assert again == answer.json() and {name: again[name] for name in chosen} == chosen
    other = await signed_in(talk, "bob@example.org")
    assert (await other.call("GET", "notifications")).json()["mail"] == first["mail"]


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"mail": NOTHING},
        {"mail": NOTHING, "push": {**NOTHING, "account": False}},
        {"mail": NOTHING, "push": {"answer_waiting": "often", "data_request": False, "follow_up": False}},
        {"mail": [], "push": None},
    ],
)
async def test_choices_of_another_shape_are_refused(me: Me, choices: object) -> None:
    assert (await me.call("PUT", "notifications", choices)).status_code == 422


async def test_a_browser_is_added_once_and_removed(talk: Talk, me: Me) -> None:
    browser = {"endpoint": ENDPOINT, "keys": Browser("phone").keys, "expirationTime": None}
    for _ in range(2):
        assert (await me.call("POST", "push", browser)).status_code == 204
    async with talk.services.db.reading() as tx:
        assert [one.endpoint for one in await tx.push.of_account(me.account_id)] == [ENDPOINT]
    other = await signed_in(talk, "bob@example.org")
    assert (await other.call("DELETE", "push", {"endpoint": ENDPOINT})).status_code == 204
    async with talk.services.db.reading() as tx:
        assert len(await tx.push.of_account(me.account_id)) == 1
    for _ in range(2):
        assert (await me.call("DELETE", "push", {"endpoint": ENDPOINT})).status_code == 204
    async with talk.services.db.reading() as tx:
        assert await tx.push.of_account(me.account_id) == []


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:8000/api", "https://169.254.169.254/latest", "https://evil.example/x", "", "x" * 2001],
)
async def test_this_server_is_sent_nowhere_but_to_push_services(me: Me, endpoint: str) -> None:
    answer = await me.call("POST", "push", {"endpoint": endpoint, "keys": Browser("phone").keys})
    assert answer.status_code == 422


async def test_keys_of_another_shape_are_refused(me: Me) -> None:
    for keys in (
        {"p256dh": "AAAA", "auth": "AAAA"},
        {"p256dh": "B" * 87, "auth": "A" * 22},
        {"p256dh": "é", "auth": ""},
    ):
        assert (await me.call("POST", "push", {"endpoint": ENDPOINT, "keys": keys})).status_code == 422


async def test_guests_have_no_notifications(talk: Talk, customer: Customer) -> None:
    for headers in ({}, customer.headers):
        assert (await talk.client.get("/api/me/notifications", headers=headers)).status_code == 401
