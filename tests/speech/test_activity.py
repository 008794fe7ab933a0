"""Where somebody speaks: voices yes; silence, tones and noise no."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from speech import decode, has_speech, speech_seconds, speech_segments
from tests.flite import Speak
from vocabulary import Clip

RANDOM = np.random.default_rng(7)
TIME_S = np.arange(4 * 16_000) / 16_000
WHITE = RANDOM.standard_normal(TIME_S.size)


def sine(hz: float) -> NDArray[np.float64]:
    wave: NDArray[np.float64] = np.sin(2 * np.pi * hz * TIME_S)
    return wave


def coloured(slope: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(WHITE) / (np.arange(TIME_S.size // 2 + 1) + 1.0) ** slope
    noise = np.fft.irfft(spectrum)
    scaled: NDArray[np.float64] = 0.5 * noise / np.abs(noise).max()
    return scaled


NOT_SPEECH = {
    "nothing": np.zeros(0),
    "one sample": np.ones(1),
    "silence": np.zeros(TIME_S.size),
    "hiss of a microphone": 1e-4 * WHITE,
    "white noise": 0.1 * WHITE,
    "pink noise": coloured(0.5),
    "brown noise": coloured(1.0),
    "tone": 0.5 * sine(440),
    "mains hum": 0.2 * sum(sine(50 * k) / k for k in range(1, 12)),
    "dial tone": 0.3 * (sine(350) + sine(440)),
    "keys of a telephone": 0.3 * (sine(697) + sine(1209)) * (sine(2) > 0),
    "beeps": 0.5 * sine(1000) * (sine(3) > 0),
    "chord": 0.2 * (sine(261) + sine(329) + sine(392)),
    "sawtooth": 0.3 * (2 * ((150 * TIME_S) % 1) - 1),
    "clicks": (np.arange(TIME_S.size) % 4000 == 0).astype(float),
    "bursts of noise": 0.2 * WHITE * (sine(3) > 0),
}


def clip_of(samples: NDArray[np.floating]) -> Clip:
    return Clip(np.clip(samples, -1, 1).astype(np.float32))


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_sound_without_a_voice_is_no_speech(name: str) -> None:
    assert not has_speech(clip_of(NOT_SPEECH[name]))


@pytest.mark.parametrize("sentence", ["yes", "no", "stop", "my kettle leaks", "where is my order"])
def test_voice_is_speech_however_short(speak: Speak, sentence: str) -> None:
    assert has_speech(decode(speak(sentence)))


@pytest.mark.parametrize("gain", [1.0, 0.1, 0.02])
def test_quiet_voice_is_speech(spoken_order: Clip, gain: float) -> None:
    assert has_speech(clip_of(gain * spoken_order.samples))


def test_voice_over_noise_is_speech(spoken_order: Clip) -> None:
    level = float(np.sqrt(np.square(spoken_order.samples).mean()))
    noisy = spoken_order.samples + 0.18 * level * RANDOM.standard_normal(spoken_order.samples.size)
    assert has_speech(clip_of(noisy))


def test_segments_lie_where_the_voice_is(spoken_order: Clip) -> None:
    silence = np.zeros(32_000, np.float32)
    clip = Clip(np.concatenate([silence, spoken_order.samples, silence, spoken_order.samples, silence]))
    segments = speech_segments(clip)
    assert len(segments) == 2
    length = spoken_order.seconds
    for (start, end), at in zip(segments, (2.0, 4.0 + length), strict=True):
        assert start == pytest.approx(at, abs=0.4)
        assert end == pytest.approx(at + length, abs=0.6)
    assert speech_seconds(clip) == pytest.approx(2 * length, abs=1.0)


@pytest.mark.shared
def test_natural_speech_is_found_and_natural_noise_mostly_is_not(shared_data: Path) -> None:
    speech = shared_data / "speech"
    voices = [speech / "jfk.flac", *(speech / "librispeech").glob("*.ogg"), *(speech / "timit_like").glob("*.wav")]
    noises = sorted((speech / "noise").glob("*.wav"))
    if not voices or not noises:
        pytest.skip("no speech or noise recordings in the measuring data")
    assert all(has_speech(decode(path)) for path in voices)
    assert sum(has_speech(decode(path)) for path in noises) <= len(noises) // 2
