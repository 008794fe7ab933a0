"""The speaker's baseline: running numbers by hand, damaged ones ignored, its effect on a score bounded."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion import SpeakerBaseline, VoiceReading, VoiceScorer
from emotion.voice.baseline import MOST_TURNS
from emotion.voice.population import Population
from emotion.voice.prosody import NAMES
from tests.emotion.builders import voice
from vocabulary import LABELS, Absent, Clip


def heard(scorer: VoiceScorer, clip: Clip, baseline: SpeakerBaseline | None = None) -> VoiceReading:
    reading = scorer.score(clip, baseline=baseline)
    assert isinstance(reading, VoiceReading)
    return reading


def test_count_mean_and_spread_by_hand() -> None:
    baseline = SpeakerBaseline()
    for value in (1.0, 3.0, 5.0):
        baseline = baseline.updated("m", [value, 10.0])
    assert baseline.turns == 3
    assert baseline.mean == pytest.approx((3.0, 10.0))
    assert baseline.spread == pytest.approx(((8 / 3) ** 0.5, 0.0))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=MOST_TURNS - 1))
def test_running_numbers_are_those_of_all_turns_at_once(values: list[float]) -> None:
    baseline = SpeakerBaseline()
    for value in values:
        baseline = baseline.updated("m", [value])
    assert baseline.mean[0] == pytest.approx(float(np.mean(values)), abs=1e-6)
    assert baseline.spread[0] == pytest.approx(float(np.std(values)), abs=1e-3)


def test_a_long_session_follows_the_voice() -> None:
    baseline = SpeakerBaseline()
    for value in [0.0] * 100 + [1.0] * 60:
        baseline = baseline.updated("m", [value])
    assert baseline.turns == MOST_TURNS
    assert baseline.mean[0] > 0.8


def test_it_survives_the_store(voice_scorer: VoiceScorer) -> None:
    baseline = heard(voice_scorer, voice(1)).baseline
    stored = json.loads(json.dumps(baseline.to_dict()))
    read = SpeakerBaseline.from_dict(stored)
    assert read.turns == 1
    first, second = heard(voice_scorer, voice(2), baseline).score, heard(voice_scorer, voice(2), read).score
    assert first.probabilities == pytest.approx(second.probabilities, abs=1e-3)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "x",
        {},
        {"model": "m", "turns": 1, "mean": [1.0], "squares": []},
        {"model": "m", "turns": 1, "mean": [float("nan")], "squares": [0.0]},
        {"model": "m", "turns": 1, "mean": ["a"], "squares": [0.0]},
        {"model": "m", "turns": 1, "mean": [1.0], "squares": [-1.0]},
        {"model": "m", "turns": -3, "mean": [1.0], "squares": [0.0]},
        {"model": "m", "turns": 10**9, "mean": [1.0], "squares": [0.0]},
    ],
)
def test_a_damaged_profile_is_an_empty_one(raw: Any) -> None:
    assert SpeakerBaseline.from_dict(raw) == SpeakerBaseline()


def test_a_profile_of_another_model_is_ignored(voice_scorer: VoiceScorer) -> None:
    foreign = SpeakerBaseline().updated("other", [50.0] * len(NAMES))
    alone, beside = heard(voice_scorer, voice(2)), heard(voice_scorer, voice(2), foreign)
    assert beside.score == alone.score
    assert beside.baseline == alone.baseline


def test_absence_leaves_nothing_behind(voice_scorer: VoiceScorer) -> None:
    before = heard(voice_scorer, voice(1)).baseline
    silence = Clip(np.zeros(16_000, dtype=np.float32))
    assert isinstance(voice_scorer.score(silence, baseline=before), Absent)


def test_trust_grows_with_the_turns_and_never_reaches_all() -> None:
    population = Population(np.zeros(1), np.array([4.0]), np.array([1.0]))
    own = np.array([[10.0]])
    usual = [float(population.usual(own, np.array([float(turns)]))[0, 0]) for turns in (0, 1, 4, 16)]
    # within / between = 4 turns weigh as much as everybody.
    assert usual == pytest.approx([0.0, 2.0, 5.0, 8.0])


def test_a_figure_that_tells_voices_apart_is_believed_sooner() -> None:
    population = Population(np.zeros(2), np.ones(2), np.array([10.0, 0.1]))
    usual = population.usual(np.array([[1.0, 1.0]]), np.array([2.0]))[0]
    assert usual[0] > 0.9
    assert usual[1] < 0.2


def test_the_same_clip_sounds_less_raised_beside_raised_turns(voice_scorer: VoiceScorer) -> None:
    raised, calm = voice(3, low=220.0, high=420.0), voice(3, low=90.0, high=120.0)
    after_raised, after_calm = SpeakerBaseline(), SpeakerBaseline()
    for _ in range(5):
        after_raised = heard(voice_scorer, raised, after_raised).baseline
        after_calm = heard(voice_scorer, calm, after_calm).baseline
    middle = voice(5, low=150.0, high=230.0)
    beside_raised = heard(voice_scorer, middle, after_raised).score
    beside_calm = heard(voice_scorer, middle, after_calm).score
    assert beside_raised.arousal is not None and beside_calm.arousal is not None
    assert beside_raised.arousal < beside_calm.arousal


@pytest.mark.shared
def test_a_customer_who_is_always_angry_stays_angrier_than_most(voice_scorer: VoiceScorer, shared_data: Path) -> None:
    """The shipped model has heard these speakers: this checks the bound on the baseline, not accuracy."""
    from emotion.training.voice.corpus import read_clip

    anger, neutral = LABELS.index("anger"), LABELS.index("neutral")
    angry = [read_clip(path) for path in sorted((shared_data / "speech_emotion" / "emodb").glob("03*W?.flac"))]
    baseline = None
    for clip in angry[:5]:
        baseline = heard(voice_scorer, clip, baseline).baseline
    later = [heard(voice_scorer, clip, baseline).score.probabilities for clip in angry[5:]]
    assert np.mean([one[anger] for one in later]) > 0.3
    assert np.mean([one[neutral] for one in later]) < 0.3
