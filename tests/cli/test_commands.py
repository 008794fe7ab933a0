"""The commands' own manners: help, one JSON object, clear refusals."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import free_port
from cli.main import app

runner = CliRunner()
COMMANDS = (
    ("up",), ("doctor",), ("say",), ("train",), ("recommend",), ("recommend", "ask"),
    ("speech", "transcribe"), ("emotion", "score"),
    ("emotion", "explain"), ("emotion", "evaluate"), ("emotion", "calibrate"), ("emotion", "train", "voice"),
    ("user", "create"), ("user", "password"), ("db", "upgrade"), ("bench", "turn"), ("bench", "speech"),
    ("bench", "assessment"),
    ("speech", "evaluate"), ("speech", "prepare"), ("speech", "model", "add"), ("speech", "voices"),
    ("speech", "diarization", "add"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    result = runner.invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_download_without_a_token_or_a_terminal_names_both_ways_to_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    result = runner.invoke(app, ["speech", "diarization", "add", "--json"])
    assert result.exit_code == 2
    assert {"--token", "HF_TOKEN."} <= set(json.loads(result.stdout)["error"]["message"].replace(",", "").split())


def test_say_needs_words_or_sound() -> None:
    result = runner.invoke(app, ["say", "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["code"] == "usage"


def test_say_refuses_a_signal_that_it_does_not_know() -> None:
    result = runner.invoke(app, ["say", "hello", "--consent", "mind", "--json"])
    assert result.exit_code == 2
    assert "mind" in json.loads(result.stdout)["error"]["message"]


def test_say_explains_that_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    monkeypatch.setenv("ATTUNE_WEB_PORT", str(free_port()))
    result = runner.invoke(app, ["say", "hello", "--json"])
    assert result.exit_code == 1
    assert "make run" in json.loads(result.stdout)["error"]["message"]


def test_doctor_prints_one_object_with_every_capability(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    monkeypatch.setenv("ATTUNE_WEB_PORT", str(free_port()))
    result = runner.invoke(app, ["doctor", "--json"])
    report = json.loads(result.stdout)
    assert report["running"] is False
    names = {line["capability"] for line in report["capabilities"]}
    assert {"dialogue", "speech to text", "text emotion", "voice emotion", "embeddings", "vector search"} <= names
    for line in report["capabilities"]:
        assert line["engine"] or line["note"]


def test_user_is_created_once_and_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    arguments = ["user", "create", "kim@example.com", "--name", "Kim", "--role", "agent", "--json", "--password"]
    weak = runner.invoke(app, [*arguments, "short"])
    assert weak.exit_code == 1
    assert json.loads(weak.stdout)["error"]["code"] == "weak_password"
    made = runner.invoke(app, [*arguments, "quite a long one"])
    assert json.loads(made.stdout)["email"] == "kim@example.com"
    again = runner.invoke(app, [*arguments, "quite a long one"])
    assert again.exit_code == 1
    assert "kim@example.com" in json.loads(again.stdout)["error"]["message"]


def test_a_password_is_asked_for_beside_the_json(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    result = runner.invoke(
        app,
        ["user", "create", "kim@example.com", "--name", "Kim", "--json"],
        input="quite a long one\nquite a long one\n",
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout)["email"] == "kim@example.com"
    assert "Password" in result.stderr


def test_a_message_shows_brackets_as_they_were_given() -> None:
    result = runner.invoke(app, ["say", "hello", "--consent", "[/loud]"])
    assert result.exit_code == 2
    assert "consent to [/loud] is unknown" in result.stderr


def test_doctor_names_a_scorer_plug_in_and_what_is_wrong_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "attune_pulse-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: attune-pulse\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[attune.scorers]\nphysiological = no_such_module:Pulse\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    result = runner.invoke(app, ["doctor", "--json"])
    assert result.exit_code == 0
    (found,) = [one for one in json.loads(result.stdout)["capabilities"] if one["capability"] == "scorer plug-in"]
    assert found["engine"] is None
    assert "attune-pulse 1.0" in found["note"] and "ModuleNotFoundError" in found["note"]
