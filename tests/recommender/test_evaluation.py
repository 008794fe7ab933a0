"""The measure by hand-computed numbers, and the figures of the demo's catalogue."""

import math
from pathlib import Path

import pytest

from recommender import Recommender, candidates, evaluate, read_judgements
from recommender.evaluation.judged import JudgementsError, ndcg

JUDGED = Path(__file__).with_name("judged.json")


def test_ndcg_by_hand() -> None:
    assert ndcg([2, 1], [2, 1], 3) == 1.0
    assert ndcg([0, 0, 0], [2], 3) == 0.0
    assert ndcg([2, 0, 1], [1, 2, 0], 3) == pytest.approx((3 + 1 / 2) / (3 + 1 / math.log2(3)))
    assert ndcg([0, 2], [2], 3) == pytest.approx(1 / math.log2(3))
    assert ndcg([], [], 3) == 0.0


def test_every_judgement_names_things_that_the_shop_has(demo: Recommender) -> None:
    for judged in read_judgements(JUDGED):
        for wanted in judged.wanted:
            assert any(wanted.covers(item) for item in demo.items), (judged.query, wanted)


def test_the_held_out_queries_are_answered_well(demo: Recommender) -> None:
    report = evaluate(demo, read_judgements(JUDGED, "held_out"))
    assert report.queries >= 40
    assert report.ndcg >= 0.86
    assert report.hit >= 0.95
    assert report.silence == 1.0


def test_words_and_kinds_beat_meaning_alone(demo: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    held_out = read_judgements(JUDGED, "held_out")
    hybrid = evaluate(demo, held_out)
    for weight in ("WORDS_WEIGHT", "FUSION_WEIGHT", "KIND_WEIGHT", "TARGET_WEIGHT"):
        monkeypatch.setattr(candidates, weight, 0.0)
    assert evaluate(demo, held_out).ndcg < hybrid.ndcg - 0.03


def test_a_file_that_is_none_of_judged_queries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judged.json"
    path.write_text("[{}]")
    with pytest.raises(JudgementsError, match="Expected a JSON list"):
        read_judgements(path)
    with pytest.raises(JudgementsError, match="no queries of the split 'other'; it has held_out, tuning"):
        read_judgements(JUDGED, "other")
