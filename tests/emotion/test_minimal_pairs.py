"""Two messages that differ in one respect: the right one must read as more frustrated, happier, more confused."""

from collections import Counter
from pathlib import Path

import pytest

from emotion import TextScorer
from emotion.errors import TrainingError
from emotion.training.text.pairs import SPLITS, Pair, measure_pairs, read_pairs
from emotion.training.text.service_language import write_phrases
from vocabulary import Absent, ModalityScore

HERE = Path(__file__).resolve().parent
FILE = HERE / "minimal_pairs.tsv"
PHENOMENA = {"negation", "capitals", "exclamation", "emoji", "hesitation", "sarcasm", "repetition", "thanks", "regret"}
FLOORS = {
    "wording": 0.9,
    "negation": 0.7,
    "capitals": 0.85,
    "exclamation": 0.85,
    "emoji": 0.7,
    "hesitation": 0.85,
    "sarcasm": 0.6,
    "repetition": 0.8,
    "thanks": 0.75,
    "regret": 0.7,
}
"""Share in the right order, both splits together: what the model has, less a little for another run of training."""


def test_there_are_two_hundred_pairs_of_every_kind_in_two_halves() -> None:
    pairs = read_pairs(FILE)
    assert len(pairs) >= 200
    assert len({(pair.lower, pair.higher) for pair in pairs}) == len(pairs)
    for split in SPLITS:
        kinds = Counter(pair.phenomenon for pair in pairs if pair.split == split)
        assert set(kinds) >= PHENOMENA
        assert all(kinds[kind] >= 4 for kind in PHENOMENA)


def test_no_measured_sentence_is_a_training_phrase() -> None:
    trained = {plain(text) for text in write_phrases(7, combinations=0).texts}
    measured = {plain(text) for pair in read_pairs(FILE) for text in (pair.lower, pair.higher)}
    assert not trained & measured


@pytest.mark.parametrize("phenomenon", sorted(FLOORS))
def test_the_order_is_right_in_most_pairs(text_scorer: TextScorer, phenomenon: str) -> None:
    pairs = [pair for pair in read_pairs(FILE) if pair.phenomenon == phenomenon]
    assert measure_pairs(text_scorer.score, pairs).ordered >= FLOORS[phenomenon]


def test_calm_wordings_have_a_low_cue(text_scorer: TextScorer) -> None:
    pairs = [pair for pair in read_pairs(FILE) if pair.phenomenon == "wording"]
    figures = measure_pairs(text_scorer.score, pairs)
    assert figures.calm_below is not None and figures.calm_below >= 0.9
    assert figures.frustrated_above is not None and figures.frustrated_above >= 0.6


def test_a_scorer_that_hears_nothing_orders_nothing() -> None:
    def deaf(_text: str) -> ModalityScore | Absent:
        return Absent("deaf")

    assert measure_pairs(deaf, [Pair("dev", "capitals", "frustration", "a", "A")]).ordered == 0.0


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("# fine\nall\tnegation\tvalence\tone\ttwo\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="line 2"):
        read_pairs(path)


def plain(text: str) -> str:
    return text.lower().rstrip(".!? ")
