"""The doubt of synthetic voices: what it does not look at, what it costs a reading, and what it never does."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from emotion import Audience, ModelError, Panel, TurnSignals, VoiceDoubter, VoiceScorer, explain, fuse, open_panel
from emotion.fusion.doubt import LEAST_TRUST, trust
from emotion.voice.doubt import NAMES, Frames, figures_of
from tests.emotion.builders import score, tone, voice
from tests.emotion.conftest import MODELS
from tests.emotion.test_explain import CALM, assessed
from vocabulary import DOUBT_HINTS, DOUBTED_FROM, SAMPLE_RATE_HZ, Absent, Clip, Modality, ModalityScore, ScoreError

FOLDER = MODELS / "voice_doubt"


@pytest.fixture(scope="module")
def doubter() -> VoiceDoubter:
    return VoiceDoubter(FOLDER)


def doubted(doubt: float | None, **given: float) -> ModalityScore:
    plain = score(Modality.VOICE, **given)  # type: ignore[arg-type]
    return ModalityScore.from_dict({**plain.to_dict(), "doubt": doubt})


def test_gain_and_polarity_and_an_offset_tell_nothing(doubter: VoiceDoubter) -> None:
    samples = voice().samples
    plain = doubter.doubt(Clip(samples))
    assert isinstance(plain, float) and 0 <= plain <= 1
    for other in (0.02 * samples, -samples, np.clip(samples * 0.5 + 0.2, -1, 1)):
        assert doubter.doubt(Clip(other.astype(np.float32))) == pytest.approx(plain, abs=0.02)


def test_only_the_customer_s_part_is_looked_at(doubter: VoiceDoubter) -> None:
    own, other = voice().samples, tone(230.0, 3.0)
    seconds = own.size / SAMPLE_RATE_HZ
    both = Clip(np.concatenate([own, other]), customer_segments=((0.0, seconds),))
    assert doubter.doubt(both) == pytest.approx(doubter.doubt(Clip(own)), abs=1e-6)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, dtype=np.float32),
        np.zeros(5 * SAMPLE_RATE_HZ, dtype=np.float32),
        tone(150.0, 0.3),
        np.full(SAMPLE_RATE_HZ, 0.5, dtype=np.float32),
    ],
)
def test_where_there_is_nothing_to_look_at_there_is_no_doubt(doubter: VoiceDoubter, samples: np.ndarray) -> None:
    assert isinstance(doubter.doubt(Clip(samples)), Absent)


def test_noise_and_clicks_give_finite_figures() -> None:
    rng = np.random.default_rng(4)
    clicks = np.zeros(2 * SAMPLE_RATE_HZ, dtype=np.float32)
    clicks[::4000] = 1.0
    for samples in (rng.normal(0, 0.1, 2 * SAMPLE_RATE_HZ).astype(np.float32), clicks + 1e-3):
        frames = Frames.of(Clip(samples))
        assert frames is None or (figures_of(frames).shape == (len(NAMES),) and np.isfinite(figures_of(frames)).all())


def test_trust_falls_by_hand() -> None:
    found = [trust(doubt) for doubt in (None, 0.0, DOUBTED_FROM, 0.75, 1.0)]
    assert found == pytest.approx([1.0, 1.0, 1.0, 0.6, LEAST_TRUST])


def test_a_doubted_voice_counts_less_and_an_undoubted_one_as_before() -> None:
    text = score(Modality.TEXT, "neutral", 0.8, cue=0.1)
    plain, same, less = (fuse([text, doubted(doubt, cue=0.9)]) for doubt in (None, 0.49, 0.9))
    assert plain is not None and same is not None and less is not None
    assert plain == same
    assert 0 < less.contributions[Modality.VOICE] < plain.contributions[Modality.VOICE]
    assert less.probability("anger") < plain.probability("anger")
    assert less.frustration_cue is not None and plain.frustration_cue is not None
    assert less.frustration_cue < plain.frustration_cue


def test_a_doubted_voice_alone_is_less_certain_and_still_read() -> None:
    plain, less = fuse([doubted(None)]), fuse([doubted(1.0)])
    assert plain is not None and less is not None
    assert less.probabilities == plain.probabilities
    assert plain.certain and not less.certain
    assert less.confidence == pytest.approx(plain.confidence * LEAST_TRUST)


def test_the_agent_reads_a_hint_and_the_customer_none() -> None:
    assessment = assessed([score(), doubted(0.8)])
    hint = DOUBT_HINTS[Modality.VOICE]
    assert hint in explain(assessment, CALM, audience=Audience.AGENT)
    assert "ask as usual" in hint
    assert "replay" not in hint, "a voice from a loudspeaker is not recognised (models/voice_doubt/card.md)"
    assert hint not in explain(assessed([score(), doubted(0.4)]), CALM, audience=Audience.AGENT)
    assert not any("synthetic" in line for line in explain(assessment, CALM, audience=Audience.CUSTOMER))
    assert "doubt of its source 0.80" in explain(assessment, CALM, audience=Audience.AUDITOR)[0]


def test_a_doubt_is_stored_with_its_score_and_older_scores_have_none() -> None:
    stored = doubted(0.7).to_dict()
    assert ModalityScore.from_dict(stored).doubt == 0.7
    assert ModalityScore.from_dict({name: value for name, value in stored.items() if name != "doubt"}).doubt is None
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(ScoreError):
            doubted(wrong)


class Counts:
    """Doubts as it is told, and counts."""

    def __init__(self, answer: float | Absent | Exception) -> None:
        self.answer, self.asked = answer, 0

    def doubt(self, clip: Clip) -> float | Absent:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "stored"), [(0.9, 0.9), (Absent("too short"), None), (RuntimeError("what was said"), None)]
)
def test_the_reading_carries_the_doubt_and_stays_where_none_can_be_had(
    voice_scorer: VoiceScorer,
    caplog: pytest.LogCaptureFixture,
    answer: float | Absent | Exception,
    stored: float | None,
) -> None:
    (found,) = Panel(voice=voice_scorer, doubter=Counts(answer)).read(TurnSignals(clip=voice())).scores
    assert found.doubt == stored
    assert "what was said" not in caplog.text
    assert ("could not be doubted" in caplog.text) == isinstance(answer, Exception)


def test_without_a_clip_nobody_looks(voice_scorer: VoiceScorer) -> None:
    counts = Counts(0.9)
    panel = Panel(voice=voice_scorer, doubter=counts)
    assert panel.read(TurnSignals(text="hello")).scores == ()
    # A clip comes only with consent; one that the scorer cannot read is not looked at either.
    panel.read(TurnSignals(clip=Clip(np.zeros(SAMPLE_RATE_HZ, dtype=np.float32))))
    assert counts.asked == 0


def test_a_missing_model_is_told_and_leaves_the_voice(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "voice_emotion", tmp_path / "voice_emotion")
    panel = open_panel(tmp_path)
    (status,) = [one for one in panel.status() if one.modality is Modality.VOICE]
    assert status.engine is not None and "synthetic voices are not noticed" in status.reason
    (found,) = panel.read(TurnSignals(clip=voice())).scores
    assert found.doubt is None


def test_a_damaged_model_is_told_with_the_next_step(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "doubt")
    (tmp_path / "doubt" / "meta.json").write_text('{"kind": "voice-doubt", "revision": 1}', encoding="utf-8")
    with pytest.raises(ModelError, match="attune emotion train voice-doubt"):
        VoiceDoubter(tmp_path / "doubt")
