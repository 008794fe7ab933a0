"""Beginning a call in a line, and reading what happened in it."""

import asyncio
from typing import Any

import httpx

from service.hub import Frame, Subscription
from store import StoredCall
from tests.service.fake_voice import FakeCall, FakeVoice
from tests.service.talk import Customer, until

OFFER = "v=0 an offer"


async def begin(customer: Customer, **wish: Any) -> httpx.Response:
    """Ask for a call."""
    return await customer.post("calls", json={"transport": "webrtc", "offer": OFFER, **wish})


async def call_of(customer: Customer, voice: FakeVoice, **wish: Any) -> tuple[str, FakeCall]:
    """A call that has begun: its id, and its other end. The greeting has been told."""
    count = len(voice.calls) + 1
    response = await begin(customer, **wish)
    assert response.status_code == 201, response.text
    call = await voice.begun(count)
    await until(lambda: bool(call.words()))
    call_id = response.json()["call"]
    assert isinstance(call_id, str)
    return call_id, call


async def stored(customer: Customer) -> list[StoredCall]:
    """The calls of the conversation as the database has them."""
    async with customer.talk.services.db.reading() as tx:
        return await tx.calls.of_conversation(customer.id)


async def ended(customer: Customer, count: int = 1) -> str | None:
    """Why the newest call ended, once `count` have."""
    async with asyncio.timeout(10):
        while True:
            over = [call for call in await stored(customer) if call.ended_at is not None]
            if len(over) >= count:
                return max(over, key=lambda call: (str(call.ended_at), call.id)).because
            await asyncio.sleep(0.02)


async def frame_of(events: Subscription, kind: str, **facts: Any) -> Frame:
    """The next frame of a kind with these facts."""
    async with asyncio.timeout(10):
        while True:
            frame = await events.next()
            assert frame is not None
            if frame["type"] == kind and all(frame.get(name) == value for name, value in facts.items()):
                return frame


async def texts(customer: Customer) -> list[str]:
    """Every message of the conversation, in order."""
    return [message.text for message in await customer.history()]
