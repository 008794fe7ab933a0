"""Texts in folders, comments with several labels, dialogues with ratings: small ones, counted by hand."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score, recall_score

from emotion import EvaluationError
from emotion.evaluation import corpora
from emotion.evaluation.comments import evaluate_comments
from emotion.evaluation.corpora.uss import uss
from emotion.evaluation.words import evaluate_dialogues, evaluate_texts
from tests.emotion.builders import spread
from vocabulary import LABELS, Absent, Modality, ModalityScore, Said

TALK = """USER\tI need a room\tinform\t3,3,3
SYSTEM\tWhich one?\tasks\t
USER\tthe blue one again\tinform\t2,2,2
USER\tthanks\tthank\t4,4,4
"""


class WordScorer:
    """Anger for "angry", absent for an empty text; a cue for "again", higher in context."""

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore | Absent:
        if not text:
            return Absent("no words")
        label = "anger" if "angry" in text else "neutral"
        cue = (0.2 if "again" in text else 0.0) + (0.1 * len(context) if "again" in text else 0.0)
        return ModalityScore(Modality.TEXT, spread(label, 0.8), 0.8, frustration_cue=cue)


def test_texts_in_folders(tmp_path: Path) -> None:
    for where, text in (("anger/1", "so angry"), ("anger/2", "meh"), ("neutral/1", "a room"), ("neutral/2", "")):
        path = tmp_path / f"{where}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "neutral" / "3.txt").write_bytes(b"\xff\xfe\xff")
    result = evaluate_texts(corpora.folder_corpus(tmp_path), WordScorer(), model="m", split="s").to_dict()
    assert (result["n"], result["recall"]) == (3, {"anger": 0.5, "neutral": 1.0})
    assert result["skipped"]["cannot be judged (no words)"] == {"count": 1, "files": ["2.txt"]}
    assert result["skipped"]["cannot be read (not UTF-8)"] == {"count": 1, "files": ["3.txt"]}


def test_folder_of_texts_that_nobody_can_judge(tmp_path: Path) -> None:
    (tmp_path / "anger").mkdir()
    (tmp_path / "anger" / "1.txt").write_text("")
    with pytest.raises(EvaluationError, match="no text of folder could be judged"):
        evaluate_texts(corpora.folder_corpus(tmp_path), WordScorer(), model="m", split="s")


def test_dialogues_give_the_auc_in_context_and_alone_and_null_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "talks.txt"
    path.write_text(TALK)
    result = evaluate_dialogues(uss(path), WordScorer(), model="m", split="all dialogues").to_dict()
    assert result["dissatisfied_auc"] == 1.0
    assert (result["n"], result["dialogues"], result["dissatisfied"]) == (3, 1, 1)
    assert result["dissatisfied_auc_without_context"] == 1.0
    for key in ("accuracy", "uar", "macro_f1", "anger_auc", "high_arousal_auc", "ece", "error_at_70_coverage"):
        assert result[key] is None


def test_comments_are_measured_as_scikit_learn_does() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random((200, 7)) < 0.25
    truth[:, 6] |= ~truth.any(axis=1)
    chances = np.clip(0.5 * truth + 0.6 * rng.random((200, 7)), 0, 1)
    thresholds = [0.4, 0.5, 0.6, 0.5, 0.5, 0.5, 0.3]
    result = evaluate_comments(chances, truth, thresholds, model="m", split="published test").to_dict()
    said = chances >= np.array(thresholds)
    assert result["macro_f1"] == pytest.approx(f1_score(truth, said, average="macro"))
    each = recall_score(truth, said, average=None)
    assert list(result["recall"].values()) == pytest.approx(each)
    assert result["uar"] == pytest.approx(each.mean())
    assert set(result["f1"]) == set(LABELS)


def test_shares_of_a_comment_can_be_told_apart_from_its_chances() -> None:
    truth = np.eye(7, dtype=bool)[[0, 6]]
    chances = np.array([[0.9, 0, 0, 0, 0, 0, 0.1], [0.8, 0, 0, 0, 0, 0, 0.1]])
    plain = evaluate_comments(chances, truth, [0.5] * 7, model="m", split="s").to_dict()
    shares = np.eye(7)[[0, 6]]
    told = evaluate_comments(chances, truth, [0.5] * 7, shares=shares, model="m", split="s").to_dict()
    assert (plain["accuracy"], told["accuracy"]) == (0.5, 1.0)
    assert plain["macro_f1"] == told["macro_f1"]
    assert told["ece"] == 0.0 and plain["ece"] > 0.3
