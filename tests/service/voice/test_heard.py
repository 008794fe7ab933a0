"""What of a turn is sent, by what was permitted while it was spoken."""

import asyncio

import numpy as np
import pytest

from service.calls import wire
from service.voice.heard import TurnsHeard
from service.voice.recogniser import Recogniser
from service.voice.sides import Sides
from service.voice.stages import StageClock
from service.voice.turns import TurnEnded
from tests.service.voice.fake_web import FakeEars


class _Sent(Sides):
    def __init__(self) -> None:
        self.messages: list[tuple[wire.ToWeb, bytes]] = []

    def send(self, message: wire.ToWeb, payload: bytes = b"") -> None:
        self.messages.append((message, payload))


def _turn(start: float, end: float) -> TurnEnded:
    return TurnEnded(1, (), "my words", np.ones(160, np.float32), start, end, end, "silence", False)


def _heard(*, voice: bool, face: bool) -> tuple[TurnsHeard, _Sent]:
    sent = _Sent()
    return TurnsHeard(sent, Recogniser(FakeEars(), "call"), StageClock(), voice=voice, face=face), sent


@pytest.mark.parametrize(
    ("answers", "has_sound"),
    [([], True), ([False], False), ([False, True], False), ([True], True)],
    ids=["as it was", "withdrawn", "withdrawn and allowed again", "said twice"],
)
async def test_a_clip_needs_a_yes_from_the_turn_s_beginning_to_its_end(answers: list[bool], has_sound: bool) -> None:
    heard, sent = _heard(voice=True, face=True)
    now = asyncio.get_running_loop().time()
    for answer in answers:
        heard.permit(voice=answer, face=True)
    assert heard.ended(_turn(now - 1.0, now), None, broken_off=None)
    assert [bool(payload) for _, payload in sent.messages] == [has_sound]


async def test_a_yes_counts_from_the_next_turn_on() -> None:
    heard, sent = _heard(voice=False, face=False)
    heard.permit(voice=True, face=False)
    now = asyncio.get_running_loop().time()
    heard.ended(_turn(now + 0.1, now + 1.0), None, broken_off=None)
    assert sent.messages[-1][1]


async def test_pictures_from_before_a_no_are_gone_though_a_yes_follows() -> None:
    heard, sent = _heard(voice=False, face=True)
    now = asyncio.get_running_loop().time()
    heard.picture(b"before")
    heard.permit(voice=False, face=False)
    heard.picture(b"while it is off")
    heard.permit(voice=False, face=True)
    heard.picture(b"after")
    heard.ended(_turn(now - 1.0, now), None, broken_off=None)
    assert [payload for message, payload in sent.messages if isinstance(message, wire.Picture)] == [b"after"]
