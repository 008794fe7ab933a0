"""The consent centre: each use of each signal by itself, obeyed at once, with proof."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from privacy import NOTICE_VERSION
from service.consenting import Consenting
from store import BotExamples, Lessons, example_source
from tests.service.me import as_guest, signed_in
from tests.service.talk import Customer, Talk
from tests.service.test_consent import assessment
from tests.service.test_verdicts import judge, sense, verdicts
from vocabulary import Assessment, Decision, Mode, Owner, Signal


def granted(body: dict[str, Any]) -> dict[str, dict[str, bool]]:
    return {one["signal"]: one["granted"] for one in body["signals"]}


NOTHING = {"assist": False, "personalise": False, "improve": False}


async def allow(customer: Customer, signal: str, purpose: str, yes: bool = True, version: str = NOTICE_VERSION) -> Any:
    answer = {"signal": signal, "purpose": purpose, "granted": yes, "text_version": version}
    return await as_guest(customer, "PUT", "consents", answer)


async def test_everything_is_off_and_told_in_plain_words(customer: Customer) -> None:
    body = (await as_guest(customer, "GET", "consents")).json()
    assert granted(body) == dict.fromkeys(("text", "voice", "face", "behaviour"), NOTHING)
    assert [one["purpose"] for one in body["uses"]] == ["assist", "personalise", "improve"]
    assert body["notice"]["version"] == NOTICE_VERSION and "under 18" in body["notice"]["minor"]
    assert all(one["title"] and one["text"] for one in (*body["uses"], *body["signals"]))
    assert (body["minor"], body["may_ask"]) == (False, True)


async def test_further_uses_need_the_signal_and_end_with_it(customer: Customer) -> None:
    refused = await allow(customer, "text", "personalise")
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "assist_first"
    for purpose in ("assist", "personalise", "improve"):
        assert (await allow(customer, "text", purpose)).status_code == 200
    await allow(customer, "voice", "assist")
    body = (await allow(customer, "text", "assist", yes=False)).json()
    assert granted(body)["text"] == NOTHING and granted(body)["voice"]["assist"] is True
    await allow(customer, "text", "assist")
    body = (await as_guest(customer, "GET", "consents")).json()
    assert granted(body)["text"] == NOTHING | {"assist": True}, "a new yes brings no old further use back"


async def test_every_answer_has_a_receipt_and_the_newest_comes_first(customer: Customer) -> None:
    await customer.consent("text")
    await allow(customer, "text", "improve")
    await customer.consent("text", granted=False)
    receipts = (await as_guest(customer, "GET", "consents/receipts")).json()["receipts"]
    said = [(one["purpose"], one["granted"]) for one in receipts]
    assert said == [("improve", False), ("assist", False), ("improve", True), ("assist", True)]
    assert {one["text_version"] for one in receipts} == {NOTICE_VERSION} and len({one["id"] for one in receipts}) == 4


async def test_everything_is_turned_off_in_one_go(talk: Talk, customer: Customer) -> None:
    message_id = await sense(talk, customer)
    for signal in ("voice", "face", "behaviour"):
        await customer.consent(signal)
    await allow(customer, "text", "improve")
    body = (await as_guest(customer, "POST", "consents/off")).json()
    assert all(uses == NOTHING for uses in granted(body).values())
    assert (await customer.get(f"turns/{message_id}")).json()["emotion"] is None


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"text_version": "2"}, 422, "unknown_notice"),
        ({"text_version": None}, 422, "unknown_notice"),
        ({"signal": "gesture"}, 422, "unknown_signal"),
        ({"signal": "smell"}, 422, "invalid_request"),
        ({"purpose": "advertise"}, 422, "invalid_request"),
        ({"granted": "maybe"}, 422, "invalid_request"),
        ({"more": 1}, 422, "invalid_request"),
    ],
)
async def test_other_answers_are_refused(customer: Customer, change: dict[str, Any], status: int, code: str) -> None:
    answer = {"signal": "text", "purpose": "assist", "granted": True, "text_version": NOTICE_VERSION, **change}
    response = await as_guest(customer, "PUT", "consents", answer)
    assert response.status_code == status
    assert code == "invalid_request" or response.json()["error"]["code"] == code
    assert granted((await as_guest(customer, "GET", "consents")).json())["text"] == NOTHING


async def test_an_open_chat_is_told_of_a_change_in_the_consent_centre(talk: Talk) -> None:
    me = await signed_in(talk)
    chat = await me.talks()
    with talk.services.hub.subscribe(chat.id) as events:
        await me.allow("text")
        frame = await asyncio.wait_for(events.next(), 2)
    assert frame is not None and frame["type"] == "consent" and frame["consent"]["text"] is True


async def test_a_verdict_improves_the_service_only_where_that_is_allowed(talk: Talk, customer: Customer) -> None:
    message_id = await sense(talk, customer)
    await judge(talk, customer, message_id, "less_upset")
    assert [one.counts for one in await verdicts(talk, customer)] == [False]
    await allow(customer, "text", "improve")
    assert [one.counts for one in await verdicts(talk, customer)] == [False], "a yes holds from the next word on"
    await judge(talk, customer, message_id, "less_upset")
    assert [one.counts for one in await verdicts(talk, customer)] == [True]
    await allow(customer, "text", "improve", yes=False)
    assert [one.counts for one in await verdicts(talk, customer)] == [False]
    assert (await customer.get(f"turns/{message_id}")).json()["verdict"] == "less_upset", "here it holds all the same"


async def test_minors_cannot_be_assessed_by_any_answer(talk: Talk, customer: Customer) -> None:
    message_id = await sense(talk, customer)
    async with talk.services.db.transaction() as tx:
        conversation = await tx.conversations.get(customer.id)
        assert conversation is not None
        await tx.consents.set_minor(conversation.customer_id, True)
    body = (await as_guest(customer, "GET", "consents")).json()
    assert (body["minor"], body["may_ask"]) == (True, False) and granted(body)["text"] == NOTHING
    for response in (await allow(customer, "text", "assist"), await customer.consent("text")):
        assert response.status_code == 403 and response.json()["error"]["code"] == "minor"
    assert (await customer.get(f"turns/{message_id}")).json()["frustration"] is None
    assert (await customer.say("hello"))["replies"]


async def test_nobody_is_asked_while_things_go_wrong(talk: Talk, customer: Customer) -> None:
    async def asked() -> bool:
        return bool((await customer.get()).json()["may_ask"])

    assert await asked() is True
    decision = Decision(Mode.SLOW, offers_allowed=True, escalate=False, reason="Slowly.", may_ask=False)
    async with talk.services.db.transaction() as tx:
        await tx.assessments.save(assessment(customer.id, "message-1"), decision)
    assert await asked() is False
    async with talk.services.db.transaction() as tx:
        calm = Assessment(customer.id, "message-2")
        await tx.assessments.save(calm, Decision(Mode.NEUTRAL, True, False, "As usual."))
    assert await asked() is True
    await customer.hand_over()
    assert await customer.owner() is Owner.WAITING and await asked() is False
    assert (await customer.consent("text")).status_code == 200, "who wants to allow it always may"


async def test_a_stranger_reaches_no_consent(talk: Talk, customer: Customer) -> None:
    stranger = await talk.start()
    response = await talk.client.get(f"/api/me/consents?conversation={customer.id}", headers=stranger.headers)
    assert response.status_code == 404
    assert (await talk.client.get("/api/me/consents")).status_code == 401


async def test_a_birth_year_of_a_minor_ends_every_consent(talk: Talk) -> None:
    me = await signed_in(talk)
    await me.allow("text")
    async with talk.services.db.transaction() as tx:
        await tx.consents.note_birth_year(me.customer_id, 2015)
        assert await tx.consents.granted(me.customer_id) == frozenset()
    assert (await me.allow("text")).status_code == 403
    async with talk.services.db.transaction() as tx:
        await tx.consents.note_birth_year(me.customer_id, 1990)
    assert (await me.allow("text")).status_code == 200
    async with talk.services.db.reading() as tx:
        assert await tx.consents.granted(me.customer_id) == {Signal.TEXT}


async def test_an_open_chat_is_told_when_the_customer_has_ended_it_in_words(talk: Talk, customer: Customer) -> None:
    await customer.consent("text")

    async def end(_turn: object) -> None:
        """What the action does that hears "switch it off", in its own process."""
        async with talk.services.db.transaction() as tx:
            conversation = await tx.conversations.get(customer.id)
            assert conversation is not None
            await tx.consents.withdraw_all(conversation.customer_id)

    talk.rasa.during_turn = end
    with talk.services.hub.subscribe(customer.id) as events:
        await customer.say("switch it off")
        frames = []
        while not frames or frames[-1]["type"] != "consent":
            frame = await asyncio.wait_for(events.next(), 2)
            assert frame is not None
            frames.append(frame)
    assert frames[-1]["consent"]["text"] is False


async def test_a_sentence_leaves_the_training_file_with_the_consent_to_improve(
    talk: Talk, customer: Customer, tmp_path: Path
) -> None:
    services = talk.services
    examples = BotExamples(tmp_path / "from_conversations.yml")
    lessons = Lessons(examples.path, services.settings.keyring())
    services.consenting = Consenting(services.db, services.pictures, services.hub, lessons)
    async with services.db.reading() as tx:
        conversation = await tx.conversations.get(customer.id)
    assert conversation is not None
    source = example_source(services.settings.keyring(), conversation.customer_id)
    for purpose in ("assist", "improve"):
        await allow(customer, "text", purpose)
    await allow(customer, "voice", "assist")
    examples.add("complaint", "this is not on", source)
    examples.add("complaint", "of somebody else", "another")
    await allow(customer, "voice", "assist", yes=False)
    assert examples.count([source]) == 1
    me = await signed_in(talk)
    joined = await me.call("POST", "conversations/join", {"conversation": customer.id, "token": customer.token})
    assert joined.status_code == 200
    now = example_source(services.settings.keyring(), me.customer_id)
    assert (examples.count([source]), examples.count([now])) == (0, 1)
    await me.allow("text", granted=False)
    assert (examples.count([now]), examples.count(["another"])) == (0, 1)
