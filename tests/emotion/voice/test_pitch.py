"""The fundamental: to the cent on a buzz, without octave jumps on a glide, absent in noise and silence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emotion.voice.prosody import HOP_S, track_pitch
from emotion.voice.prosody.path import choose_path
from tests.emotion.builders import tone, voice
from vocabulary import SAMPLE_RATE_HZ


@pytest.mark.parametrize("hz", [62.0, 65.0, 100.0, 150.0, 220.0, 333.3, 400.0, 490.0])
def test_pitch_of_a_buzz_is_found_within_five_cents(hz: float) -> None:
    track = track_pitch(tone(hz, 1.0))[5:-5]
    assert (track > 0).all()
    assert np.abs(1200 * np.log2(track / hz)).max() < 5.0


@settings(max_examples=15, deadline=None)
@given(st.floats(80.0, 400.0), st.floats(80.0, 400.0))
def test_a_glide_has_no_octave_jumps(start: float, end: float) -> None:
    found = track_pitch(glide(start, end))[5:-5]
    at = np.arange(len(found)) * HOP_S + 5 * HOP_S
    assert np.abs(found / (start + (end - start) * at) - 1.0).max() < 0.03


def glide(start: float, end: float) -> NDArray[np.float32]:
    """One second; the instantaneous frequency runs straight from start to end."""
    t = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    phase = 2 * np.pi * (start * t + (end - start) * t**2 / 2)
    return (0.1 * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32)


def test_frames_are_centred_at_multiples_of_the_hop() -> None:
    """A glide of 200 Hz in a second tells a misplacement of 1 ms by .2 Hz."""
    found = track_pitch(glide(200.0, 400.0))
    assert found[50] == pytest.approx(300.0, abs=0.3)
    assert len(found) == 101


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(0).normal(size=SAMPLE_RATE_HZ).astype(np.float32) * 0.1
    assert (track_pitch(noise) > 0).mean() < 0.05
    assert not track_pitch(np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)).any()
    assert track_pitch(np.zeros(0, dtype=np.float32)).size == 0
    assert not track_pitch(np.full(SAMPLE_RATE_HZ, 0.7, dtype=np.float32)).any()


@pytest.mark.parametrize(
    "change", [lambda x: x * 1e-4, lambda x: x + 0.5, lambda x: x - 0.2], ids=["gain", "up", "down"]
)
def test_gain_and_offset_do_not_matter(change) -> None:  # type: ignore[no-untyped-def]
    samples = voice().samples
    assert track_pitch(change(samples).astype(np.float32)) == pytest.approx(track_pitch(samples), rel=1e-3)


def test_clipping_does_not_move_the_pitch() -> None:
    track = track_pitch(np.clip(5.0 * tone(150.0, 1.0), -0.2, 0.2))[5:-5]
    assert np.abs(1200 * np.log2(track / 150.0)).max() < 10.0


def test_path_prefers_the_steady_candidate_to_the_higher_peak() -> None:
    """Frame 1's 200 Hz is stronger by .1, but two jumps of an octave cost .7."""
    hz = np.array([[100, 200], [100, 200], [100, 200]], dtype=np.float32)
    strength = np.array([[0.9, 0.5], [0.8, 0.9], [0.9, 0.5]], dtype=np.float32)
    track, height = choose_path(hz, strength, np.ones(3, dtype=np.float32))
    assert track.tolist() == [100, 100, 100]
    assert height == pytest.approx([0.9, 0.8, 0.9])


def test_path_equals_the_best_of_all_paths() -> None:
    """Every path through five frames of three candidates is tried; pruning and search lose nothing."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        hz = rng.uniform(60, 500, size=(5, 3)).astype(np.float32)
        strength = rng.uniform(0.2, 0.9, size=(5, 3)).astype(np.float32)
        peak = rng.uniform(0.01, 1.0, size=5).astype(np.float32)
        track, _ = choose_path(hz, strength, peak)
        assert worth(track, hz, strength, peak) == pytest.approx(
            max(
                worth(np.array([0.0 if j == 3 else hz[i, j] for i, j in enumerate(path)]), hz, strength, peak)
                for path in np.ndindex(4, 4, 4, 4, 4)
            )
        )


def worth(
    track: NDArray[np.float64], hz: NDArray[np.float32], strength: NDArray[np.float32], peak: NDArray[np.float32]
) -> float:
    """Boersma (1993), equations 26–28 with his constants."""
    total = 0.0
    for i, value in enumerate(track):
        if value > 0:
            j = int(np.abs(hz[i] - value).argmin())
            total += strength[i, j] + 0.01 * np.log2(value / 500.0)
        else:
            total += 0.45 + max(0.0, 2.0 - (peak[i] / peak.max()) / (0.03 / 1.45))
        if i and (value > 0) != (track[i - 1] > 0):
            total -= 0.14
        elif i and value > 0:
            total -= 0.35 * abs(np.log2(value / track[i - 1]))
    return float(total)
