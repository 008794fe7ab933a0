"""Rated dialogues: the reader, the measure, and the graph network that is compared on them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from emotion import EmotionError
from emotion.evaluation.corpora.uss import uss
from emotion.evaluation.dissatisfaction import dissatisfaction_figures, measure_dissatisfaction
from emotion.text.context import in_context, read_context
from tests.emotion.builders import score
from vocabulary import Absent, Author, ModalityScore, Said

TWO = """
USER\tWhere is my parcel?\tAsk\t3,3,4
SYSTEM\tI could not find it.\tInform\t
USER\tAre you sure?\t\t2,2,3
USER\tOVERALL\t\t2,3

USER\tHi\tGreet\t3,3
SYSTEM\tHello\t\t
USER\tthanks\t\t
"""


class Counting:
    """Scores by the talk alone and keeps what reached it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, list[Said]]] = []

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore | Absent:
        self.seen.append((text, list(context)))
        return in_context(score(label="neutral", cue=0.1), read_context(text, context))


class Hashed:
    """An encoder that gives every text a vector of its own."""

    dimensions, version = 8, "hashed"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([np.random.default_rng(len(text)).normal(size=8) for text in texts], dtype=np.float32)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rated.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_lines_ratings_and_dialogues_are_read_in_order(tmp_path: Path) -> None:
    first, second = uss(written(tmp_path, TWO))
    assert [turn.said.author for turn in first] == [Author.CUSTOMER, Author.BOT, Author.CUSTOMER]
    assert [turn.rating for turn in first] == [pytest.approx(10 / 3), None, pytest.approx(7 / 3)]
    assert [turn.dissatisfied for turn in first] == [False, False, True]
    assert second[-1].rating is None
    assert uss(written(tmp_path, TWO), first=2) == [second]
    assert uss(written(tmp_path, TWO.replace("\n", "\r\n"))) == [first, second]
    assert uss(tmp_path) == [first, second]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no rated turn"),
        ("USER\tHi\tGreet\tgood", "line 1: ratings 'good'"),
        ("USER\tHi\tGreet\t7", "expected 1 to 5"),
        ("AGENT\tHi\tGreet\t3", "role 'AGENT'"),
        ("just words", "tab-separated"),
    ],
)
def test_other_layouts_are_refused_with_the_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(EmotionError, match=message):
        uss(written(tmp_path, text))


def test_missing_files_and_impossible_ranges_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EmotionError, match="missing"):
        uss(tmp_path / "nothing.txt")
    with pytest.raises(EmotionError, match=r"without \.txt"):
        uss(tmp_path)
    with pytest.raises(EmotionError, match="first of at least 1"):
        uss(written(tmp_path, TWO), first=0)
    (tmp_path / "rated.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EmotionError, match="UTF-8"):
        uss(tmp_path)


def test_every_rated_turn_is_scored_with_its_own_dialogue_before_it(tmp_path: Path) -> None:
    scorer = Counting()
    figures = measure_dissatisfaction(scorer, uss(written(tmp_path, TWO)))
    assert [(text, len(context)) for text, context in scorer.seen] == [
        ("Where is my parcel?", 0),
        ("Are you sure?", 2),
        ("Hi", 0),
    ]
    assert (figures.dialogues, figures.turns, figures.dissatisfied, figures.absent) == (2, 3, 1, 0)
    assert figures.dissatisfied_auc == 1.0
    assert measure_dissatisfaction(scorer, uss(written(tmp_path, TWO)), with_context=False).dissatisfied_auc == 0.5


def test_cues_that_do_not_fit_and_turns_of_one_kind_are_refused(tmp_path: Path) -> None:
    dialogues = uss(written(tmp_path, TWO))
    with pytest.raises(EmotionError, match="one cue for each"):
        dissatisfaction_figures(dialogues, [[0.1], [0.2]])
    with pytest.raises(EmotionError, match="both kinds"):
        dissatisfaction_figures(dialogues[1:], [[0.1]])


def test_the_graph_hears_the_past_only() -> None:
    from emotion.training.dialogue.graph import KINDS, edge_kinds

    kinds = edge_kinds(np.array([True, False, True, False] * 5))
    assert (kinds[np.triu_indices(20)] == -1).all()
    assert kinds.max() < KINDS
    assert kinds[1, 0] != kinds[2, 1]  # who hears whom
    assert kinds[2, 0] != kinds[6, 0]  # at what distance
    assert kinds[11, 0] == -1


def test_the_graph_learns_what_a_talk_shows_and_judges_each_turn_without_the_later_ones(tmp_path: Path) -> None:
    from emotion.training.dialogue.compare import compare_graph
    from emotion.training.dialogue.graph import GraphModel, GraphOptions
    from emotion.training.dialogue.nodes import read_nodes

    good = "USER\twhere is it\t\t3\nSYSTEM\tit is here\t\t\nUSER\tthanks a lot\t\t4\n\n"
    bad = "USER\twhere is it\t\t3\nSYSTEM\tI could not find it\t\t\nUSER\tno, I said the red one\t\t1,2\n\n"
    path = written(tmp_path, (good + bad) * 12)
    options = GraphOptions(layers=1, hidden=8, epochs=20, networks=1, rate=1e-2)
    report = compare_graph(
        path, Hashed(), tmp_path, scorer=Counting(), choose=(1, 16), report=(17, 24), designs={"one": options}
    )
    assert report.chosen == "one" and report.folds["one"] > 0.9
    assert report.graph is not None and report.graph.dissatisfied_auc > 0.9
    assert report.reading is not None and report.reading.dialogues == 8
    dialogues = uss(path, last=2)
    model = GraphModel(options).fit(read_nodes(dialogues, Hashed(), tmp_path, Counting()), 7)
    whole, begun = (
        model.cues(read_nodes([part], Hashed(), tmp_path, Counting()))[0] for part in (dialogues[1], dialogues[1][:1])
    )
    assert whole[0] == pytest.approx(begun[0])
