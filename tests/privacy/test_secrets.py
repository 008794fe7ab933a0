"""Secrets: random, private, never shown."""

import json
import stat
from pathlib import Path

import pytest

from privacy import KeyFileError, Secrets


def test_secrets_are_made_once_and_differ_from_each_other(tmp_path: Path) -> None:
    first = Secrets.load_or_create(tmp_path / "secrets.json")
    assert Secrets.load_or_create(tmp_path / "secrets.json") == first
    assert len({first.rasa_token, first.operator_token, first.session_secret}) == 3
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_secrets_do_not_show_in_their_repr(tmp_path: Path) -> None:
    secrets = Secrets.load_or_create(tmp_path / "secrets.json")
    assert secrets.rasa_token not in repr(secrets)


@pytest.mark.parametrize(
    "content", ["", "{}", json.dumps({"rasa_token": "secret", "operator_token": "x", "session_secret": "y"})]
)
def test_missing_or_short_secrets_are_refused_without_showing_them(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as caught:
        Secrets.load_or_create(path)
    assert caught.value.code == "secrets_file"
    assert '"secret"' not in str(caught.value)
