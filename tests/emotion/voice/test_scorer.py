"""The shipped voice model: gain and silence without effect, refusals, honesty about what it does not know."""

import json
import shutil
import subprocess
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from emotion import ModelError, VoiceReading, VoiceScorer
from emotion.voice.measured import Measured
from tests.emotion.builders import tone, voice
from tests.emotion.conftest import MODELS
from vocabulary import LABELS, SAMPLE_RATE_HZ, Absent, Clip, Modality


def test_silence_around_the_words_does_not_matter(voice_scorer: VoiceScorer) -> None:
    clip = voice()
    pad = np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)
    padded = Clip(np.concatenate([pad, clip.samples, pad]))
    plain, around = voice_scorer.score(clip), voice_scorer.score(padded)
    assert isinstance(plain, VoiceReading) and isinstance(around, VoiceReading)
    assert around.score.probabilities == pytest.approx(plain.score.probabilities, abs=0.08)


def test_a_score_is_complete_and_honest_about_surprise(voice_scorer: VoiceScorer) -> None:
    reading = voice_scorer.score(voice())
    assert isinstance(reading, VoiceReading)
    score = reading.score
    assert score.modality is Modality.VOICE
    assert "surprise" not in score.known_labels
    assert score.probabilities[LABELS.index("surprise")] == 0.0
    assert score.valence is not None
    assert score.confidence == pytest.approx(max(score.probabilities))
    assert score.engagement is not None


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, dtype=np.float32),
        np.zeros(100, dtype=np.float32),
        np.zeros(5 * SAMPLE_RATE_HZ, dtype=np.float32),
        tone(150.0, 0.3),
        np.random.default_rng(1).normal(size=2 * SAMPLE_RATE_HZ).astype(np.float32) * 0.05,
        np.full(SAMPLE_RATE_HZ, 0.5, dtype=np.float32),
    ],
    ids=["empty", "a few samples", "silence", "a short sound", "noise", "a constant"],
)
def test_too_little_voice_is_absent(voice_scorer: VoiceScorer, samples: NDArray[np.float32]) -> None:
    assert isinstance(voice_scorer.score(Clip(samples)), Absent)


def test_only_the_customers_segments_are_heard(voice_scorer: VoiceScorer) -> None:
    customer, agent = voice(0), voice(3, low=220.0, high=420.0, gain=0.9)
    both = Clip(np.concatenate([customer.samples, agent.samples]), customer_segments=((0.0, customer.seconds),))
    alone, cut = voice_scorer.score(customer), voice_scorer.score(both)
    assert isinstance(alone, VoiceReading)
    assert cut == alone
    nobody = Clip(both.samples, customer_segments=())
    assert isinstance(voice_scorer.score(nobody), Absent)


def test_segments_outside_the_clip_are_harmless(voice_scorer: VoiceScorer) -> None:
    clip = voice()
    assert isinstance(voice_scorer.score(Clip(clip.samples, customer_segments=((90.0, 95.0),))), Absent)
    assert voice_scorer.score(Clip(clip.samples, customer_segments=((-1.0, 99.0),))) == voice_scorer.score(clip)


def test_of_a_long_turn_the_end_counts(voice_scorer: VoiceScorer) -> None:
    end = voice(5, seconds=20.0)
    long = Clip(np.concatenate([voice(1, seconds=30.0).samples, end.samples]))
    heard, alone = voice_scorer.score(long), voice_scorer.score(end)
    assert isinstance(heard, VoiceReading) and isinstance(alone, VoiceReading)
    # The first window of the end reaches a little into what was before.
    assert heard.score.probabilities == pytest.approx(alone.score.probabilities, abs=0.03)


def test_a_score_costs_little_of_the_time_it_takes_to_speak(voice_scorer: VoiceScorer) -> None:
    clip = voice(seconds=10.0)
    spent = []
    for _ in range(5):
        start = process_time()
        voice_scorer.score(clip)
        spent.append(process_time() - start)
    # .01 on an idle machine (models/voice_emotion/card.md); tests share theirs.
    assert min(spent) / clip.seconds < 0.06


def test_the_model_is_small_and_its_card_is_there() -> None:
    assert sum(path.stat().st_size for path in (MODELS / "voice_emotion").iterdir()) < 1_000_000
    assert "leave one speaker out" in (MODELS / "voice_emotion" / "card.md").read_text(encoding="utf-8")


@pytest.mark.shared
def test_calm_english_speech_is_not_called_angry(shared_data: Path) -> None:
    from emotion.training.voice.report import measure_calm

    figures = measure_calm(VoiceScorer(MODELS / "voice_emotion"), shared_data / "speech")
    assert figures is not None
    assert figures.pieces >= 20
    assert figures.angry_above_half == 0
    assert figures.called_angry <= 0.1 * figures.pieces
    assert figures.highest_cue < 0.4


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
@pytest.mark.parametrize("name", ["slt", "rms", "awb"])
def test_a_machine_that_reads_angry_words_is_called_nothing_strong(
    voice_scorer: VoiceScorer, tmp_path: Path, name: str
) -> None:
    """Its words are angry, its voice is not: with the voice alone there is nothing to act on."""
    from emotion.training.voice.corpus import read_clip

    path = tmp_path / "spoken.wav"
    words = "This is the third time I ask, and nobody helps me"
    subprocess.run(["flite", "-voice", name, "-t", words, "-o", str(path)], check=True)
    reading = voice_scorer.score(read_clip(path))
    assert isinstance(reading, VoiceReading)
    strong = [reading.score.probabilities[LABELS.index(label)] for label in ("anger", "fear", "disgust", "happiness")]
    assert max(strong) < 0.3
    assert (reading.score.frustration_cue or 0.0) < 0.2
    assert reading.score.probabilities[LABELS.index("sadness")] < 0.7


def test_another_revision_of_the_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "voice_emotion", tmp_path / "old")
    meta = json.loads((tmp_path / "old" / "meta.json").read_text(encoding="utf-8"))
    (tmp_path / "old" / "meta.json").write_text(json.dumps(meta | {"revision": 1}), encoding="utf-8")
    with pytest.raises(ModelError, match="attune emotion train voice"):
        VoiceScorer(tmp_path / "old")


def test_a_model_with_damaged_constants_is_refused(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "voice_emotion", tmp_path / "damaged")
    meta = json.loads((tmp_path / "damaged" / "meta.json").read_text(encoding="utf-8"))
    del meta["population"]
    (tmp_path / "damaged" / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(ModelError, match="attune emotion train voice"):
        VoiceScorer(tmp_path / "damaged")


def test_scoring_in_two_steps_is_scoring_in_one(voice_scorer: VoiceScorer) -> None:
    clip = voice(4)
    measured = voice_scorer.measure(clip)
    assert not isinstance(measured, Absent)
    assert voice_scorer.score_measured(measured) == voice_scorer.score(clip)


def test_figures_from_another_planet_are_near_even_shares(voice_scorer: VoiceScorer) -> None:
    """A line so strange that every figure is far off lowers confidence; it does not make everybody sad."""
    measured = voice_scorer.measure(voice(4))
    assert not isinstance(measured, Absent)
    rng = np.random.default_rng(3)
    strange = Measured(
        (measured.figures + 40.0 * rng.normal(size=measured.figures.size)).astype(np.float32), measured.bands_db, -20.0
    )
    score = voice_scorer.score_measured(strange).score
    assert score.confidence < 0.4
    assert score.frustration_cue == pytest.approx(0.0, abs=0.1)
