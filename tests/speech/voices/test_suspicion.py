"""A second voice is suspected where there is one, and hardly where there is none."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from speech import SpeechError, decode, suspicion
from speech.voices.mel import spectrum, spoken_frames
from speech.voices.suspicion import (
    ONE_VOICE,
    TOO_SHORT,
    TWO_AT_ONCE,
    VOICES,
    Suspector,
    largest_change,
    loudest_two,
    windows_of,
)
from speech.voices.training.report import area
from tests.flite import Speak
from tests.speech.voices.builders import clip, tone, voice_like
from vocabulary import SAMPLE_RATE_HZ, Clip

Say = Callable[[str, str], Clip]
FIRST = "where is my order four one seven two zero three"
SECOND = "the lamp that you sent me is broken and I want my money back"


@pytest.fixture
def say(speak: Speak) -> Say:
    """A sentence by one of flite's voices."""
    return lambda voice, sentence: decode(speak(sentence, voice))


def glide() -> np.ndarray:
    times = np.arange(25_600) / SAMPLE_RATE_HZ
    sound = sum(np.sin(2 * np.pi * k * (120 * times + 10 * times * times)) / k for k in range(1, 20))
    return np.asarray(sound, dtype=np.float32) * np.float32(0.05)


def test_the_mel_bands_are_those_of_the_original_front_end() -> None:
    """Reference: librosa 0.11.0, feature.melspectrogram(n_fft=400, hop_length=160, n_mels=40), of the same glide."""
    mel = spectrum(glide())
    assert mel.shape == (161, 40)
    assert mel[0, [2, 10, 25]] == pytest.approx([0.027245, 0.001776, 0.000168], abs=1e-6)
    assert mel[50, [2, 10, 25]] == pytest.approx([0.088491, 0.008542, 0.00027], abs=1e-6)
    assert float(mel.sum()) == pytest.approx(127.526779, rel=1e-5)


def test_the_encoder_is_the_original_network() -> None:
    """Reference: the network of Resemblyzer 0.1.4 in torch on the same glide; half-size weights cost below .001."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(VOICES / "encoder.onnx"))
    voice = session.run(["voice"], {"mel": spectrum(glide())[None, :160]})[0][0]
    assert voice[[189, 82, 122, 146, 248, 32]] == pytest.approx(
        [0.24125, 0.22228, 0.20561, 0.20483, 0.20303, 0.18773], abs=1e-3
    )
    assert float(np.linalg.norm(voice)) == pytest.approx(1.0, abs=1e-5)


def test_one_speaker_is_not_suspected(say: Say) -> None:
    for voice in ("rms", "slt", "awb"):
        seen = suspicion(clip(say(voice, FIRST).samples, say(voice, SECOND).samples))
        assert (seen.suspected, seen.reason) == (False, ONE_VOICE)
        assert seen.score < 0.5


def test_two_at_once_are_suspected(say: Say) -> None:
    first, second = say("rms", SECOND).samples, say("slt", SECOND).samples
    size = min(first.size, second.size)
    seen = suspicion(Clip(((first[:size] + second[:size]) / 2).astype(np.float32)))
    assert (seen.suspected, seen.reason) == (True, TWO_AT_ONCE)
    assert 0.5 <= seen.score <= 1.0


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(1, np.float32),
        tone(0.02),
        np.zeros(5 * SAMPLE_RATE_HZ, np.float32),
        tone(3.0),
        np.full(SAMPLE_RATE_HZ, 1.0, np.float32),
        np.full(2 * SAMPLE_RATE_HZ, 1e-30, np.float32),
        voice_like(0.3),
    ],
    ids=["nothing", "one sample", "20 ms", "silence", "tone", "constant", "denormal", "a syllable"],
)
def test_what_is_no_speech_is_not_suspected(samples: np.ndarray) -> None:
    seen = suspicion(Clip(samples))
    assert not seen.suspected and seen.reason == TOO_SHORT


def test_loudness_does_not_matter(say: Say) -> None:
    sound = clip(say("rms", FIRST).samples, say("slt", SECOND).samples).samples
    loud, soft = suspicion(Clip(sound)), suspicion(Clip(sound * np.float32(0.2)))
    assert loud.reason != TOO_SHORT
    assert soft.score == pytest.approx(loud.score, abs=0.1)


def test_ten_minutes_take_little_time_and_bounded_memory(say: Say) -> None:
    sentence = say("rms", FIRST).samples
    long = Clip(np.resize(sentence, 600 * SAMPLE_RATE_HZ))
    (mel,) = spoken_frames(long)
    assert len(mel) > 30_000 and len(windows_of(mel)) == 240
    # Time of the processor, not of the clock: other work on the machine does not count.
    began = time.process_time()
    assert not suspicion(long).suspected
    assert time.process_time() - began < 0.1 * long.seconds


def test_largest_change_is_the_cosine_between_before_and_after() -> None:
    one, other = np.eye(4, dtype=np.float32)[:2]
    same = np.stack([one] * 12)
    assert largest_change(same) == pytest.approx(0.0)
    assert largest_change(np.stack([one] * 6 + [other] * 6)) == pytest.approx(1.0)
    assert largest_change(same[:3]) == 0.0


def test_the_two_strongest_windows_count() -> None:
    assert loudest_two(np.array([-3.0, 4.0, 2.0, 0.0], np.float32)) == 3.0
    assert loudest_two(np.array([1.5], np.float32)) == 1.5


def test_windows_cover_a_long_clip_evenly_and_fill_up_a_short_one() -> None:
    assert windows_of(np.zeros((100, 40), np.float32)).shape == (1, 160, 40)
    assert windows_of(np.zeros((240, 40), np.float32)).shape == (3, 160, 40)
    rows = np.arange(100_000, dtype=np.float32)[:, None]
    many = windows_of(rows)
    assert many.shape == (240, 160, 1) and many[-1, -1, 0] >= 99_900


def test_area_under_the_curve_by_hand() -> None:
    assert area([3.0, 1.0], [2.0, 1.0]) == 0.625


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=str(tmp_path)):
        Suspector(tmp_path)
    for name in ("meta.json", "encoder.onnx"):
        (tmp_path / name).write_bytes((VOICES / name).read_bytes()[:50])
    with pytest.raises(SpeechError, match=str(tmp_path)):
        Suspector(tmp_path)


@pytest.mark.shared
def test_natural_speech_of_one_person_is_not_suspected(shared_data: Path) -> None:
    speech = shared_data / "speech"
    files = [speech / "jfk.flac", *sorted((speech / "librispeech").glob("*.ogg"))]
    files += sorted((speech / "timit_like").glob("*.wav"))
    assert len(files) == 16
    assert [file.name for file in files if suspicion(decode(file)).suspected] == []
