"""What the page shows of a call."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from service.voice.state import StateShown
from vocabulary import Owner


@pytest.fixture
async def told() -> list[str]:
    return []


@pytest.fixture
async def shown(told: list[str]) -> StateShown:
    sides: Any = SimpleNamespace(line=object(), tell=lambda frame: told.append(frame["state"]))
    answering: Any = SimpleNamespace(is_unsaid=False, has_sentence=False)
    return StateShown(sides, answering, Owner.BOT)


async def test_nothing_thinks_while_a_person_answers(shown: StateShown, told: list[str]) -> None:
    later = asyncio.get_running_loop().time() + 20
    shown.thinking_until = later
    shown.show()
    shown.owned(Owner.WAITING)
    shown.owned(Owner.AGENT)
    # They speak, and the agent takes their time.
    shown.thinking_until = later
    shown.show()
    shown.owned(Owner.BOT)
    assert told == ["thinking", "holding", "listening"]
