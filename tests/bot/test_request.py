"""Reading a request, and what typed text becomes."""

import json

import pytest

from bot.channels.errors import RequestError
from bot.channels.request import escape, parse


@pytest.mark.parametrize(
    "text", ["/restart", "  /restart", "\n/restart", "\x00/restart", "\u200b/restart", "\ufeff /restart", "\u3000/x{}"]
)
def test_no_typed_text_is_a_command(text: str) -> None:
    assert not escape(text).strip().startswith("/")
    assert escape(text).endswith(text.lstrip("\x00\u200b\ufeff \n\u3000")[1:])


def test_a_slash_inside_and_line_breaks_stay() -> None:
    assert escape(" either/or \n twice\t ") == "either/or \n twice"


def test_two_slashes_leave_no_command() -> None:
    assert escape("//restart") == "\uff0f/restart"


def test_metadata_holds_ids_only() -> None:
    body = {"sender": "c_1", "message_id": "m-000001", "text": "hi", "metadata": {"clip_id": "k", "name": "Rosalind"}}

    request = parse(json.dumps(body).encode())

    assert request.metadata == {"message_id": "m-000001", "clip_id": "k", "frame_ids": []}


@pytest.mark.parametrize("payload", ["restart", "/", "/1", "/greet extra", "/greet{", "/greet{no}", "/greet{}x", 7])
def test_a_broken_payload_is_refused(payload: object) -> None:
    body = {"sender": "c_1", "message_id": "m-000001", "payload": payload}
    with pytest.raises(RequestError) as refused:
        parse(json.dumps(body).encode())
    assert (refused.value.status, refused.value.code) == (422, "payload_invalid")


def test_a_payload_keeps_its_entities() -> None:
    body = {"sender": "c_1", "message_id": "m-000001", "payload": '/inform{"order_number": "417203"}'}
    request = parse(json.dumps(body).encode())
    assert (request.text, request.intent) == ('/inform{"order_number": "417203"}', "inform")


def test_errors_do_not_repeat_what_was_written() -> None:
    body = {"sender": "my name is Rosalind", "message_id": "m-000001", "text": "hi"}
    with pytest.raises(RequestError) as refused:
        parse(json.dumps(body).encode())
    assert "Rosalind" not in str(refused.value)
