"""Silero on live sound agrees with Silero on the whole clip, whatever the blocks."""

from pathlib import Path

import numpy as np
import pytest

from speech import LiveActivity, decode
from speech.activity import model_path, silero
from tests.flite import Speak


@pytest.fixture(scope="module")
def spoken(speak: Speak) -> np.ndarray:
    return decode(speak("where is my parcel", "slt")).samples


def probabilities(samples: np.ndarray, block: int) -> list[float]:
    activity = LiveActivity()
    return [
        probability
        for first in range(0, samples.size, block)
        for _, probability in activity.feed(samples[first : first + block])
    ]


def test_blocks_do_not_matter(spoken: np.ndarray) -> None:
    assert probabilities(spoken, 320) == probabilities(spoken, 1000) == probabilities(spoken, spoken.size)


def test_it_finds_the_speech_that_the_whole_clip_has(spoken: np.ndarray) -> None:
    path = model_path()
    assert path is not None
    whole = silero.probabilities(spoken, path)[: spoken.size // 512]
    live = np.array(probabilities(spoken, 320))
    assert np.mean((live > 0.5) == (whole > 0.5)) > 0.9


def test_a_quiet_voice_is_raised(spoken: np.ndarray) -> None:
    assert max(probabilities(spoken * np.float32(0.1), 320)) > 0.9


def test_noise_of_a_room_is_not_raised_to_a_voice() -> None:
    noise = (3e-3 * np.random.default_rng(8).standard_normal(10 * 16000)).astype(np.float32)
    assert max(probabilities(noise, 320)) < 0.5


def test_damaged_samples_count_as_silence() -> None:
    damaged = np.full(1024, np.nan, dtype=np.float32)
    damaged[5] = np.inf
    assert max(probabilities(damaged, 1024)) < 0.5


def test_calls_share_the_model_and_nothing_else(spoken: np.ndarray) -> None:
    first, second = LiveActivity(), LiveActivity()
    alone = [probability for _, probability in LiveActivity().feed(spoken)]
    both = [(first.feed(spoken[at : at + 512]), second.feed(-spoken[at : at + 512])) for at in range(0, 16384, 512)]
    assert [found[0][1] for found, _ in both] == alone[: len(both)]


def test_a_missing_model_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("speech.activity.silero.model_path", lambda: None)
    with pytest.raises(RuntimeError, match="install faster-whisper"):
        LiveActivity()
