"""Bad input gets a clear message, and nothing of it is stored or doubled."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.service.talk import Customer, Talk
from vocabulary import Author

UNKNOWN = "c_AAAAAAAAAAAAAAAAAAAAAA"


def assert_refused(response: Any, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert set(response.json()) == {"error"}
    error = response.json()["error"]
    assert set(error) == {"code", "message", "retryable"}
    assert error["code"] == code
    assert len(error["message"]) > 10


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\u200b\u200b", "\x00\x07\x1b", "\u3000"])
async def test_empty_text_is_refused(customer: Customer, text: str) -> None:
    response = await customer.post("messages", json={"id": str(uuid4()), "text": text})
    assert_refused(response, 422, "text_empty")
    assert await customer.history() == []


async def test_100_kb_of_text_is_refused(customer: Customer) -> None:
    response = await customer.post("messages", json={"id": str(uuid4()), "text": "a" * 100_000})
    assert_refused(response, 413, "too_large")
    assert "4,000" in response.json()["error"]["message"]
    assert await customer.history() == []


async def test_100_kb_without_an_announced_length_is_refused_while_it_arrives(customer: Customer) -> None:
    async def chunks() -> Any:
        yield b'{"id": "12345678", "text": "'
        for _ in range(100):
            yield b"a" * 1000
        yield b'"}'

    response = await customer.post("messages", content=chunks())
    assert_refused(response, 413, "too_large")


async def test_a_text_just_too_long_says_how_long_it_is(customer: Customer) -> None:
    response = await customer.post("messages", json={"id": str(uuid4()), "text": "ä" * 4001})
    assert_refused(response, 413, "text_too_long")
    assert "4,001" in response.json()["error"]["message"]


async def test_4000_characters_outside_the_basic_plane_pass(customer: Customer) -> None:
    await customer.write("😀" * 4000)
    assert (await customer.settled())[0].text == "😀" * 4000


async def test_control_characters_are_removed_and_line_breaks_stay(talk: Talk, customer: Customer) -> None:
    text = "a\x00b\x1b[31mc\r\nd\te\x7f\x85f\ud800g"
    # As escapes: half a surrogate pair can be written in JSON, though not in UTF-8.
    response = await customer.post("messages", content=json.dumps({"id": str(uuid4()), "text": text}).encode())
    assert response.status_code == 202
    assert (await customer.settled())[0].text == "ab[31mc\nd\tefg"
    assert talk.rasa.turns[0]["text"] == "ab[31mc\nd\tefg"


async def test_not_utf8_is_refused(customer: Customer) -> None:
    content = b'{"id": "12345678", "text": "\xff\xfe"}'
    response = await customer.post("messages", content=content, headers={"Content-Type": "application/json"})
    assert_refused(response, 400, "bad_request")
    assert "UTF-8" in response.json()["error"]["message"]


@pytest.mark.parametrize("content", [b"{", b"[1, 2", b"\x00", b'{"id": }', b"[" * 50_000])
async def test_invalid_json_is_refused(customer: Customer, content: bytes) -> None:
    response = await customer.client_post(content)
    assert response.status_code == 400
    assert response.json()["error"]["code"] in ("invalid_json", "bad_request")


@pytest.mark.parametrize(
    "body", [None, [], "text", 7, {}, {"id": "12345678"}, {"id": "12345678", "text": 7}, {"id": 1, "text": "a"}]
)
async def test_the_wrong_shape_is_refused(customer: Customer, body: Any) -> None:
    response = await customer.post("messages", json=body)
    assert response.status_code == 422
    assert response.json()["error"]["code"] in ("invalid_field", "body_expected")


async def test_a_refusal_never_repeats_what_was_sent(customer: Customer) -> None:
    marker = "zebra-secret-417203"
    for body in ({"id": marker, "text": {"a": marker}}, {"id": "1", "text": marker}, {marker: 1}):
        response = await customer.post("messages", json=body)
        assert response.status_code == 422
        assert marker not in response.text
    assert marker not in (await customer.post("messages", content=marker.encode())).text


@pytest.mark.parametrize("message_id", ["", "short", "x" * 65, "has space in it", "../../etc/passwd", "id\x00id\x00id"])
async def test_a_malformed_message_id_is_refused(customer: Customer, message_id: str) -> None:
    response = await customer.post("messages", json={"id": message_id, "text": "hello"})
    assert response.status_code == 422
    assert response.json()["error"]["code"] in ("invalid_field", "invalid_message_id")
    assert await customer.history() == []


@pytest.mark.parametrize(
    "text", ["/restart", '/order_status{"order_id":"1"}', "/attune_talk_to_person", "/session_start"]
)
async def test_a_typed_command_goes_as_text_never_as_a_payload(talk: Talk, customer: Customer, text: str) -> None:
    await customer.say(text)
    assert talk.rasa.turns[0]["text"] == text
    assert talk.rasa.turns[0]["payload"] is None


@pytest.mark.parametrize("conversation_id", [UNKNOWN, "c_short", "..", "p_AAAAAAAAAAAAAAAAAAAAAA", "%00"])
async def test_an_unknown_conversation_is_404(talk: Talk, customer: Customer, conversation_id: str) -> None:
    response = await talk.client.get(f"/api/conversations/{conversation_id}/messages", headers=customer.headers)
    assert response.status_code == 404
    assert response.json()["error"]["code"] in ("unknown_conversation", "not_found")


async def test_a_missing_token_is_401_and_a_wrong_one_says_nothing_about_the_conversation(
    talk: Talk, customer: Customer
) -> None:
    address = f"/api/conversations/{customer.id}"
    other = await talk.start()
    assert_refused(await talk.client.get(address), 401, "token_missing")
    assert_refused(await talk.client.get(address, headers=other.headers), 404, "unknown_conversation")
    assert_refused(
        await talk.client.get(address, headers={"Authorization": "Bearer ümlaut".encode()}),
        404,
        "unknown_conversation",
    )
    assert_refused(await talk.client.get(address, headers={"Authorization": "Basic eDp5"}), 401, "token_missing")


async def test_the_operators_token_opens_every_conversation(talk: Talk, customer: Customer) -> None:
    headers = {"Authorization": f"Bearer {talk.services.secrets.operator_token}"}
    response = await talk.client.get(f"/api/conversations/{customer.id}", headers=headers)
    assert response.status_code == 200


async def test_an_unknown_path_and_a_wrong_method_have_the_one_shape(talk: Talk, customer: Customer) -> None:
    assert_refused(await talk.client.get("/api/nothing"), 404, "not_found")
    assert_refused(await talk.client.delete("/api/conversations"), 405, "method_not_allowed")
    assert_refused(
        await talk.client.get(f"/api/conversations/{customer.id}/turns/unknown-turn", headers=customer.headers),
        404,
        "unknown_message",
    )


async def test_an_agents_message_has_no_turn_and_its_id_cannot_be_reused(talk: Talk, customer: Customer) -> None:
    async with talk.services.db.transaction() as tx:
        await tx.inbox.add_agent_message(customer.id, "s_x", "agent-message-1", "I am a person.")
    assert (await customer.get("turns/agent-message-1")).status_code == 404
    response = await customer.post("messages", json={"id": "agent-message-1", "text": "mine"})
    assert_refused(response, 409, "id_taken")


async def test_an_unexpected_failure_has_the_one_shape_and_says_nothing_inside(
    talk: Talk, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def explode(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(talk.services.intake, "text", explode)
    response = await customer.post("messages", json={"id": str(uuid4()), "text": "hello"})
    assert_refused(response, 500, "internal")
    assert "secret" not in response.text


async def test_too_many_messages_at_once_are_refused_and_not_stored(talk: Talk, customer: Customer) -> None:
    statuses = [
        (await customer.post("messages", json={"id": str(uuid4()), "text": "again"})).status_code for _ in range(80)
    ]
    assert statuses[:60] == [202] * 60
    assert 429 in statuses[60:]
    refused = await customer.post("messages", json={"id": str(uuid4()), "text": "again"})
    if refused.status_code == 429:
        assert_refused(refused, 429, "too_many_requests")
        assert int(refused.headers["Retry-After"]) >= 1
        assert refused.json()["error"]["retryable"] is True
    stored = [message for message in await customer.settled(within_s=20) if message.author is Author.CUSTOMER]
    assert len(stored) == statuses.count(202) + (refused.status_code == 202)


async def test_the_operators_look_at_a_conversation_is_on_record(talk: Talk) -> None:
    customer = await talk.start()
    headers = {"Authorization": f"Bearer {talk.services.secrets.operator_token}"}
    answer = await talk.client.get(f"/api/conversations/{customer.id}/messages", headers=headers)
    assert answer.status_code == 200
    await customer.get("messages")
    async with talk.services.db.reading() as tx:
        entries = await tx.audit.entries(act="conversation.")
        conversation = await tx.conversations.get(customer.id)
    assert conversation is not None
    assert [(entry.actor, entry.act, entry.subject) for entry in entries] == [
        ("operator", "conversation.open", conversation.customer_id)
    ]
    talk.services.settings.audit_head_file.unlink()
    refused = await talk.client.get(f"/api/conversations/{customer.id}/messages", headers=headers)
    assert refused.status_code == 503
