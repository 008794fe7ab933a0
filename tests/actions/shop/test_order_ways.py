"""Order numbers spoken in many ways reach the form rightly or are asked back; `--order-ways 100` takes all."""

from collections import Counter

from actions.shop.heard import Said
from speech import open_transcriber
from store import HeardWord
from tests.actions.shop.order_ways import OUTCOMES, judge_all, ways
from tests.flite import needs_flite

TEXT = "for one seven to zero three"


def test_a_spoken_number_is_right_or_asked_back(order_ways: int) -> None:
    needs_flite()
    judged = list(judge_all(ways(order_ways), open_transcriber()))
    counts = Counter(one.outcome for one in judged)
    wrong = [(one.way.sentence, one.heard, one.read) for one in judged if one.outcome == "wrong"]
    assert not wrong
    assert set(counts) <= set(OUTCOMES)
    handled = counts["right"] + counts["asked back"] + counts["said back"]
    assert handled >= 0.95 * len(judged), counts


def test_the_ways_differ_and_are_the_same_each_time() -> None:
    drawn = ways(100)
    assert drawn == ways(100)
    assert len({(way.sentence, way.voice) for way in drawn}) == 100
    assert len({way.style for way in drawn}) == 7 and len({way.voice for way in drawn}) == 3


def test_a_number_read_out_of_typed_words_is_always_sure() -> None:
    assert Said(TEXT).number().sure  # type: ignore[union-attr]
    heard = tuple(HeardWord(word, 0.99) for word in TEXT.split())
    assert not Said(TEXT, heard).number().sure  # type: ignore[union-attr]
