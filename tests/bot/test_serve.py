"""How Rasa is started."""

import pytest
from rasa.__main__ import create_argument_parser

from bot.serve import arguments


@pytest.mark.parametrize("token", ["-wKq8rJx0mZ2vN5tB7yL", "--model", "plain-token_17"])
def test_any_generated_token_is_taken_for_a_token(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("AUTH_TOKEN", token)
    monkeypatch.setenv("ATTUNE_RASA_MODEL", "model.tar.gz")
    parsed = create_argument_parser().parse_args(arguments())
    assert (parsed.auth_token, parsed.model) == (token, "model.tar.gz")
