"""Figures of a clip: what they see, by sounds whose figures are known, and what they do not see."""

import re
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from emotion.voice.prosody import NAMES, Prosody, summarise
from tests.emotion.builders import tone, voice
from vocabulary import SAMPLE_RATE_HZ, Clip

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "prosody.md"


def figures(samples: NDArray[np.float32]) -> dict[str, float]:
    prosody = Prosody.of(Clip(np.asarray(samples, dtype=np.float32)))
    assert prosody is not None
    summary = summarise(prosody)
    assert summary is not None
    assert np.isfinite(summary).all()
    return dict(zip(NAMES, summary.tolist(), strict=True))


def pulses(periods: NDArray[np.float64], heights: NDArray[np.float64]) -> NDArray[np.float32]:
    """Decaying resonances at 500 Hz, one for each period (in samples), of these heights."""
    starts = np.cumsum(periods)
    t = np.arange(int(starts[-1]) + 400)
    wave = np.zeros(t.size)
    for start, height in zip(starts, heights, strict=True):
        after = t[int(np.ceil(start)) :] - start
        wave[int(np.ceil(start)) :] += (
            height * np.exp(-after / 60.0) * np.sin(2 * np.pi * 500.0 * after / SAMPLE_RATE_HZ)
        )
    return (0.3 * wave / np.abs(wave).max()).astype(np.float32)


def test_even_cycles_have_no_jitter_and_no_shimmer() -> None:
    found = figures(pulses(np.full(150, 128.0), np.ones(150)))
    assert found["jitter"] < 0.2
    assert found["shimmer"] < 0.5
    assert found["pitch_median"] == pytest.approx(12 * np.log2(125 / 55), abs=0.02)
    assert found["pitch_range"] < 0.1


def test_jitter_follows_the_mean_difference_of_neighbouring_periods() -> None:
    """Matching whole cycles blends a cycle with its neighbours, so independent differences read a sixth too small."""
    periods = 100.0 * (1.0 + np.random.default_rng(2).uniform(-0.02, 0.02, 200))
    expected = 100.0 * np.abs(np.diff(periods)).mean() / periods.mean()
    assert figures(pulses(periods, np.ones(200)))["jitter"] == pytest.approx(0.83 * expected, rel=0.1)


def test_shimmer_follows_the_mean_difference_of_neighbouring_heights() -> None:
    heights = 1.0 + np.random.default_rng(3).uniform(-0.1, 0.1, 200)
    expected = 100.0 * np.abs(np.diff(heights)).mean() / heights.mean()
    assert figures(pulses(np.full(200, 100.0), heights))["shimmer"] == pytest.approx(0.83 * expected, rel=0.1)


def test_noise_in_the_voice_lowers_its_harmonicity() -> None:
    """Noise 10 dB under the voice is a ratio of 10 dB."""
    clean = tone(150.0, 2.0)
    noise = np.random.default_rng(0).normal(size=clean.size)
    noisy = clean + noise * np.sqrt((clean**2).mean() / 10.0)
    assert figures(noisy)["hnr_mean"] == pytest.approx(10.0, abs=0.7)
    assert figures(clean)["hnr_mean"] > 25.0


def test_syllables_and_pauses_are_counted() -> None:
    """Four syllables of 120 ms every 250 ms, .63 s of silence, four more: 2.37 s with, 1.74 s without the pause."""
    syllable = np.concatenate([tone(140.0, 0.12) * np.hanning(1920), np.full(2080, 0.0)])
    four = np.tile(syllable, 4)
    found = figures(np.concatenate([four, np.zeros(SAMPLE_RATE_HZ // 2), four]).astype(np.float32))
    assert found["articulation_rate"] == pytest.approx(8 / 1.74, rel=0.08)
    assert found["pause_mean"] == pytest.approx(0.63, abs=0.08)
    assert found["pause_share"] == pytest.approx(0.63 / 2.37, abs=0.05)
    assert found["rate"] == pytest.approx(8 / 2.37, rel=0.08)


@pytest.mark.parametrize("direction", [1, -1])
def test_a_rising_voice_rises(direction: int) -> None:
    """An octave in two seconds is six semitones a second."""
    t = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    hz = 150.0 * 2.0 ** (direction * (t - 1.0) / 2.0)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
    found = figures((0.1 * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32))
    assert found["pitch_declination"] == pytest.approx(6.0 * direction, abs=0.05)
    assert found["pitch_rise" if direction > 0 else "pitch_fall"] == pytest.approx(6.0 * direction, abs=0.2)
    assert found["pitch_rising_share"] == pytest.approx(1.0 if direction > 0 else 0.0, abs=0.02)
    # The last 100 ms against the 200 ms before: .15 s apart.
    assert found["pitch_final"] == pytest.approx(0.9 * direction, abs=0.05)


def test_bright_and_dull_are_told_apart() -> None:
    dull, bright = tone(150.0, 1.0, harmonics=4), tone(150.0, 1.0, harmonics=28)
    assert figures(bright)["alpha_mean"] > figures(dull)["alpha_mean"] + 5.0
    assert figures(bright)["hammarberg_mean"] < figures(dull)["hammarberg_mean"]
    assert figures(bright)["centroid_mean"] > figures(dull)["centroid_mean"]


UNSEEN = {
    "softer": lambda x: 1e-3 * x,
    "louder": lambda x: 3.0 * x,
    "offset": lambda x: x + 0.3,
    "more silence before and after": lambda x: np.pad(x, 16_000),
    "much more silence after": lambda x: np.pad(x, (0, 80_000)),
}


@pytest.mark.parametrize("change", UNSEEN)
def test_no_figure_sees(change: str) -> None:
    samples = np.pad(voice(4).samples, 1_600)
    plain, changed = figures(samples), figures(UNSEEN[change](samples))
    assert changed == pytest.approx(plain, rel=0.01, abs=0.02)


def test_the_same_speech_twice_gives_the_same_figures() -> None:
    """Nothing doubles with the duration; trends over the whole clip are not asked."""
    once = np.pad(voice(5, seconds=4.0).samples, 800)
    short, long = figures(once), figures(np.tile(once, 2))
    trends = {"pitch_declination", "pitch_residual", "level_declination"}
    assert {name: long[name] for name in NAMES if name not in trends} == pytest.approx(
        {name: short[name] for name in NAMES if name not in trends}, rel=0.15, abs=0.15
    )


def test_gain_stands_in_a_field_of_its_own() -> None:
    clip = voice(6)
    quiet, loud = Prosody.of(Clip(clip.samples * np.float32(0.1))), Prosody.of(clip)
    assert quiet is not None and loud is not None
    assert loud.reference_dbfs - quiet.reference_dbfs == pytest.approx(20.0, abs=0.01)
    sine = Prosody.of(Clip((0.5 * np.sin(np.arange(16_000) * 0.3)).astype(np.float32)))
    assert sine is not None
    assert sine.reference_dbfs == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.1)


HOSTILE = {
    "empty": np.zeros(0),
    "one sample": np.ones(1),
    "50 ms": tone(150.0, 0.05),
    "digital silence": np.zeros(3 * SAMPLE_RATE_HZ),
    "a constant": np.full(SAMPLE_RATE_HZ, 0.5),
    "the smallest numbers": tone(150.0, 1.0) * 1e-38,
    "noise": np.random.default_rng(1).normal(size=2 * SAMPLE_RATE_HZ) * 0.05,
    "one click": np.eye(1, 2 * SAMPLE_RATE_HZ, 9_000)[0],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_voice_is_no_figures(kind: str) -> None:
    prosody = Prosody.of(Clip(HOSTILE[kind].astype(np.float32)))
    assert prosody is None or summarise(prosody) is None


@pytest.mark.parametrize("limit", [0.3, 0.05])
def test_clipped_speech_has_figures(limit: float) -> None:
    assert figures(np.clip(voice(7).samples, -limit, limit))["pitch_median"] == pytest.approx(
        figures(voice(7).samples)["pitch_median"], abs=0.5
    )


def test_ten_minutes_cost_what_twenty_seconds_do() -> None:
    end = voice(8, seconds=20.0).samples
    clip = Clip(np.concatenate([np.tile(voice(9, seconds=10.0).samples, 58), end]))
    began = process_time()
    prosody = Prosody.of(clip)
    # .1 s on an idle core.
    assert process_time() - began < 1.0
    assert prosody is not None
    alone = Prosody.of(Clip(end))
    assert alone is not None
    one, other = summarise(prosody), summarise(alone)
    assert one is not None and other is not None
    # The first frame of the twenty seconds sees what went before it.
    assert one == pytest.approx(other, rel=0.02, abs=0.05)


def test_segments_outside_the_clip_are_harmless() -> None:
    clip = voice(2)
    assert Prosody.of(Clip(clip.samples, customer_segments=((90.0, 95.0),))) is None
    assert Prosody.of(Clip(clip.samples, customer_segments=())) is None
    assert Prosody.of(Clip(clip.samples, customer_segments=((1.0, 0.5),))) is None
    whole, wide = Prosody.of(clip), Prosody.of(Clip(clip.samples, customer_segments=((-1.0, 99.0),)))
    assert whole is not None and wide is not None
    assert (whole.hz == wide.hz).all()


def test_steps_are_not_taken_across_spans() -> None:
    """A low voice cut to a high one is no rise of the voice."""
    both = Clip(np.concatenate([tone(110.0, 0.6), tone(220.0, 0.6)]), customer_segments=((0.0, 0.6), (0.6, 1.2)))
    prosody = Prosody.of(both)
    assert prosody is not None
    assert np.flatnonzero(~prosody.joined)[-1] == pytest.approx(61, abs=1)
    summary = summarise(prosody)
    assert summary is not None
    assert summary[NAMES.index("pitch_movement")] < 0.05


def test_the_reference_names_every_figure_once_and_no_other() -> None:
    table = REFERENCE.read_text(encoding="utf-8").partition("## Figures of a clip")[2].partition("\n## ")[0]
    told: list[str] = []
    for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE):
        for name in re.findall(r"`([\w–]+)`", row):
            if name.startswith("mfcc1–12_"):
                told += [f"mfcc{index}_{name.partition('_')[2]}" for index in range(1, 13)]
            else:
                told.append(name)
    assert sorted(told) == sorted(NAMES)
