"""The chat socket over a real server: nothing is lost, nothing doubled, whoever is slow or gone."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from privacy import NOTICE_VERSION, notice
from service.hub import NEW_MESSAGES, Hub
from tests.service.served import served
from tests.service.talk import Customer, Talk


class Socket:
    """A chat page's end of the line."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, frame: Any) -> None:
        await self.connection.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def next(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds; others are passed over."""
        async with asyncio.timeout(5):
            while True:
                frame: dict[str, Any] = json.loads(await self.connection.recv())
                if not kinds or frame["type"] in kinds:
                    return frame

    async def messages(self, count: int) -> list[dict[str, Any]]:
        return [(await self.next("message"))["message"] for _ in range(count)]

    async def closed_with(self) -> int | None:
        """The code with which the server closes."""
        async with asyncio.timeout(5):
            while True:
                try:
                    await self.connection.recv()
                except ConnectionClosed:
                    return self.connection.close_code


@pytest.fixture
async def host(talk: Talk) -> AsyncIterator[str]:
    async with served(talk.app) as address:
        yield address


@asynccontextmanager
async def raw(host: str, conversation_id: str, headers: dict[str, str] | None = None) -> AsyncIterator[Socket]:
    address = f"ws://{host}/api/conversations/{conversation_id}/socket"
    async with connect(address, proxy=None, additional_headers=headers) as connection:
        yield Socket(connection)


@asynccontextmanager
async def line(host: str, customer: Customer, after: int = 0) -> AsyncIterator[Socket]:
    """An open socket after its greeting."""
    async with raw(host, customer.id) as socket:
        await socket.send({"type": "auth", "token": customer.token, "after": after})
        yield socket


async def test_a_message_over_the_socket_is_accepted_shown_and_answered(host: str, customer: Customer) -> None:
    async with line(host, customer) as socket:
        hello = await socket.next()
        assert hello == {
            "type": "hello",
            "owner": "bot",
            "consent": dict.fromkeys(("text", "voice", "face", "behaviour"), False),
            "may_ask": True,
            "notice": {"version": NOTICE_VERSION, "text": notice().text},
            "agent": None,
            "last_seq": 0,
            "recording": {"max_seconds": 600.0, "max_bytes": 25 * 1024 * 1024},
            "speaks": False,
        }
        message_id = str(uuid4())
        await socket.send({"type": "message", "id": message_id, "text": "hello"})
        frames = [await socket.next() for _ in range(5)]
        kinds = [frame["type"] for frame in frames]
        assert sorted(kinds) == ["accepted", "message", "message", "typing", "typing"]
        own, answer = (frame["message"] for frame in frames if frame["type"] == "message")
        assert (own["seq"], own["author"], own["id"]) == (1, "customer", message_id)
        assert (answer["seq"], answer["author"], answer["reply_to"]) == (2, "bot", message_id)
        assert set(answer) >= {
            "seq",
            "id",
            "author",
            "text",
            "created_at",
            "reply_to",
            "buttons",
            "suggestions",
            "image",
        }
        assert [frame["on"] for frame in frames if frame["type"] == "typing"] == [True, False]


async def test_what_was_missed_is_sent_again_after_the_greeting(host: str, customer: Customer) -> None:
    for number in range(3):
        await customer.say(f"message {number}")
    async with line(host, customer, after=2) as socket:
        assert (await socket.next())["last_seq"] == 6
        assert [message["seq"] for message in await socket.messages(4)] == [3, 4, 5, 6]
        await socket.send({"type": "ping"})
        assert (await socket.next())["type"] == "pong", "nothing is sent twice"


async def test_several_tabs_see_the_same(host: str, customer: Customer) -> None:
    async with line(host, customer) as one, line(host, customer) as two:
        await one.next("hello")
        await two.next("hello")
        await one.send({"type": "message", "id": str(uuid4()), "text": "hello"})
        assert await one.messages(2) == await two.messages(2)


async def test_a_burst_over_the_socket_arrives_once_and_in_order(host: str, customer: Customer) -> None:
    async with line(host, customer) as socket:
        for number in range(24):
            await socket.send({"type": "message", "id": f"message-{number:04}", "text": f"message {number}"})
        messages = await socket.messages(48)
    assert [message["seq"] for message in messages] == list(range(1, 49))
    own = [message["id"] for message in messages if message["author"] == "customer"]
    assert own == [f"message-{number:04}" for number in range(24)]


async def test_sending_again_after_a_lost_line_changes_nothing(host: str, talk: Talk, customer: Customer) -> None:
    frame = {"type": "message", "id": str(uuid4()), "text": "once"}
    async with line(host, customer) as socket:
        await socket.send(frame)
        await socket.next("accepted")
    await customer.settled()
    async with line(host, customer, after=1) as socket:
        await socket.send(frame)
        assert (await socket.next("accepted"))["seq"] == 1
    assert len(talk.rasa.turns) == 1


async def test_an_outage_is_told_within_two_seconds_and_to_pages_opened_later(
    host: str, talk: Talk, customer: Customer
) -> None:
    talk.rasa.state = "down"
    async with line(host, customer) as socket:
        started = asyncio.get_running_loop().time()
        await socket.send({"type": "message", "id": "message-0001", "text": "hello"})
        notice = await socket.next("notice")
        assert asyncio.get_running_loop().time() - started < 2
        assert notice["code"] == "assistant_unreachable" and "kept" in notice["text"]
        async with line(host, customer) as later:
            assert (await later.next("notice"))["text"] == notice["text"]
        await asyncio.sleep(0.2)
        talk.rasa.state = "up"
        rest = []
        while not rest or rest[-1].get("message", {}).get("author") != "bot":
            rest.append(await socket.next())
        assert not [frame for frame in rest if frame["type"] == "notice"], "told once"


async def test_owner_and_consent_are_told(host: str, customer: Customer) -> None:
    async with line(host, customer) as socket:
        await socket.next("hello")
        await customer.consent("text")
        assert (await socket.next("consent"))["consent"] == dict.fromkeys(
            ("text", "voice", "face", "behaviour"), False
        ) | {"text": True}


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ({"type": "auth", "token": "wrong", "after": 0}, 4404),
        ({"type": "auth", "after": 0}, 4401),
        ({"type": "message", "id": "12345678", "text": "hello"}, 4400),
        ({"type": "auth", "token": "x", "after": -1}, 4400),
        ("not json", 4400),
        (b"\x00\xff", 4400),
        ("null", 4400),
    ],
)
async def test_a_wrong_first_frame_closes_with_its_own_code(
    host: str, customer: Customer, first: Any, code: int
) -> None:
    async with raw(host, customer.id) as socket:
        await socket.send(first)
        assert await socket.closed_with() == code


async def test_an_unknown_conversation_closes_with_its_own_code(host: str, customer: Customer) -> None:
    async with raw(host, "c_AAAAAAAAAAAAAAAAAAAAAA") as socket:
        await socket.send({"type": "auth", "token": customer.token})
        assert await socket.closed_with() == 4404


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "invalid_frame"),
        ("[]", "invalid_frame"),
        ({"type": "shout"}, "invalid_frame"),
        ({"type": "message", "id": "message-0001"}, "invalid_frame"),
        (b"\x00\x01", "invalid_frame"),
        ({"type": "message", "id": "message 0001", "text": "a"}, "invalid_message_id"),
        ({"type": "message", "id": "message-0001", "text": " \u0000 "}, "text_empty"),
        ({"type": "message", "id": "message-0001", "text": "a" * 100_000}, "text_too_long"),
        ({"type": "button", "id": "message-0001", "reply_id": "m_none", "index": 0}, "unknown_button"),
    ],
)
async def test_a_bad_frame_is_refused_and_the_line_stays(host: str, customer: Customer, frame: Any, code: str) -> None:
    async with line(host, customer) as socket:
        await socket.next("hello")
        await socket.send(frame)
        error = await socket.next("error")
        assert error["error"]["code"] == code
        if code not in ("invalid_frame",):
            assert error["id"] in ("message-0001", "message 0001")
        await socket.send({"type": "ping"})
        assert (await socket.next())["type"] == "pong"
    assert await customer.history() == []


async def test_a_person_can_be_asked_for_over_the_socket(host: str, talk: Talk, customer: Customer) -> None:
    async with line(host, customer) as socket:
        await socket.send({"type": "person", "id": str(uuid4())})
        await socket.messages(2)
    assert talk.rasa.turns[0]["payload"] == "/attune_talk_to_person"


async def test_a_closed_page_leaves_nothing_behind(host: str, talk: Talk, customer: Customer) -> None:
    async with line(host, customer) as socket:
        await socket.next("hello")
        assert talk.services.hub._readers
    for _ in range(100):
        if not talk.services.hub._readers:
            break
        await asyncio.sleep(0.02)
    assert not talk.services.hub._readers


async def test_a_reader_that_is_too_slow_is_told_to_start_again() -> None:
    hub = Hub()
    with hub.subscribe("c") as slow:
        for number in range(500):
            hub.publish("c", {"type": "typing", "on": bool(number % 2)})
        assert await slow.next() is None


async def test_many_new_messages_are_one_note_to_a_reader() -> None:
    hub = Hub()
    with hub.subscribe("c") as reader:
        for _ in range(500):
            hub.messages_changed("c")
        assert await reader.next() is NEW_MESSAGES
        hub.publish("c", {"type": "typing", "on": True})
        assert (await reader.next()) == {"type": "typing", "on": True}
