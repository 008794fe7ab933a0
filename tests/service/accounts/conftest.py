"""A started application where people can have accounts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.service.accounts.people import Place, place_in


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with place_in(tmp_path) as started:
        yield started
