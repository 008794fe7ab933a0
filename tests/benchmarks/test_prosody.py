"""The bench of prosody: how tracks are compared, and what it says without its peers."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from benchmarks import prosody as bench
from benchmarks.prosody_f0 import Agreement, pooled
from cli.main import app
from tests.emotion.builders import voice


def test_tracks_are_compared_at_the_other_s_times() -> None:
    ours = np.array([0.0, 100.0, 102.0, 104.0, 0.0])
    # Midway between 100 and 102 by octaves; an octave off; voiced there only; unvoiced in both.
    found = Agreement.of(ours, np.array([0.015, 0.03, 0.04, 0.0]), np.array([101.0, 208.0, 104.0, 0.0]), hop_s=0.01)
    assert (found.frames, found.same_voicing, found.gross) == (4, 3, 1)
    assert found.cents == pytest.approx([abs(1200 * np.log2(np.sqrt(100.0 * 102.0) / 101.0)), 1200.0])


def test_nothing_is_interpolated_over_a_jump_or_into_silence() -> None:
    found = Agreement.of(np.array([100.0, 200.0, 0.0]), np.array([0.004, 0.014]), np.array([100.0, 200.0]), hop_s=0.01)
    assert found.cents == pytest.approx([0.0, 0.0])


def test_clips_are_pooled_by_their_frames() -> None:
    clips = [Agreement(10, 9, 1, np.array([1.0, 2.0])), Agreement(30, 30, 0, np.array([3.0, 4.0, 5.0]))]
    assert pooled(clips) == {
        "voicing": 0.975,
        "median_cents": 3.0,
        "gross": 0.2,
        "clips": 2,
        "frames": 40,
        "voiced_in_both": 5,
    }


def test_without_the_peers_our_own_speed_is_measured_and_the_way_to_them_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "a.wav", voice(seconds=12.0).samples, 16_000)
    monkeypatch.setattr(bench, "PEERS_PYTHON", tmp_path / "none")
    result = CliRunner().invoke(app, ["bench", "prosody", "--json", "--rounds", "1", "--data", str(tmp_path)])
    told = json.loads(result.stdout)
    assert 0 < told["real_time_factor"] < 0.1
    assert (told["ratio_opensmile"], told["ratio_praat"], told["f0"]) == (None, None, None)
    assert "make bench" in told["missing"]
    assert (told["clips"], told["seconds"]) == (2, 12.0)


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "prosody", "--json", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "--data" in json.loads(result.stdout)["error"]["message"]


@pytest.mark.shared
def test_f0_agrees_with_praat(shared_data: Path, tmp_path: Path) -> None:
    """A few of the targets' clips; `attune bench prosody` measures them all."""
    if not bench.PEERS_PYTHON.is_file():
        pytest.skip("Praat is not here: make bench")
    for path in [
        shared_data / "speech" / "jfk.flac",
        *sorted((shared_data / "speech_emotion" / "emodb").glob("*a02Wa.flac")),
    ]:
        (tmp_path / path.name).symlink_to(path)
    result = bench.bench_prosody(tmp_path, rounds=1)
    assert result["f0"]["clips"] >= 4
    assert result["f0"]["voicing"] >= 0.95
    assert result["f0"]["median_cents"] <= 5.0
    assert result["f0"]["gross"] <= 0.015
    assert result["ratio_opensmile"] > 1.5
