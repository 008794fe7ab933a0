"""Offers that come while a call goes on: they hold nothing up, and leave no line open that nobody uses."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from service.calls import wire
from tests.service.voice.fake_web import FakeEars, FakeVoice, voice_process


class _Line:
    """A line whose page never comes."""

    answer = "v=0"

    def __init__(self) -> None:
        self.open = True

    def send(self, _told: object) -> None:
        """Nobody is there."""

    def flush(self) -> None:
        """Nothing is held."""

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            self.open = False

    async def close(self) -> None:
        """Not asked for here."""


async def test_a_withdrawal_does_not_wait_behind_an_offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = asyncio.Event()

    async def slow(*_: Any) -> _Line:
        await gathered.wait()
        return _Line()

    monkeypatch.setattr("service.voice.control.open_peer_line", slow)
    start = wire.Start(transport="websocket", camera=True, voice=True, face=True)
    async with voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice()) as process, process.call(start) as web:
        call = process.app.state.calls.get("call-1")
        await web.send(wire.Offer(sdp="v=0"))
        await web.send(wire.Permitted(voice=False, face=False))
        async with asyncio.timeout(1):
            while call.takes_pictures():  # noqa: ASYNC110 - the call has no event for it
                await asyncio.sleep(0.01)
        assert not gathered.is_set()


async def test_only_the_newest_offers_keep_a_line_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[_Line] = []

    async def opened(*_: Any) -> _Line:
        made.append(_Line())
        return made[-1]

    monkeypatch.setattr("service.voice.control.open_peer_line", opened)
    start = wire.Start(transport="websocket")
    async with voice_process(tmp_path, ears=FakeEars(), voice=FakeVoice()) as process, process.call(start) as web:
        for count in range(2, 8):
            await web.send(wire.Offer(sdp="v=0"))
            while len(web.all(wire.Answer)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        assert [line.open for line in made] == [False] * 4 + [True] * 2
