"""`attune emotion score` as a person and a machine see it, and what the room drags into a process."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from cli.emotion import app
from tests.emotion.builders import voice
from vocabulary import LABELS, SAMPLE_RATE_HZ


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "said.wav"
    soundfile.write(path, voice().samples, SAMPLE_RATE_HZ)
    return path


def test_score_prints_one_object_with_every_modality(recording: Path) -> None:
    result = CliRunner().invoke(app, ["score", "--text", "This is ridiculous!", "--audio", str(recording), "--json"])
    assert result.exit_code == 0
    scored = json.loads(result.stdout)
    assert set(scored["emotion"]["probabilities"]) == set(LABELS)
    assert set(scored["modalities"]) == {"text", "voice"}
    assert 0 < scored["frustration"] < 70


def test_score_of_silence_is_null_and_not_neutral(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(SAMPLE_RATE_HZ, dtype=np.float32), SAMPLE_RATE_HZ)
    result = CliRunner().invoke(app, ["score", "--audio", str(path), "--json"])
    assert result.exit_code == 0
    scored = json.loads(result.stdout)
    assert (scored["emotion"], scored["frustration"], scored["modalities"]) == (None, None, {})
    assert "voice" in scored["absent"]


def test_score_of_nothing_says_what_to_give() -> None:
    result = CliRunner().invoke(app, ["score", "--json"])
    assert result.exit_code == 2
    assert "--text" in json.loads(result.stdout)["error"]["message"]


def test_missing_training_data_is_a_message(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["train", "voice", "--data", str(tmp_path), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "emotion_training_data"


def test_the_room_brings_no_training_library_into_a_process() -> None:
    heavy = ("torch", "sklearn", "transformers", "onnx", "pandas")
    code = f"import sys, emotion; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
