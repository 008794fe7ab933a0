"""A chat that was opened by a guest's token ends when its conversation joins an account."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from service.accounts.cookie import PLAIN_NAME
from service.routes.socket import CLOSE_TRY_AGAIN, CLOSE_WRONG_TOKEN
from tests.service.me import signed_in
from tests.service.served import served
from tests.service.talk import Customer, Talk
from tests.service.test_me_join import join
from tests.service.test_socket import line, raw


@pytest.fixture
async def host(talk: Talk) -> AsyncIterator[str]:
    async with served(talk.app) as address:
        yield address


async def test_a_socket_by_the_token_ends_and_does_not_open_again(host: str, talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    async with line(host, customer) as before:
        assert (await before.next())["type"] == "hello"
        assert (await join(me, customer)).status_code == 200
        assert await before.closed_with() == CLOSE_TRY_AGAIN
    async with line(host, customer) as again:
        assert await again.closed_with() == CLOSE_WRONG_TOKEN


async def test_a_socket_by_the_session_goes_on_when_it_joins_again(host: str, talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    await join(me, customer)
    async with raw(host, customer.id, {"Cookie": f"{PLAIN_NAME}={me.token}"}) as own:
        await own.send({"type": "auth", "token": "", "after": 0})
        assert (await own.next())["type"] == "hello"
        await join(me, customer)
        await own.send({"type": "ping"})
        assert await own.next("pong") == {"type": "pong"}


async def test_many_open_chats_end_with_one_joining(host: str, talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    async with line(host, customer) as one, line(host, customer) as other:
        assert {(await one.next())["type"], (await other.next())["type"]} == {"hello"}
        await join(me, customer)
        assert set(await asyncio.gather(one.closed_with(), other.closed_with())) == {CLOSE_TRY_AGAIN}
