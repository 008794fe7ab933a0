"""Sound by WebSocket: passed on both ways to whoever the call belongs to, and to nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.service.calls.calling import call_of, ended
from tests.service.fake_voice import FakeVoice, tone
from tests.service.served import served
from tests.service.talk import Customer, Talk

TWENTY_MS = tone(0.02)


@pytest.fixture
async def host(talk: Talk) -> AsyncIterator[str]:
    async with served(talk.app) as address:
        yield address


@asynccontextmanager
async def sound(host: str, conversation_id: str, call_id: str, first: str | bytes) -> AsyncIterator[ClientConnection]:
    address = f"ws://{host}/api/conversations/{conversation_id}/calls/{call_id}/audio"
    async with connect(address, proxy=None) as socket:
        await socket.send(first)
        yield socket


async def closed_with(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(5):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return socket.close_code


def auth(customer: Customer) -> str:
    return json.dumps({"type": "auth", "token": customer.token})


async def test_frames_go_both_ways_until_the_call_ends(
    talk: Talk, customer: Customer, voice: FakeVoice, host: str
) -> None:
    call_id, _ = await call_of(customer, voice, transport="websocket", offer=None)
    async with sound(host, customer.id, call_id, auth(customer)) as socket, asyncio.timeout(10):
        # More than a chat page may send: a second and a half of sound, fifty frames a second.
        for _ in range(75):
            await socket.send(TWENTY_MS)
        assert [await socket.recv() for _ in range(75)] == [TWENTY_MS] * 75
        await socket.send('{"type": "ping"}')
        assert await socket.recv() == '{"type": "ping"}'
        await talk.services.calls.end(call_id, "asked")
        assert await closed_with(socket) == 1000


async def test_the_line_may_be_connected_again_in_the_same_call(
    customer: Customer, voice: FakeVoice, host: str
) -> None:
    call_id, _ = await call_of(customer, voice, transport="websocket", offer=None)
    for _ in range(2):
        async with sound(host, customer.id, call_id, auth(customer)) as socket, asyncio.timeout(5):
            await socket.send(TWENTY_MS)
            assert await socket.recv() == TWENTY_MS


async def test_only_the_customer_s_own_token_opens_a_call(
    talk: Talk, customer: Customer, voice: FakeVoice, host: str
) -> None:
    call_id, _ = await call_of(customer, voice, transport="websocket", offer=None)
    other = await talk.start()
    tries: dict[tuple[str, str, str | bytes], int] = {
        (customer.id, call_id, auth(other)): 4404,
        (other.id, call_id, auth(other)): 4404,
        (customer.id, "v_nobody_s_call", auth(customer)): 4404,
        (customer.id, call_id, '{"type": "auth"}'): 4401,
        (customer.id, call_id, '{"type": "ping"}'): 4400,
        (customer.id, call_id, "x" * 5000): 4400,
        (customer.id, call_id, TWENTY_MS): 4400,
    }
    for (conversation_id, named, first), code in tries.items():
        async with sound(host, conversation_id, named, first) as socket:
            assert await closed_with(socket) == code, first[:20]


async def test_a_call_by_webrtc_has_no_sound_here(customer: Customer, voice: FakeVoice, host: str) -> None:
    call_id, _ = await call_of(customer, voice)
    async with sound(host, customer.id, call_id, auth(customer)) as socket:
        assert await closed_with(socket) == 4400
    refused = await customer.post(
        f"calls/{(await call_of(customer, voice, transport='websocket'))[0]}/offer", json={"offer": "x"}
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_offers")


async def test_a_killed_voice_process_closes_the_sound(customer: Customer, voice: FakeVoice, host: str) -> None:
    call_id, _ = await call_of(customer, voice, transport="websocket", offer=None)
    async with sound(host, customer.id, call_id, auth(customer)) as socket:
        await voice.kill()
        assert await closed_with(socket) in (1000, 1013)
    assert await ended(customer) == "voice_down"
