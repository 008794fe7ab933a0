"""A transformers model as the text engine, on tiny checkpoints made here, with random weights."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emotion import EngineOptions, ModelError, TextScorer, open_panel
from emotion.text.engine import TransformersModel, label_names
from tests.emotion.conftest import MODELS
from vocabulary import LABELS, Modality, ModalityScore

FOLDER = MODELS / "text_emotion"
EKMAN = ["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]


def checkpoint(folder: Path, labels: list[str], **config: Any) -> Path:
    """A BERT of one layer and eight dimensions that answers with the given labels."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    torch.manual_seed(1)
    folder.mkdir(parents=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "where", "is", "my", "order", "?", "!", "angry", "thanks"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    tiny = BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=40,
        id2label=dict(enumerate(labels)),
        label2id={name: at for at, name in enumerate(labels)},
        **config,
    )
    model = BertForSequenceClassification(tiny)
    with torch.no_grad():
        model.classifier.weight.mul_(100.0)  # random weights alone give nearly equal chances
    model.save_pretrained(folder)
    return folder


def scored(scorer: TextScorer, text: str = "Where is my order?!") -> ModalityScore:
    score = scorer.score(text)
    assert isinstance(score, ModalityScore)
    return score


def test_emotions_of_a_folder_replace_the_shipped_ones_and_the_cue_stays(tmp_path: Path) -> None:
    folder = str(checkpoint(tmp_path / "tiny", EKMAN))
    other, own = TextScorer(FOLDER, engine=folder), TextScorer(FOLDER)
    assert other.engine == f"transformers: {folder}"
    ours, theirs = scored(own), scored(other)
    assert theirs.probabilities != ours.probabilities
    assert sum(theirs.probabilities) == pytest.approx(1.0)
    assert theirs.frustration_cue == ours.frustration_cue
    assert theirs.sentiment == ours.sentiment


def test_the_numbers_are_those_of_the_model_itself(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = checkpoint(tmp_path / "tiny", EKMAN)
    given = AutoTokenizer.from_pretrained(folder)("Where is my order?!", return_tensors="pt")
    with torch.no_grad():
        expected = torch.softmax(AutoModelForSequenceClassification.from_pretrained(folder)(**given).logits[0], 0)
    score = scored(TextScorer(FOLDER, engine=str(folder)))
    assert score.probabilities == pytest.approx(expected.tolist(), abs=1e-5)


def test_sentiments_replace_sentiment_alone(tmp_path: Path) -> None:
    folder = str(checkpoint(tmp_path / "tiny", ["negative", "neutral", "positive"]))
    ours, theirs = scored(TextScorer(FOLDER)), scored(TextScorer(FOLDER, engine=folder))
    assert theirs.probabilities == ours.probabilities
    assert theirs.sentiment is not None and theirs.sentiment != ours.sentiment
    assert theirs.sentiment[0] == theirs.sentiment[4] == 0.0
    assert sum(theirs.sentiment) == pytest.approx(1.0)


def test_a_model_of_several_labels_gives_chances_of_their_own(tmp_path: Path) -> None:
    labels = ["annoyance", "gratitude", "neutral", "admiration"]
    folder = checkpoint(tmp_path / "tiny", labels, problem_type="multi_label_classification")
    score = scored(TextScorer(FOLDER, engine=str(folder)))
    assert score.known_labels == ("anger", "happiness", "neutral")
    assert {label for label, value in zip(LABELS, score.probabilities, strict=True) if value} == set(score.known_labels)
    assert 0.0 <= score.nuances["annoyance"] <= 1.0
    assert "confusion" in score.nuances  # the shipped model still knows it


def test_long_and_odd_messages_fit_a_short_model(tmp_path: Path) -> None:
    scorer = TextScorer(FOLDER, engine=str(checkpoint(tmp_path / "tiny", EKMAN)))
    for text in ("where is my order " * 3_000, "😡😡", "ab\ud800cd"):
        assert isinstance(scorer.score(text), ModalityScore)


@pytest.mark.parametrize(
    ("labels", "match"),
    [
        (["LABEL_0", "LABEL_1"], "LABEL_0, LABEL_1"),
        (["toxic", "joy"], "toxic"),
        (["joy", "positive"], "mixed"),
    ],
)
def test_labels_without_meaning_are_named(tmp_path: Path, labels: list[str], match: str) -> None:
    with pytest.raises(ModelError, match=match):
        TransformersModel(str(checkpoint(tmp_path / "tiny", labels)))


def test_labels_of_published_models_are_understood() -> None:
    assert label_names(["Anger", "happiness", "No-Emotion"], "x") == ("anger", "joy", "neutral")
    assert label_names(["1 star", "5 stars"], "x") == ("very_negative", "very_positive")
    assert label_names(["Very Negative", "NEU", "pos"], "x") == ("very_negative", "neutral", "positive")


def test_a_folder_without_a_model_is_named_and_text_is_absent(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="ATTUNE_TEXT_EMOTION_MODEL is set to"):
        TextScorer(FOLDER, engine=str(tmp_path))
    panel = open_panel(MODELS, options=EngineOptions(plugins=False, text_model=str(tmp_path)))
    status = next(one for one in panel.status() if one.modality is Modality.TEXT)
    assert status.engine is None and str(tmp_path) in status.reason


def test_doctor_names_the_engine_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.doctor import text_emotion
    from service import Settings

    assert text_emotion(Settings()).engine == "own model, ONNX"
    folder = str(checkpoint(tmp_path / "tiny", EKMAN))
    monkeypatch.setenv("ATTUNE_TEXT_EMOTION_MODEL", folder)
    assert text_emotion(Settings()).engine == f"transformers: {folder}"
    monkeypatch.setenv("ATTUNE_TEXT_EMOTION_MODEL", str(tmp_path / "nowhere"))
    broken = text_emotion(Settings())
    assert broken.engine is None and "nowhere" in broken.note


def test_without_an_engine_no_torch_is_loaded() -> None:
    code = (
        "import sys; from emotion import TextScorer; from pathlib import Path;"
        f"TextScorer(Path({str(FOLDER)!r})).score('hello there');"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_chances_stay_in_range_for_any_logits() -> None:
    from emotion.text.reading import sigmoid, softmax

    extreme = np.array([1e4, -1e4, 0.0], dtype=np.float32)
    assert np.isfinite(sigmoid(extreme)).all()
    assert softmax(extreme).sum() == pytest.approx(1.0)
