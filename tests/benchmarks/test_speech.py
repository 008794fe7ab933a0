"""The bench of recognisers."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import speech as bench
from cli.main import app
from speech import SpeechSetup
from tests.flite import Speak


def test_engines_are_compared_in_processes_of_their_own(
    tmp_path: Path,
    speak: Speak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("pocketsphinx")
    monkeypatch.setattr(bench, "ready_engines", lambda _: ("pocketsphinx",))
    shutil.copy(speak("where is my order"), tmp_path / "a.wav")
    (tmp_path / "a.txt").write_text("Where is my order?")
    result = bench.bench_speech(source=tmp_path, jfk=tmp_path / "nowhere", rounds=2)
    assert (result["clips"], result["failed"]) == (1, {})
    shop, plain = result["engines"]
    assert (shop["name"], plain["name"]) == ("pocketsphinx", "pocketsphinx-plain")
    assert shop["wer"] == 0
    assert plain["times_plain_pocketsphinx"] == 1
    assert max(shop["times_slowest"], plain["times_slowest"]) == 1
    for row in result["engines"]:
        assert row["load_s"] > 0
        assert row["cpu_seconds"] > 0
        assert 0 < row["resident_mb"] <= row["most_resident_mb"]
    lines = list(bench.table(result))
    assert len(lines) == 4


def test_engine_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    setup = SpeechSetup(shelf=tmp_path)
    with bench._started("openai-whisper", setup, 1) as engine:
        assert engine.failed is not None
        assert "openai-whisper" in engine.failed


def test_nothing_to_hear_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "has_voices", lambda: False)
    result = CliRunner().invoke(app, ["bench", "speech", "--jfk", str(tmp_path / "nowhere"), "--json"])
    assert result.exit_code == 1
    assert "nothing to hear" in result.stdout
