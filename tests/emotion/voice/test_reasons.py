"""The reasons of a score are the model's own: put the named side back to usual and the score moves."""

import numpy as np
import pytest

from emotion import SpeakerBaseline, VoiceReading, VoiceScorer
from emotion.voice.measured import Measured
from emotion.voice.prosody import NAMES
from emotion.voice.reasons import GROUPS, LEAST_EFFECT, reasons, without
from tests.emotion.builders import voice


def odds(probabilities: tuple[float, ...], label: int) -> float:
    return float(np.log(probabilities[label] / (1 - probabilities[label])))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("turns", [0, 3])
def test_neutralising_a_named_side_moves_the_score(voice_scorer: VoiceScorer, seed: int, turns: int) -> None:
    baseline = SpeakerBaseline()
    for turn in range(turns):
        reading = voice_scorer.score(voice(20 + turn, low=90.0, high=130.0), baseline=baseline)
        assert isinstance(reading, VoiceReading)
        baseline = reading.baseline
    measured = voice_scorer.measure(voice(seed, low=120.0 + 40 * seed, high=200.0 + 60 * seed))
    assert isinstance(measured, Measured)
    score = voice_scorer.score_measured(measured, baseline=baseline).score
    answer = int(np.argmax(score.probabilities))
    for feature in score.features:
        figures = without(feature.name, measured.figures.astype(np.float64), voice_scorer.usual(baseline))
        neutral = Measured(figures.astype(np.float32), measured.bands_db, measured.loudness_dbfs)
        moved = voice_scorer.score_measured(neutral, baseline=baseline).score
        assert odds(score.probabilities, answer) - odds(moved.probabilities, answer) >= LEAST_EFFECT - 1e-3


def test_words_compare_with_before_only_when_there_was_a_before(voice_scorer: VoiceScorer) -> None:
    first = voice_scorer.score(voice(3))
    assert isinstance(first, VoiceReading)
    assert not any("before" in feature.words for feature in first.score.features)
    loud = voice_scorer.score(voice(9, low=250.0, high=450.0), baseline=first.baseline)
    assert isinstance(loud, VoiceReading)
    assert all("before" in feature.words for feature in loud.score.features)


def test_reasons_by_hand() -> None:
    """Only a side whose loss costs the answer is named, strongest first, with the direction of its lead."""
    names = list(GROUPS)
    probabilities = np.full((1 + len(names), 7), 0.4 / 6)
    probabilities[:, 0] = 0.6
    probabilities[1 + names.index("pitch"), 0] = 0.3
    probabilities[1 + names.index("rate"), 0] = 0.5
    figures, away = np.arange(float(len(NAMES))), np.zeros(len(NAMES))
    away[NAMES.index("pitch_median")] = 2.0
    away[NAMES.index("articulation_rate")] = away[NAMES.index("rate")] = -1.0
    found = reasons(probabilities, figures, away, heard_before=True)
    assert [(feature.name, feature.words) for feature in found] == [
        ("pitch", "higher than before"),
        ("rate", "slower than before"),
    ]
    assert found[0].value == figures[NAMES.index("pitch_median")]


def test_every_figure_belongs_to_one_side_at_most() -> None:
    figures = [figure for side in GROUPS.values() for figure in side.figures]
    assert len(figures) == len(set(figures))
    assert set(figures) <= set(NAMES)
    assert all(lead in side.figures for side in GROUPS.values() for lead, _ in side.leads)
