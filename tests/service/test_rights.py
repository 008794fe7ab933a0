"""People get a copy of their data, and erase it, over the wire."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from privacy import hash_password, places
from service.accounts.cookie import PLAIN_NAME
from store import RequestKind, RequestState
from tests.service.me import Me, as_guest, signed_in
from tests.service.served import served
from tests.service.talk import Customer, Talk, talking, until
from tests.store.known_person import Known, left_of, move_in

SCRIPT = "<script>alert('canary')</script><img src=x onerror=alert(1)>"
PASSWORD = "correct horse battery"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path / "home", bot_examples=tmp_path / "nlu" / "from_conversations.yml") as started:
        yield started


async def settled_in(talk: Talk) -> tuple[Known, Me]:
    """Somebody with something in every store, signed in."""
    services = talk.services
    known = await move_in(services.db, services.settings, services.settings.keyring())
    async with services.db.transaction() as tx:
        await tx.accounts.set_password(known.account, hash_password(PASSWORD))
        # The new password has ended the session from before.
        token = await tx.sessions.open(known.account, known.said("browser"))
    return known, Me(talk, known.account, known.customer, token)


def opened(response: httpx.Response) -> tuple[dict[str, Any], str, zipfile.ZipFile]:
    assert response.status_code == 200, response.text
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    return json.loads(archive.read("data.json")), archive.read("index.html").decode(), archive


async def test_the_copy_holds_everything_from_every_place_and_nothing_that_helps_a_thief(talk: Talk) -> None:
    known, me = await settled_in(talk)
    response = await me.call("POST", "export")
    data, page, archive = opened(response)
    assert "attachment" in response.headers["content-disposition"] and response.headers["cache-control"] == "no-store"
    everything = json.dumps(data)
    # A password and a telephone call's id leave only a hash, and a photo lies beside the page; what was heard goes once
    # it is answered.
    for word in known.words:
        if any(part in word for part in ("password", "photo", "subject", "device", "-call-")):
            continue
        assert word in everything, word
        assert word in page, word
    assert known.phone in everything, "the own copy is not redacted"
    assert b"canary-marigold-photo-7319" in b"".join(archive.read(name) for name in archive.namelist())
    for secret in ("argon2", "_hash", "fingerprint", "wrapped", "attune1:", "attune2:"):
        assert secret not in everything, secret
    found = {place["name"] for place in data["places"]}
    assert found == {
        place.name for place in places() if place.outcome.value in ("deleted", "stripped", "unreadable")
    } - {"keys", "recommender"}, "keys open what is copied, and what was learned holds nobody"


async def test_nothing_in_the_page_of_the_copy_runs(talk: Talk, customer: Customer) -> None:
    await customer.say(SCRIPT)
    data, page, _ = opened(await as_guest(customer, "POST", "export"))
    assert SCRIPT in json.dumps(data).replace("\\", "")
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page
    assert "default-src 'none'" in page


async def test_a_copy_is_on_record_as_an_answered_request_and_in_the_audit(talk: Talk) -> None:
    me = await signed_in(talk)
    opened(await me.call("POST", "export"))
    asked = (await me.call("GET", "requests")).json()
    assert [(one["kind"], one["state"]) for one in asked] == [("access", "done")]
    async with talk.services.db.reading() as tx:
        entries = await tx.audit.entries(subject=me.account_id)
    assert [(entry.actor, entry.act) for entry in entries] == [("self", "data.export")]


async def test_an_objection_waits_for_an_answer_until_its_day(talk: Talk) -> None:
    me = await signed_in(talk)
    made = await me.call("POST", "objection", {"words": "  Please do not count my clicks.  "})
    assert made.status_code == 201
    body = made.json()
    assert (body["kind"], body["state"], body["words"]) == ("object", "received", "Please do not count my clicks.")
    days = datetime.fromisoformat(body["due_at"]) - datetime.fromisoformat(body["received_at"])
    assert days == timedelta(days=30)
    async with talk.services.db.transaction() as tx:
        (waiting,) = await tx.requests.by_due_day(open_only=True)
        assert waiting.owner == me.account_id
        assert timedelta(days=29) < waiting.due_at - datetime.now(UTC) <= timedelta(days=30)
        await tx.requests.finish(waiting.id, RequestState.REFUSED, "We have to.")
        await tx.requests.finish(waiting.id, RequestState.DONE, "Another answer.")
    (answered,) = (await me.call("GET", "requests")).json()
    assert (answered["state"], answered["answer"]) == ("refused", "We have to.")
    for words in ("", " ", "x" * 4001, 5, None):
        assert (await me.call("POST", "objection", {"words": words})).status_code == 422


async def test_erasing_shows_first_asks_for_the_password_and_leaves_nothing(talk: Talk, tmp_path: Path) -> None:
    known, me = await settled_in(talk)
    preview = (await me.call("GET", "erasure")).json()
    assert {store["name"]: store["count"] for store in preview["stores"]}["conversations"] == 5
    assert [store["note"] for store in preview["stores"] if store["name"] == "orders"] != [""]
    for body, code in (
        ({}, 422),
        ({"confirm": False, "password": PASSWORD}, 422),
        ({"confirm": True}, 422),
        ({"confirm": True, "password": "wrong"}, 401),
    ):
        assert (await me.call("POST", "erasure", body)).status_code == code, body
    erased = await me.call("POST", "erasure", {"confirm": True, "password": PASSWORD})
    assert erased.status_code == 200, erased.text
    certificate = erased.json()["certificate"]
    assert certificate["ok"] and certificate["residual"] == []
    assert f'{PLAIN_NAME}=""' in erased.headers["set-cookie"]
    assert left_of([*known.traces, me.token], tmp_path) == []
    assert (await me.call("GET", "erasure")).status_code == 401
    stale = Customer(talk, known.conversation, known.token)
    assert (await stale.get()).status_code == 404
    async with talk.services.db.reading() as tx:
        assert {one.kind for one in await tx.requests.by_due_day()} == {RequestKind.ERASE, RequestKind.OBJECT}
        assert all(one.state is RequestState.DONE and one.owner is None for one in await tx.requests.by_due_day())


async def test_passwords_cannot_be_tried_out_by_erasing(talk: Talk) -> None:
    _, me = await settled_in(talk)
    answers = [(await me.call("POST", "erasure", {"confirm": True, "password": f"guess-{n}"})) for n in range(8)]
    assert [one.status_code for one in answers][-1] == 429


async def test_without_a_password_the_sign_in_must_be_fresh(talk: Talk) -> None:
    me = await signed_in(talk)
    async with talk.services.db.transaction() as tx:
        await tx._session.execute(text("UPDATE sessions SET created_at = '2026-01-01 00:00:00.000000'"))
    refused = await me.call("POST", "erasure", {"confirm": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "sign_in_again")
    async with talk.services.db.transaction() as tx:
        me.token = await tx.sessions.open(me.account_id, "The same browser")
    assert (await me.call("POST", "erasure", {"confirm": True})).status_code == 200


async def test_a_guest_erases_with_the_conversation_s_token_and_the_open_tab_closes(
    talk: Talk, customer: Customer, tmp_path: Path
) -> None:
    await customer.say("hello")
    async with (
        served(talk.app) as host,
        connect(f"ws://{host}/api/conversations/{customer.id}/socket", proxy=None) as socket,
    ):
        await socket.send(json.dumps({"type": "auth", "token": customer.token, "after": 0}))
        await socket.recv()
        erased = await as_guest(customer, "POST", "erasure", {"confirm": True})
        assert erased.status_code == 200 and erased.json()["certificate"]["ok"]
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await asyncio.wait_for(socket.recv(), 10)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4404
    assert left_of([customer.id, customer.token], tmp_path) == []


async def test_a_turn_that_is_under_way_comes_to_nothing(talk: Talk, customer: Customer, tmp_path: Path) -> None:
    talk.rasa.state = "broken"
    message_id = await customer.write("canary-under-way-7319")
    await until(lambda: talk.services.drain.is_working(customer.id))
    erased = await as_guest(customer, "POST", "erasure", {"confirm": True})
    assert erased.json()["certificate"]["ok"], erased.text
    talk.rasa.state = "up"
    await until(lambda: not talk.services.drain.is_working(customer.id))
    await asyncio.sleep(0.3)
    assert left_of([customer.id, message_id], tmp_path) == []


async def test_a_tab_closes_when_another_process_erases(talk: Talk, customer: Customer) -> None:
    from store import Eraser

    await customer.say("hello")
    services = talk.services
    with services.hub.subscribe(customer.id) as reader:
        other = Eraser(services.settings, services.settings.keyring(), services.db, services.media)
        await other.erase(customer.id, by="command")
        frame = await asyncio.wait_for(reader.next(), 10)
        while frame is not None and frame["type"] != "gone":
            frame = await asyncio.wait_for(reader.next(), 10)
    assert frame == {"type": "gone"}


async def test_of_somebody_else_s_data_nothing_is_told_or_erased(talk: Talk, customer: Customer) -> None:
    other = await talk.start()
    for method, path in (("POST", "export"), ("GET", "erasure"), ("POST", "erasure"), ("GET", "requests")):
        address = f"/api/me/{path}?conversation={other.id}"
        body = {"confirm": True} if method == "POST" else None
        answer = await talk.client.request(method, address, json=body, headers=customer.headers)
        assert answer.status_code == 404, (path, answer.text)
    assert (await other.get()).status_code == 200
