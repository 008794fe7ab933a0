"""CTranslate2 is at least as fast as the two engines over PyTorch, measured in one run."""

from benchmarks.whisper_engines import compare_whisper
from speech import Shelf
from vocabulary import Clip


def test_faster_whisper_is_the_fastest_of_the_three(shelf: Shelf, spoken: list[tuple[str, Clip]]) -> None:
    clips = [clip for _, clip in spoken[:1]]
    first, *others = compare_whisper("micro", clips, rounds=2, shelf=shelf)
    assert first.engine == "faster-whisper"
    for other in others:
        assert other.slower >= 1
        assert other.texts == first.texts
