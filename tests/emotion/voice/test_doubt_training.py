"""Fitting and measuring the doubt of voices, on figures that are made up."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotion import EvaluationError, VoiceDoubter
from emotion.model_files import open_session
from emotion.training.doubt import judge_clips
from emotion.training.doubt.corpus import Row, phase_shifted
from emotion.training.doubt.fit import RESERVE, Fitted, family_of, fit, limit_of, matrix
from emotion.training.doubt.machines import predictive_vocoder, spectral_vocoder
from emotion.training.doubt.report import area
from emotion.voice.doubt import NAMES
from tests.emotion.builders import tone, voice
from tests.emotion.conftest import MODELS
from vocabulary import DOUBTED_FROM, SAMPLE_RATE_HZ


def rows(count: int = 120) -> list[Row]:
    rng = np.random.default_rng(8)
    found = []
    for at in range(count):
        made = at % 2 == 1
        figures = rng.normal(1.5 if made else 0.0, 1.0, len(NAMES)).astype(np.float32)
        source = "flite rms" if made else ("Emo-DB", "EmoGator")[at % 4 // 2]
        found.append(Row(source, f"{at % 10}", made, "learn", figures, (0.0,)))
    return found


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(rows())


def test_the_file_says_what_the_fit_says(fitted: Fitted, tmp_path: Path) -> None:
    fitted.write(tmp_path / "model.onnx")
    session = open_session(tmp_path / "model.onnx")

    class Model:
        def run(self, outputs, inputs):
            return session.run(outputs, dict(inputs))

    figures, limited = matrix(rows()), Fitted(fitted.mean, fitted.spread, fitted.layers, limit=0.7)
    doubts = VoiceDoubter.of(Model(), limited.constants).doubts(figures)
    logits = limited.logits(figures)
    assert doubts == pytest.approx(1 / (1 + np.exp(0.7 - logits)), abs=1e-3)
    clear = np.abs(logits - 0.7) > 1e-3
    assert ((doubts >= DOUBTED_FROM) == (logits >= 0.7))[clear].all()


def test_made_voices_lie_above_natural_ones(fitted: Fitted) -> None:
    made = [row for row in rows() if row.made]
    natural = [row for row in rows() if not row.made]
    assert area(fitted.logits(matrix(made)), fitted.logits(matrix(natural))) > 0.95
    assert {family_of(row) for row in rows()} == {"flite", "Emo-DB", "EmoGator"}


def test_the_limit_is_that_of_the_corpus_that_is_doubted_most() -> None:
    own = [row for row in rows() if not row.made]
    logits = np.array([1.0 if row.source == "EmoGator" else 0.0 for row in own])
    assert limit_of(own, logits) == 1.0 + RESERVE


def test_area_by_hand() -> None:
    assert area([2.0, 3.0], [1.0, 2.0]) == 0.875


@pytest.mark.parametrize("vocoder", [predictive_vocoder, spectral_vocoder])
def test_a_vocoder_makes_a_sound_of_the_same_length_and_none_of_silence_louder(vocoder) -> None:
    rng = np.random.default_rng(2)
    samples = voice().samples.astype(np.float64)[: 2 * SAMPLE_RATE_HZ]
    made = vocoder(samples, rng)
    assert np.isfinite(made).all() and abs(made.size - samples.size) < 1024
    assert np.sqrt((made**2).mean()) == pytest.approx(np.sqrt((samples**2).mean()), rel=0.9)
    assert np.abs(vocoder(np.zeros(SAMPLE_RATE_HZ), rng)).max() < 1e-3


def test_a_phase_shift_leaves_the_spectrum() -> None:
    samples = tone(150.0, 1.0).astype(np.float64)
    before = np.abs(np.fft.rfft(samples))
    for seed in range(5):
        after = np.abs(np.fft.rfft(phase_shifted(samples, np.random.default_rng(seed))))
        strong = before > 0.1 * before.max()
        assert after[strong] == pytest.approx(before[strong], rel=0.1)


def test_clips_of_one_s_own_are_judged_and_nothing_is_an_error(tmp_path: Path) -> None:
    doubter = VoiceDoubter(MODELS / "voice_doubt")
    soundfile.write(tmp_path / "one.wav", voice().samples, SAMPLE_RATE_HZ)
    soundfile.write(tmp_path / "silence.wav", np.zeros(SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
    (tmp_path / "notes.txt").write_text("no sound", encoding="utf-8")
    judged = judge_clips(doubter, [tmp_path], [tmp_path / "one.wav"]).to_dict()
    assert judged["natural"]["files"] == 2 and judged["natural"]["judged"] == 1
    assert judged["made"]["judged"] == 1 and judged["auc"] == 0.5
    with pytest.raises(EvaluationError, match="no clips"):
        judge_clips(doubter, [], [])
    with pytest.raises(EvaluationError, match="no file and no folder"):
        judge_clips(doubter, [tmp_path / "nothing"], [])
