"""The action server's door."""

from pathlib import Path
from typing import cast

import pytest
from sanic import Request

from actions import Settings
from actions.server import build_app, check_register, token_check
from emotion import Panel, RegisterError, TextScorer, VoiceScorer
from privacy import KeyFileError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


async def test_only_the_holder_of_the_token_may_call_an_action() -> None:
    check = token_check("token")
    statuses = []
    for path, authorization in (
        ("/webhook", ""),
        ("/webhook", "Bearer wrong"),
        ("/actions", ""),
        ("/webhook", "Bearer token"),
        ("/health", ""),
    ):
        answer = await check(cast(Request, FakeRequest(path, {"authorization": authorization})))
        statuses.append(None if answer is None else answer.status)
    assert statuses == [401, 401, 401, None, None]


def test_a_damaged_key_file_is_named_before_the_server_starts(settings: Settings) -> None:
    settings.key_file.write_text("nonsense")
    settings.key_file.chmod(0o600)
    with pytest.raises(KeyFileError, match="is not a key file"):
        build_app(settings)


def test_a_signal_that_nobody_registered_keeps_the_server_from_starting(settings: Settings, tmp_path: Path) -> None:
    check_register(settings, Panel(text=cast(TextScorer, object()), voice=cast(VoiceScorer, object())))
    lines = settings.use_cases_file.read_text(encoding="utf-8").splitlines()
    only_words = ['signals = ["text"]' if line.startswith("signals") else line for line in lines]
    settings.use_cases_file = tmp_path / "use_cases.toml"
    settings.use_cases_file.write_text("\n".join(only_words), encoding="utf-8")
    check_register(settings, Panel(text=cast(TextScorer, object())))
    with pytest.raises(RegisterError, match="signal voice is not registered"):
        check_register(settings, Panel(voice=cast(VoiceScorer, object())))


class FakeRequest:
    """What the check reads of a request."""

    def __init__(self, path: str, headers: dict[str, str]) -> None:
        self.path = path
        self.headers = headers
