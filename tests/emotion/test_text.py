"""The shipped text model: what it refuses, what it explains, what it costs, how well it does."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from emotion import ModelError, TextScorer
from emotion.training.text.report import read_pairs
from recommender import OnnxEncoder
from tests.emotion.builders import customer_said
from tests.emotion.conftest import MODELS
from vocabulary import LABELS, Absent, Modality, ModalityScore

PAIRS = Path(__file__).resolve().parent / "minimal_pairs.tsv"


class OtherEncoder:
    """An encoder of another version."""

    dimensions = 384
    version = "another"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), 384), dtype=np.float32)


def cue(scorer: TextScorer, text: str, *earlier: str) -> float:
    score = scorer.score(text, context=customer_said(*earlier))
    assert isinstance(score, ModalityScore) and score.frustration_cue is not None
    return score.frustration_cue


def test_a_score_is_complete(text_scorer: TextScorer) -> None:
    score = text_scorer.score("This is outrageous, I am really angry with you!")
    assert isinstance(score, ModalityScore)
    assert score.modality is Modality.TEXT
    assert score.known_labels == LABELS
    assert score.confidence == pytest.approx(max(score.probabilities))
    assert score.probabilities.index(max(score.probabilities)) == LABELS.index("anger")
    assert score.valence is not None and score.valence < 0
    assert score.arousal is not None and score.arousal > 0
    assert [feature.name for feature in score.features] == ["outrage", "own_anger"]


def test_gratitude_is_happiness_without_frustration(text_scorer: TextScorer) -> None:
    score = text_scorer.score("Thank you so much, you solved it!")
    assert isinstance(score, ModalityScore) and score.frustration_cue is not None and score.valence is not None
    assert score.probabilities[LABELS.index("happiness")] > 0.8
    assert score.frustration_cue < 0.1
    assert score.valence > 0.3


@pytest.mark.parametrize(
    "text", ["", "   ", "417203", "#417203!", "…", "12.05.2026", "Wo ist mein Paket?", "注文はどこですか"]
)
def test_what_cannot_be_judged_is_absent_and_never_neutral(text_scorer: TextScorer, text: str) -> None:
    assert isinstance(text_scorer.score(text), Absent)


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "why " * 25_000, "\x00\x07 help \ufeff me", "ab\ud800cd", "😡😡😡", "!!!"]
)
def test_odd_input_gets_a_valid_score(text_scorer: TextScorer, text: str) -> None:
    assert isinstance(text_scorer.score(text), ModalityScore)


def test_saying_the_same_again_raises_the_cue(text_scorer: TextScorer) -> None:
    message = "I need the return label for the toaster"
    assert cue(text_scorer, message, "Hello", message) > cue(text_scorer, message, "Hello") + 0.1
    score = text_scorer.score(message, context=customer_said(message))
    assert isinstance(score, ModalityScore)
    assert score.features[0].name == "said_again"


def test_a_short_answer_given_twice_is_no_complaint(text_scorer: TextScorer) -> None:
    assert cue(text_scorer, "yes please", "yes please") == cue(text_scorer, "yes please")


def test_capitals_and_marks_raise_arousal(text_scorer: TextScorer) -> None:
    calm, loud = text_scorer.score("I want my money back now"), text_scorer.score("I WANT MY MONEY BACK NOW!!!")
    assert calm is not None and loud is not None and calm.arousal is not None and loud.arousal is not None
    assert loud.arousal > calm.arousal + 0.1


def test_another_encoder_is_refused() -> None:
    with pytest.raises(ModelError, match="train again"):
        TextScorer(MODELS / "text_emotion", OtherEncoder())


def test_a_missing_or_foreign_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="attune emotion train text"):
        TextScorer(tmp_path, OtherEncoder())
    shutil.copytree(MODELS / "voice_emotion", tmp_path / "voice")
    with pytest.raises(ModelError, match="kind"):
        TextScorer(tmp_path / "voice", OtherEncoder())


def test_a_damaged_model_is_refused(tmp_path: Path, encoder_dir: Path) -> None:
    shutil.copytree(MODELS / "text_emotion", tmp_path / "text")
    (tmp_path / "text" / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        TextScorer(tmp_path / "text", OnnxEncoder(encoder_dir))
    (tmp_path / "text" / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        TextScorer(tmp_path / "text", OnnxEncoder(encoder_dir))


def test_frustrated_wordings_score_above_their_neutral_twins(text_scorer: TextScorer) -> None:
    pairs = read_pairs(PAIRS)
    assert len(pairs) >= 60
    ordered = [cue(text_scorer, frustrated) > cue(text_scorer, neutral) for neutral, frustrated in pairs]
    calm = [cue(text_scorer, neutral) < 0.4 for neutral, _ in pairs]
    assert np.mean(ordered) >= 0.85
    assert np.mean(calm) >= 0.9


def test_no_measured_pair_is_a_training_phrase() -> None:
    from emotion.training.text.service_language import write_phrases

    trained = {text.lower().rstrip(".!?") for text in write_phrases(7, combinations=0).texts}
    measured = {text.lower().rstrip(".!?") for pair in read_pairs(PAIRS) for text in pair}
    assert not trained & measured


def test_the_model_is_small_and_its_card_is_there() -> None:
    assert sum(path.stat().st_size for path in (MODELS / "text_emotion").iterdir()) < 2_000_000
    assert "GoEmotions" in (MODELS / "text_emotion" / "card.md").read_text(encoding="utf-8")
    assert json.loads((MODELS / "text_emotion" / "meta.json").read_text(encoding="utf-8"))["labels"] == list(LABELS)


@pytest.mark.shared
def test_figures_on_held_out_data_stay_above_their_floors(shared_data: Path, encoder_dir: Path, tmp_path: Path) -> None:
    from emotion.training import evaluate_text

    cache = encoder_dir.parent / "emotion"
    report = evaluate_text(shared_data, OnnxEncoder(encoder_dir), MODELS / "text_emotion", cache, pairs=PAIRS)
    assert report.comments.right >= 0.64
    assert report.comments.macro_f1 >= 0.52
    assert report.comments.ece <= 0.04
    assert report.turns is not None and report.turns.auc >= 0.66
