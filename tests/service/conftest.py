"""A started application with a real database and fake neighbours."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.service.talk import Customer, Talk, talking


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path) as started:
        yield started


@pytest.fixture
async def customer(talk: Talk) -> Customer:
    return await talk.start()
