"""`attune emotion evaluate` as a machine calls it: one object with every key, or one clear error."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.emotion import app
from emotion.text.affect import GOEMOTIONS
from tests.emotion.evaluation import layouts
from vocabulary import LABELS

KEYS = {
    "accuracy",
    "uar",
    "recall",
    "macro_f1",
    "anger_auc",
    "high_arousal_auc",
    "dissatisfied_auc",
    "ece",
    "error_at_70_coverage",
    "n",
    "split",
    "model",
    "groups",
    "left_out",
    "skipped",
    "uar_4",
}


def evaluate(*arguments: str, fails: bool = False) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["evaluate", *arguments, "--json"])
    assert (result.exit_code != 0) == fails, result.output
    (line,) = result.stdout.strip().splitlines()
    found: dict[str, Any] = json.loads(line)
    if not fails:
        assert set(found) >= KEYS
    return found


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_dir: Path) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ATTUNE_ENCODER_DIR", str(encoder_dir))


def test_an_english_acted_corpus_is_scored_by_the_model_that_ships(tmp_path: Path) -> None:
    layouts.ravdess(tmp_path / "r", actors=("01", "02"), ending="ogg")
    (tmp_path / "r" / "Actor_01" / "03-01-05-01-01-01-02.wav").write_bytes(b"no sound")
    (tmp_path / "r" / "Actor_01" / "strange.wav").write_bytes(b"x")
    found = evaluate("--corpus", "ravdess", "--path", str(tmp_path / "r"))
    assert found["left_out"]["calm"] == 2
    assert found["n"] + sum(found["left_out"].values()) == 16
    assert found["split"] == "all items; the model was not trained on them"
    assert set(found["groups"]) == {"sex", "speaker"}
    assert found["skipped"]["count"] == 2
    assert found["skipped"]["name is not like 03-01-05-01-02-01-12"]["files"] == ["Actor_01/strange.wav"]
    assert found["dissatisfied_auc"] is None


def test_online_scores_what_is_left_and_draws(tmp_path: Path) -> None:
    layouts.crema_d(tmp_path / "c")
    plot = tmp_path / "x.svg"
    found = evaluate(
        "--corpus", "crema-d", "--path", str(tmp_path / "c"), "--online", "2", "--plot", str(plot)
    )  # fmt: skip
    assert (found["n"], found["online"], found["orders"]) == (8, 2, 20)
    assert plot.read_text().startswith("<svg")


def test_a_corpus_of_the_training_is_refitted_without_each_speaker(tmp_path: Path) -> None:
    layouts.emodb(tmp_path / "e")
    found = evaluate("--corpus", "emodb", "--path", str(tmp_path / "e"))
    assert found["split"] == "each of 3 speakers by a refit on the others"
    assert found["n"] == 18


def test_two_speakers_are_too_few_for_a_refit(tmp_path: Path) -> None:
    layouts.emodb(tmp_path / "e", speakers=("03", "08"))
    found = evaluate("--corpus", "emodb", "--path", str(tmp_path / "e"), fails=True)
    assert found["error"]["code"] == "emotion_evaluation_data"
    assert "at least 3" in found["error"]["message"]


def test_rated_dialogues(tmp_path: Path) -> None:
    talk = "USER\tI need a cheap room\tx\t3,3\nSYSTEM\tHere is one.\tx\t\nUSER\tThat is wrong, again!\tx\t1,2\n"
    (tmp_path / "t.txt").write_text(talk + "\n" + talk)
    found = evaluate("--corpus", "uss", "--path", str(tmp_path / "t.txt"), "--dialogues", "2-2")
    assert (found["n"], found["dialogues"], found["dissatisfied_auc"]) == (2, 1, 1.0)
    assert found["split"].startswith("dialogues 2-2")
    assert found["accuracy"] is None


def test_comments_of_the_published_layout(tmp_path: Path) -> None:
    (tmp_path / "original").mkdir()
    (tmp_path / "original" / "labels.txt").write_text("\n".join(GOEMOTIONS))
    comments = (("I am so angry at you right now", "anger"), ("Thank you, you made my day!", "gratitude"))
    lines = [f"{text}\t{GOEMOTIONS.index(name)}\tid{at}" for at, (text, name) in enumerate(comments)]
    for split in ("train", "dev", "test"):
        (tmp_path / "original" / f"{split}.tsv").write_text("\n".join(lines) + "\n")
    found = evaluate("--corpus", "goemotions", "--path", str(tmp_path))
    assert (found["n"], found["accuracy"], found["split"]) == (2, 1.0, "published test; thresholds from dev")
    assert set(found["f1"]) == set(LABELS) and len(found["thresholds"]) == 7


def test_folder_of_texts(tmp_path: Path) -> None:
    for label, text in (("anger", "I am furious, this is outrageous!"), ("happiness", "I love it, thank you!")):
        (tmp_path / "f" / label).mkdir(parents=True)
        (tmp_path / "f" / label / "1.txt").write_text(text)
    found = evaluate("--corpus", "folder", "--path", str(tmp_path / "f"))
    assert (found["accuracy"], found["n"]) == (1.0, 2)


def test_behaviour_needs_no_path() -> None:
    result = CliRunner().invoke(app, ["evaluate", "--corpus", "behaviour", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)


def test_faces(tmp_path: Path) -> None:
    layouts.faces(tmp_path / "x.npz", per_class=2)
    found = evaluate("--corpus", "fer2013", "--path", str(tmp_path / "x.npz"))
    assert (found["n"], found["split"]) == (14, "all pictures of the file")
    assert sum(np.isfinite(list(found["recall"].values()))) == 7


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--corpus", "ravdess"), "--path is missing"),
        (("--corpus", "ravdess", "--path", "/nowhere"), "is not a folder"),
        (("--corpus", "uss", "--path", "/nowhere"), "/nowhere"),
        (("--corpus", "fer2013", "--path", "/nowhere.npz"), "is missing"),
        (("--corpus", "goemotions", "--path", "/nowhere"), "/nowhere"),
        (("--corpus", "uss", "--path", "/nowhere", "--online", "5"), "--online 5 is for recordings"),
        (("--corpus", "ravdess", "--path", "/nowhere", "--dialogues", "1-2"), "--dialogues is for uss"),
        (("--corpus", "uss", "--path", "/nowhere", "--dialogues", "9-2"), "expected first-last"),
        (("--corpus", "behaviour", "--engine", "psychic"), "psychic"),
        (("--corpus", "folder", "--path", "/nowhere", "--engine", "own"), "is not a folder"),
        (("--corpus", "fer2013", "--path", "FACES", "--engine", "psychic"), "reads no faces"),
        (("--corpus", "fer2013", "--path", "FACES", "--engine", "deepface"), "ATTUNE_FACE_WEIGHTS"),
        (("--corpus", "uss", "--path", "/nowhere", "--engine", "graph", "--dialogues", "1-2"), "no --dialogues"),
    ],
)
def test_what_cannot_be_measured_is_one_clear_error(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    faces = str(layouts.faces(tmp_path / "faces.npz", per_class=1))
    arguments = tuple(faces if one == "FACES" else one for one in arguments)
    assert words in evaluate(*arguments, fails=True)["error"]["message"]
