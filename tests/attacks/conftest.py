"""Every attack is checked for one more thing: nothing that the attacker sent is in the log."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from privacy import ContentFreeFormatter
from tests.service.talk import Talk, talking

MARKER = "zebra-marker-7319"


@pytest.fixture(autouse=True)
def _log_without_content(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.INFO)
    yield
    lines = [ContentFreeFormatter().format(record) for record in caplog.get_records("call")]
    assert [line for line in lines if MARKER in line] == []


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Without the pause that makes answers about accounts equally slow: only the test of times needs it."""
    async with talking(tmp_path, account_answer_s=0.0) as started:
        yield started
