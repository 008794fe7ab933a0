"""smart-turn's features and decisions; its decisions on natural recordings only."""

import threading
from pathlib import Path

import numpy as np
import pytest

from service.voice.turns.end_judge import EndJudge, EndJudgeError, features, model_path
from speech import decode


@pytest.fixture(scope="module")
def judge() -> EndJudge:
    return EndJudge()


@pytest.mark.parametrize("seconds", [0.0, 0.3, 8.0, 11.0])
def test_features_have_the_shape_and_range_of_whispers(seconds: float) -> None:
    sound = np.random.default_rng(1).standard_normal(round(seconds * 16000)).astype(np.float32)
    found = features(sound)
    assert found.shape == (80, 800)
    assert np.isfinite(found).all()
    assert float(np.ptp(found)) <= 2.0 + 1e-6


def test_only_the_last_eight_seconds_count() -> None:
    sound = np.random.default_rng(1).standard_normal(10 * 16000).astype(np.float32)
    assert np.array_equal(features(sound), features(sound[-8 * 16000 :]))


def test_features_are_those_that_the_model_was_trained_on() -> None:
    trained = pytest.importorskip("pipecat.audio.turn.smart_turn._whisper_features")
    sound = np.random.default_rng(2).standard_normal(8 * 16000).astype(np.float32) * 0.1
    assert np.abs(features(sound) - trained.compute_whisper_log_mel_features(sound)).max() < 1e-4


def test_natural_sentences_are_more_finished_at_their_end_than_in_the_middle(
    judge: EndJudge, shared_data: Path
) -> None:
    paths = sorted((shared_data / "speech" / "timit_like").glob("*.wav"))
    if not paths:
        pytest.skip("no natural recordings in ../shared/data/speech/timit_like")
    sounds = [decode(path).samples for path in paths[:4]]
    at_end = np.mean([judge.judge(sound) for sound in sounds])
    in_middle = np.mean([judge.judge(sound[: sound.size // 2]) for sound in sounds])
    assert at_end > in_middle + 0.2


def test_several_calls_share_one_model(judge: EndJudge) -> None:
    other = EndJudge()
    assert other._session is judge._session
    sound = np.random.default_rng(3).standard_normal(16000).astype(np.float32)
    expected, found = judge.judge(sound), []
    threads = [threading.Thread(target=lambda: found.append(other.judge(sound))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == pytest.approx([expected] * 3, abs=1e-6)


def test_an_absent_model_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert model_path() is not None
    monkeypatch.setattr("service.voice.turns.end_judge.model_path", lambda: None)
    with pytest.raises(EndJudgeError, match="install pipecat-ai"):
        EndJudge()
