"""The generator is what its text says, training gives the shipped constants, and the figures hold."""

import json
from pathlib import Path

from emotion.training.behaviour import measure_behaviour, train_behaviour
from emotion.training.behaviour.generator import STRUGGLING, make_sessions
from tests.emotion.behaviour.test_scorer import MODEL
from vocabulary import Visit


def test_sessions_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    assert make_sessions(20, seed=5) == make_sessions(20, seed=5) != make_sessions(20, seed=6)


def test_as_many_struggle_as_it_says_and_habits_look_like_trouble() -> None:
    sessions = make_sessions(2000, seed=5)
    struggling = sum(session.struggling for session in sessions) / len(sessions)
    assert abs(struggling - STRUGGLING) < 0.04
    smooth = [Visit.of(session.steps) for session in sessions if not session.struggling]
    assert sum(visit.rereads > 0 for visit in smooth) / len(smooth) > 0.3
    assert sum(visit.returns > 0 for visit in smooth) / len(smooth) > 0.3


def test_training_again_gives_the_shipped_constants_and_the_card_s_figures(tmp_path: Path) -> None:
    report = train_behaviour(tmp_path)
    made, shipped = (json.loads((folder / "meta.json").read_text()) for folder in (tmp_path, MODEL))
    assert set(made["weights"]) == set(shipped["weights"])
    assert all(abs(made["weights"][name] - value) < 1e-3 for name, value in shipped["weights"].items())
    assert f"{report.held_out.auc:.3f}" in (MODEL / "card.md").read_text()
    assert "synthetic" in report.split


def test_figures_of_the_shipped_model_on_synthetic_sessions() -> None:
    report = measure_behaviour(MODEL)
    assert report.held_out.ece <= 0.05
    assert report.held_out.auc >= 0.8 and report.shifted.auc >= 0.7
    assert report.held_out.auc > max(report.alone.values())
