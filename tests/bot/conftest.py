"""A tiny bot, trained once, served in this process beside a fake action server."""

import importlib.util
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

if importlib.util.find_spec("rasa") is None:
    # Rasa lives in an environment of its own; run with tests/bot/pytest.ini there.
    collect_ignore_glob = ["*"]
else:
    from tests.bot.served_bot import ServedBot, train_tiny_bot

    @pytest.fixture(scope="session")
    def model(tmp_path_factory: pytest.TempPathFactory) -> str:
        return train_tiny_bot(tmp_path_factory.mktemp("model"))

    @pytest.fixture
    async def bot(model: str, tmp_path: Path) -> AsyncIterator["ServedBot"]:
        served = await ServedBot(model, tmp_path).start()
        yield served
        await served.stop()
