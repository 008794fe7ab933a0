"""Two people on two channels are noticed; one person on two channels is not."""

from pathlib import Path

import numpy as np
import pytest

from speech import AudioError, has_two_sides
from tests.speech.voices.builders import tone, voice_like, wav


@pytest.mark.parametrize(
    ("channels", "two"),
    [
        ((voice_like(2.0), voice_like(2.0, pitch_hz=210)), True),
        ((voice_like(2.0),), False),
        ((voice_like(2.0), voice_like(2.0)), False),
        ((voice_like(2.0), voice_like(2.0) * np.float32(0.3)), False),
        ((voice_like(2.0), -voice_like(2.0)), False),
        ((voice_like(2.0), np.zeros(32_000, np.float32)), False),
        ((np.zeros(3200, np.float32), np.zeros(3200, np.float32)), False),
    ],
    ids=["a call", "mono", "the same", "quieter", "inverted", "one silent", "silence"],
)
def test_channels(channels: tuple[np.ndarray, ...], two: bool) -> None:
    assert has_two_sides(wav(*channels)) is two


def test_taking_turns_on_two_channels_is_a_call() -> None:
    left = np.concatenate([voice_like(1.0), np.zeros(16_000, np.float32)])
    right = np.concatenate([np.zeros(16_000, np.float32), tone(1.0)])
    assert has_two_sides(wav(left, right))


def test_what_is_no_audio_is_refused() -> None:
    with pytest.raises(AudioError):
        has_two_sides(b"nothing of the kind")


@pytest.mark.shared
def test_the_two_channel_recording(shared_data: Path) -> None:
    assert has_two_sides(shared_data / "speech" / "stereo_diarization.wav")
    assert not has_two_sides(shared_data / "speech" / "jfk.flac")
