"""Lines that break and come back, and calls that leave nothing behind."""

import asyncio
import gc
from pathlib import Path

import pytest

from service.calls import wire
from service.voice import call as call_module
from service.voice import control
from service.voice.call import Call
from service.voice.pipeline.socket import SocketLine
from tests.service.voice.fake_web import FakeEars, FakeVoice, voice_process
from tests.service.voice.test_socket_call import SOCKET, say


async def test_a_customer_comes_back_on_another_socket_of_the_same_call(tmp_path: Path) -> None:
    async with voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice()) as process, process.call(SOCKET) as web:
        async with process.customer():
            await web.wait(wire.Ready)
        await asyncio.sleep(0.1)
        async with process.customer() as again:
            await asyncio.sleep(0.1)
            await web.send(say("r", "Still here."))
            await web.wait(wire.Said, lambda said: said.state == "ended")
            await asyncio.sleep(0.1)
            assert again.heard and again.told[0] == {"type": "state", "state": "listening"}
        assert len(web.all(wire.Ready)) == 1
        assert web.all(wire.Ended) == []


async def test_without_a_line_the_call_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "LINE_WITHIN_S", 0.3)
    async with voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice()) as process, process.call(SOCKET) as web:
        assert (await web.wait(wire.Ended, within_s=3)).because == "line"


async def test_a_page_that_no_longer_pings_has_lost_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_module, "PINGS_WITHIN_S", 0.3)
    async with (
        voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice()) as process,
        process.call(SOCKET) as web,
        process.customer() as customer,
    ):
        await web.wait(wire.Ready)
        await asyncio.sleep(0.5)
        assert process.app.state.calls.get("call-1").line is not None, "a page that never pings is not expected to"
        await customer.socket.send('{"type": "ping"}')
        async with asyncio.timeout(3):
            await customer.socket.wait_closed()
        await asyncio.sleep(0.4)
        assert process.app.state.calls.get("call-1").line is None


async def test_calls_leave_nothing_behind(tmp_path: Path) -> None:
    async with voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice()) as process:

        async def one(number: int) -> None:
            name = f"call-{number}"
            async with process.call(SOCKET, name) as web, process.customer(name):
                await web.wait(wire.Ready)
                await web.send(say("r", "Hello."))
                await web.wait(wire.Said)
                if number % 2:
                    await web.send(wire.End(because="asked"))
                    await web.wait(wire.Ended)

        before = len(asyncio.all_tasks())
        await asyncio.gather(*(one(number) for number in range(8)))
        async with asyncio.timeout(5):
            while len(process.app.state.calls) or len(asyncio.all_tasks()) > before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        gc.collect()
        assert [one for one in gc.get_objects() if isinstance(one, (Call, SocketLine))] == []
        ended = process.app.state.calls.totals.ended
        assert ended == {"asked": 4, "web_gone": 4}
