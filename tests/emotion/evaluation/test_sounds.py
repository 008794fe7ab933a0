"""A voice scorer on recordings: measured once, cold or warm, by scorers who never heard the speaker."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emotion import EvaluationError, SpeakerBaseline, VoiceReading
from emotion.evaluation import corpora
from emotion.evaluation.corpora import Item, Kind, Listing, Skipped
from emotion.evaluation.sounds import ORDERS, evaluate_sounds, measure_clips
from tests.emotion.builders import spread, voice
from tests.emotion.evaluation import layouts
from vocabulary import Absent, Clip, Modality, ModalityScore

KNOWN = ("anger", "neutral", "sadness")


class UnreadableError(Exception):
    code = "not_audio"


class LoudnessScorer:
    """Says anger above the loudness that it is used to, neutral below: 0.5, or the speaker's own mean."""

    def __init__(self) -> None:
        self.measured = 0

    def measure(self, clip: Clip) -> Any | Absent:
        self.measured += 1
        loudness = float(np.abs(clip.samples).max())
        return loudness if loudness > 0 else Absent("nothing heard")

    def score_measured(self, measured: float, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent:
        before = baseline or SpeakerBaseline()
        usual = before.mean[0] if before.turns else 0.5
        label = "anger" if measured > usual else "neutral"
        score = ModalityScore(Modality.VOICE, spread(label, 0.8, KNOWN), 0.8, arousal=measured, known_labels=KNOWN)
        return VoiceReading(score, before.updated("loudness", [measured]))


def listing(*clips: tuple[str, str, float]) -> tuple[Listing, dict[Path, Clip]]:
    """A corpus of (speaker, truth, loudness); the number of the clip is its name."""
    items, sounds = [], {}
    for at, (speaker, truth, loudness) in enumerate(clips):
        path = Path(f"{at}.wav")
        items.append(Item(path, truth, speaker=speaker, groups={"sex": "female" if speaker == "a" else "male"}))
        sounds[path] = Clip(np.full(1600, loudness, dtype=np.float32))
    return Listing("folder", Kind.SOUND, tuple(items), Skipped()), sounds


def run(corpus: Listing, sounds: dict[Path, Clip], **options: Any) -> Any:
    scorer = LoudnessScorer()
    measured, skipped = measure_clips(corpus, sounds.__getitem__, scorer)
    evaluation = evaluate_sounds(corpus, measured, skipped, scorer, model="loudness", split="all", **options)
    assert scorer.measured == len(corpus.items)
    return evaluation


def test_cold_figures_by_hand_and_by_group() -> None:
    corpus, sounds = listing(("a", "anger", 0.9), ("a", "neutral", 0.6), ("b", "anger", 0.4), ("b", "neutral", 0.1))
    result = run(corpus, sounds).to_dict()
    assert (result["accuracy"], result["uar"], result["n"]) == (0.5, 0.5, 4)
    assert result["recall"] == {"anger": 0.5, "neutral": 0.5}
    assert result["groups"]["sex"]["female"]["accuracy"] == 0.5
    assert set(result["groups"]["speaker"]) == {"a", "b"}
    # One anger is said of each class, and one neutral: of four pairs one is right, one wrong, and two tie.
    assert result["high_arousal_auc"] == 0.5
    assert result["dissatisfied_auc"] is None


def test_online_takes_the_speaker_s_own_clips_as_baseline_and_does_not_score_them() -> None:
    # A quiet speaker and a loud one: against 0.5 half of it is wrong, against their own mean everything is right.
    quiet = [("b", "anger", 0.4), ("b", "neutral", 0.1)] * 6
    loud = [("a", "anger", 0.9), ("a", "neutral", 0.6)] * 6
    corpus, sounds = listing(*loud, *quiet)
    assert run(corpus, sounds).metrics.accuracy == 0.5
    warm = run(corpus, sounds, online=8)
    assert warm.n == 8
    # A speaker's eight clips of twelve always hold both kinds, so the mean lies between them.
    assert warm.metrics.accuracy == 1.0
    assert warm.to_dict()["orders"] == ORDERS


def test_orders_are_seeded() -> None:
    corpus, sounds = listing(*[("a", "anger", 0.3 + 0.05 * at) for at in range(8)], ("a", "neutral", 0.2))
    first, again = run(corpus, sounds, online=2), run(corpus, sounds, online=2)
    assert first.to_dict() == again.to_dict()
    assert first.to_dict() != run(corpus, sounds, online=2, seed=1).to_dict()


def test_each_speaker_can_have_a_scorer_of_its_own() -> None:
    corpus, sounds = listing(("a", "anger", 0.9), ("a", "neutral", 0.1), ("b", "anger", 0.9), ("b", "neutral", 0.1))

    class ContraryScorer(LoudnessScorer):
        def score_measured(self, measured: float, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent:
            return super().score_measured(1.0 - measured, baseline=baseline)

    measured, skipped = measure_clips(corpus, sounds.__getitem__, LoudnessScorer())
    scorers = {"a": LoudnessScorer(), "b": ContraryScorer()}
    result = evaluate_sounds(corpus, measured, skipped, scorers, model="m", split="s").to_dict()
    assert result["groups"]["speaker"]["a"]["accuracy"] == 1.0
    assert result["groups"]["speaker"]["b"]["accuracy"] == 0.0


def test_what_cannot_be_read_or_judged_is_counted_and_named() -> None:
    corpus, sounds = listing(("a", "anger", 0.9), ("a", "neutral", 0.1), ("a", "anger", 0.0))

    def load(path: Path) -> Clip:
        if path.name == "1.wav":
            raise UnreadableError
        return sounds[path]

    measured, skipped = measure_clips(corpus, load, LoudnessScorer())
    assert [one.item.path.name for one in measured] == ["0.wav"]
    assert skipped.to_dict() == {
        "cannot be judged (nothing heard)": {"count": 1, "files": ["2.wav"]},
        "cannot be read (not_audio)": {"count": 1, "files": ["1.wav"]},
    }
    with pytest.raises(EvaluationError, match=r"could be judged \(3 × cannot be read"):
        measure_clips(corpus, lambda path: load(Path("1.wav")), LoudnessScorer())


def test_a_fault_of_ours_is_not_an_unreadable_file() -> None:
    corpus, _ = listing(("a", "anger", 0.9))

    def load(_path: Path) -> Clip:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        measure_clips(corpus, load, LoudnessScorer())


def test_online_needs_speakers_and_clips_left_over() -> None:
    nobody = Listing("folder", Kind.SOUND, (Item(Path("0.wav"), "anger"),), Skipped())
    measured, skipped = measure_clips(nobody, lambda _path: voice(), LoudnessScorer())
    with pytest.raises(EvaluationError, match="does not say who speaks"):
        evaluate_sounds(nobody, measured, skipped, LoudnessScorer(), model="m", split="s", online=1)
    corpus, sounds = listing(("a", "anger", 0.9), ("a", "neutral", 0.1))
    with pytest.raises(EvaluationError, match="no speaker has more than 2 clips"):
        run(corpus, sounds, online=2)


def test_calm_and_unknown_classes_are_left_out_and_listed(tmp_path: Path) -> None:
    corpus = corpora.ravdess(layouts.ravdess(tmp_path, actors=("01",), flat=True))
    from cli.emotion.measuring import load_clip

    measured, skipped = measure_clips(corpus, load_clip, LoudnessScorer())
    result = evaluate_sounds(corpus, measured, skipped, LoudnessScorer(), model="m", split="s").to_dict()
    assert result["left_out"] == {"calm": 1, "disgust": 1, "fear": 1, "happiness": 1, "surprise": 1}
    assert result["classes"] == ["anger", "sadness", "neutral"]
    assert result["n"] == 3
    assert result["skipped"] == {"count": 0}
