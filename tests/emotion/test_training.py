"""Training's own parts, on numbers worked out by hand and tiny data."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

import emotion
from emotion.errors import TrainingError
from emotion.evaluation.metrics import expected_calibration_error
from emotion.text.affect import CIRCUMPLEX, GOEMOTIONS, GROUPS, valence_arousal
from emotion.training.calibration import fit_temperature, softmax
from emotion.training.onnx_graph import Graph
from emotion.training.text.goemotions import group, load_comments
from emotion.training.text.service_language import write_phrases
from vocabulary import LABELS


def test_the_room_exports_what_it_promises() -> None:
    assert all(hasattr(emotion, name) for name in emotion.__all__)


def test_every_label_is_in_exactly_one_group_and_placed() -> None:
    members = [member for group_members in GROUPS.values() for member in group_members]
    assert sorted(members) == sorted(GOEMOTIONS) == sorted(CIRCUMPLEX)
    assert set(GROUPS) == set(LABELS)


def test_two_labels_of_one_group_count_once() -> None:
    row = np.zeros((1, 28), dtype=np.float32)
    row[0, [GOEMOTIONS.index(name) for name in ("anger", "annoyance", "sadness")]] = 1
    assert group(row)[0, LABELS.index("anger")] == pytest.approx(0.5)
    assert group(row)[0, LABELS.index("sadness")] == pytest.approx(0.5)


def test_faint_labels_are_not_inflated() -> None:
    faint = np.zeros(28)
    faint[GOEMOTIONS.index("anger")] = 0.1
    assert valence_arousal(faint) == pytest.approx((-0.08, 0.08))


def test_overconfident_logits_get_a_temperature_above_one() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 3)) * 6
    right = rng.random(4000) < 0.6
    temperature = fit_temperature(logits, right)
    assert temperature > 1.5
    confidence = softmax(logits, temperature).max(axis=1)
    assert confidence.mean() == pytest.approx(0.6, abs=0.05)


def test_calibration_error_by_hand() -> None:
    # One bin: says .9, is right half the time.
    assert expected_calibration_error(np.array([0.9, 0.9]), np.array([True, False])) == pytest.approx(0.4)


def test_a_written_graph_computes_what_it_says(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5, 3)).astype(np.float32)
    weight, bias = rng.normal(size=(3, 4)), rng.normal(size=4)
    graph = Graph("test")
    hidden = graph.relu(graph.dense("x", weight, bias))
    shares = graph.softmax(graph.scale(graph.join(graph.square(hidden), "x"), 0.5))
    graph.save(tmp_path / "g.onnx", [("x", 3)], [("shares", shares, 7), ("hidden", graph.sigmoid(hidden), 4)])
    session = onnxruntime.InferenceSession(str(tmp_path / "g.onnx"), providers=["CPUExecutionProvider"])
    expected_hidden = np.maximum(x @ weight + bias, 0.0)
    powers = np.exp(0.5 * np.concatenate([expected_hidden**2, x], axis=1))
    found = session.run(["shares", "hidden"], {"x": x})
    assert found[0] == pytest.approx(powers / powers.sum(axis=1, keepdims=True), abs=1e-5)
    assert found[1] == pytest.approx(1 / (1 + np.exp(-expected_hidden)), abs=1e-5)


def test_phrases_are_the_same_for_the_same_seed_and_leave_no_gap() -> None:
    first, second = write_phrases(3, combinations=50), write_phrases(3, combinations=50)
    assert first.texts == second.texts
    assert not any("{" in text for text in first.texts)
    assert first.soft.sum(axis=1) == pytest.approx(1.0)


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Name the folder"):
        load_comments(tmp_path, "train")
