"""The bundled model against voices, lengths and insults."""

import threading
from pathlib import Path

import numpy as np
import pytest

from speech import decode, describe_engines, has_speech, speech_segments
from speech.activity import detector, silero
from tests.flite import Speak
from vocabulary import SAMPLE_RATE_HZ, Clip

MODEL = silero.model_path()
pytestmark = pytest.mark.skipif(MODEL is None, reason="faster-whisper, which carries the model, is not installed")


def probabilities(samples: np.ndarray) -> np.ndarray:
    assert MODEL is not None
    return silero.probabilities(samples.astype(np.float32), MODEL)


def test_silence_is_unlikely_speech_and_a_voice_is_likely(spoken_order: Clip) -> None:
    assert probabilities(np.zeros(32_000)).max() < 0.2
    assert probabilities(spoken_order.samples).max() > 0.95


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 512 * 512 - 1, 512 * 512 + 1])
def test_there_is_a_probability_for_every_frame_begun(size: int) -> None:
    assert probabilities(np.zeros(size)).shape == (-(-size // 512),)


def test_blocks_change_nothing(spoken_order: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.tile(spoken_order.samples, 3)
    whole = probabilities(samples)
    monkeypatch.setattr(silero, "_BATCH", 7)
    assert probabilities(samples) == pytest.approx(whole, abs=1e-4)


def test_threads_get_the_same(spoken_order: Clip) -> None:
    alone = probabilities(spoken_order.samples)
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(probabilities(spoken_order.samples))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all((one == alone).all() for one in found)


@pytest.mark.parametrize("voice", ["kal16", "awb", "rms", "slt"])
@pytest.mark.parametrize("word", ["yes", "no", "four", "hi", "two"])
@pytest.mark.parametrize("gain", [1.0, 0.03])
def test_short_answers_are_heard(speak: Speak, voice: str, word: str, gain: float) -> None:
    clip = decode(speak(word, voice))
    hiss = 1e-4 * np.random.default_rng(5).standard_normal(clip.samples.size + SAMPLE_RATE_HZ)
    padded = np.pad(gain * clip.samples, SAMPLE_RATE_HZ // 2) + hiss
    (segment,) = speech_segments(Clip(padded.astype(np.float32)))
    assert segment[0] < 0.75 and segment[1] > 0.5 + clip.seconds - 0.35


def test_clipped_or_shifted_voice_is_a_voice(spoken_order: Clip) -> None:
    for samples in (np.clip(20 * spoken_order.samples, -1, 1), np.clip(spoken_order.samples * 0.5 + 0.3, -1, 1)):
        assert has_speech(Clip(samples.astype(np.float32)))


def test_without_the_model_the_level_decides_and_the_status_says_so(
    spoken_order: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {each.engine for each in describe_engines() if each.capability == "voice activity"} == {silero.NAME}
    monkeypatch.setattr(silero, "find_spec", lambda name: None)
    assert detector.detector_name() == "level and periodicity"
    assert has_speech(spoken_order)
    assert not has_speech(Clip(np.zeros(48_000, np.float32)))
    monkeypatch.setattr("speech.transcriber.model_path", lambda: None)
    status = next(each for each in describe_engines() if each.capability == "voice activity")
    assert status.better == silero.NAME and status.how_to_get


@pytest.mark.shared
def test_acted_german_sentences_are_speech(shared_data: Path) -> None:
    paths = sorted((shared_data / "speech_emotion" / "emodb").glob("*.flac"))[::5]
    if not paths:
        pytest.skip("Emo-DB is not in the measuring data")
    missed = [path.name for path in paths if not has_speech(decode(path))]
    print(f"Emo-DB: {len(paths) - len(missed)} of {len(paths)} heard")
    assert not missed
