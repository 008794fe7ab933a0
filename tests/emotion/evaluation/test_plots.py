"""The pictures of an evaluation: both endings, both pictures, and what cannot be drawn."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotion import EvaluationError
from emotion.evaluation.plots import confusion, draw
from emotion.evaluation.result import Evaluation, Scored, judge
from vocabulary import LABELS


@pytest.fixture
def evaluation() -> Evaluation:
    rng = np.random.default_rng(0)
    truth = tuple(np.array(LABELS)[rng.integers(0, 7, 60)].tolist())
    scored = Scored(rng.dirichlet(np.ones(7), 60), truth)
    metrics, _ = judge(scored, LABELS)
    return Evaluation("folder", "a <model>", "all of it", metrics.n, metrics, scored=scored)


def test_rows_of_the_confusion_sum_to_one() -> None:
    shares = confusion(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    assert shares.tolist() == [[0.5, 0.5], [0.0, 1.0]]


def test_svg_is_well_formed_and_names_every_class(evaluation: Evaluation, tmp_path: Path) -> None:
    draw(evaluation, tmp_path / "x.svg")
    root = ET.parse(tmp_path / "x.svg").getroot()
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert set(LABELS) <= set(words)
    assert "a <model>, n = 60" in words
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) >= 5


def test_png_has_both_pictures(evaluation: Evaluation, tmp_path: Path) -> None:
    draw(evaluation, tmp_path / "x.PNG")
    with Image.open(tmp_path / "x.PNG") as picture:
        pixels = np.asarray(picture)
    half = pixels.shape[1] // 2
    assert (pixels[:, :half] < 200).any() and (pixels[:, half:] < 200).any()


def test_what_cannot_be_drawn_is_said_before_anything_is_written(evaluation: Evaluation, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"ends in \.svg or \.png"):
        draw(evaluation, tmp_path / "x.pdf")
    with pytest.raises(EvaluationError, match="uss has no classes"):
        draw(Evaluation("uss", "m", "s", 3), tmp_path / "x.svg")
    assert list(tmp_path.iterdir()) == []
