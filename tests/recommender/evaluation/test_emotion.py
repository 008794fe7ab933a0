"""The comparison of lists with and without a state, on lists whose figures are known."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recommender.evaluation.emotion import compare
from recommender.evaluation.situations import Situation, SituationsError, read_situations
from recommender.evaluation.spread import spread
from recommender.slate import Request, Slate
from tests.recommender.fakes import item
from tests.shop.test_situations import ITEMS, SITUATIONS, _grade
from vocabulary import StateName, Suggestion

SHIPPED = Path(__file__).resolve().parents[3] / "shop" / "judged" / "situations.json"
CATALOGUE = [item("a", "A", "10", type="kettle"), item("b", "B", "20", type="kettle"), item("c", "C", "5", stock=0)]


def raw(number: int = 0, state: str = "unsure", **other: Any) -> dict[str, Any]:
    wanted = [{"grade": 3, "where": {"ids": ["a"]}}, {"grade": 1, "where": {"type": "kettle", "max_price": 20}}]
    return {
        "id": f"need{number}.{state}",
        "split": "tune",
        "query": "a kettle",
        "state": {"name": state, "frustration": 24, "trend": 4},
        "wanted": wanted,
    } | other


def slate(*ids: str) -> Slate:
    return Slate(tuple(Suggestion(one, one, Decimal(1), "Kettles", 1.0, "") for one in ids))


def answers(request: Request) -> Slate:
    """With a state the right one first, without it second; nothing for words without a wish."""
    if request.query == "thanks":
        return slate() if request.state else slate("b")
    return slate("a", "b") if request.state else slate("b", "a")


def test_figures_by_hand() -> None:
    situations = [Situation.from_dict(raw(0)), Situation.from_dict(raw(1, query="thanks", wanted=[]))]
    report = compare(situations, answers, CATALOGUE)
    # Gains 7 and 1: blind (1 + 7 / log2 3) / (7 + 1 / log2 3), aware 1.
    assert report.overall.aware == pytest.approx(1.0) and report.overall.blind == pytest.approx(0.7098, abs=1e-4)
    assert report.overall.gain == pytest.approx(1 / 0.70982 - 1, abs=1e-4)
    assert report.interval == pytest.approx((report.overall.gain, report.overall.gain))
    assert report.silent == (1.0, 0.0) and set(report.by_state) == {StateName.UNSURE}
    assert report.overall.aware_right == 0.5 and report.overall.situations == 1
    assert json.loads(json.dumps(report.to_dict()))["aware_ndcg@5"] == 1.0


def test_the_interval_is_of_needs_and_repeats_itself() -> None:
    situations = [Situation.from_dict(raw(number, state)) for number in range(8) for state in ("unsure", "calm")]

    def sometimes(request: Request) -> Slate:
        return answers(request) if int(request.seed[4]) % 2 else slate("b", "a")

    report = compare(situations, sometimes, CATALOGUE)
    low, high = report.interval
    assert low < report.overall.gain < high and compare(situations, sometimes, CATALOGUE).interval == (low, high)
    assert report.felt.situations == 8


def test_without_anything_wanted_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="no situation"):
        compare([Situation.from_dict(raw(wanted=[]))], answers, CATALOGUE)


def test_grades_are_those_of_the_other_reader() -> None:
    """Both read the same guide; this one grades for the command, that one checks the file."""
    read = {one.id: one for one in read_situations(SHIPPED, "tune")}
    for one in SITUATIONS:
        if one["split"] == "tune":
            assert [read[one["id"]].grade(thing) for thing in ITEMS.values()] == [
                _grade(one, thing) for thing in ITEMS.values()
            ]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "[1]", '[{"id": 1}]', json.dumps([raw(split="x")]), json.dumps([raw(state="angry")])]
)
def test_files_that_are_none_are_refused_without_their_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "situations.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SituationsError) as refused:
        read_situations(path)
    assert "kettle" not in str(refused.value)


def test_an_unknown_split_is_named() -> None:
    with pytest.raises(SituationsError, match="tune, report"):
        read_situations(SHIPPED, "all of it")


def test_spread_by_hand() -> None:
    by_id = {one.id: one for one in CATALOGUE}
    assert spread([slate("a", "b"), slate("a")], by_id).to_dict() == {
        "coverage": 0.6667,
        "gini": 0.4444,  # (-2·0 + 0·1 + 2·2) / (3·3)
        "categories_per_item": 0.5,
    }
    assert spread([], by_id).gini == 0.0
