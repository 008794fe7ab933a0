"""The customer is who speaks longest; the louder of two who speak about as long."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from speech import SpeakerTurn, customer_segments
from tests.speech.voices.builders import clip, tone

EVEN = clip(tone(10.0))


def turn(start: float, end: float, speaker: str) -> SpeakerTurn:
    return SpeakerTurn(start, end, speaker)


def test_the_one_who_speaks_longest() -> None:
    assert customer_segments(EVEN, [turn(0, 6, "a"), turn(6, 9, "b")]) == ((0, 6),)


def test_of_two_who_speak_about_as_long_the_louder() -> None:
    sound = clip(tone(5.0, level=0.05), tone(4.5, level=0.5))
    assert customer_segments(sound, [turn(0, 5, "a"), turn(5, 9.5, "b")]) == ((5, 9.5),)


def test_what_others_say_at_the_same_time_is_left_out() -> None:
    turns = [turn(0, 4, "a"), turn(1, 2, "b"), turn(5, 8, "a"), turn(7.95, 9, "b")]
    assert customer_segments(EVEN, turns) == ((0, 1), (2, 4), (5, 7.95))


def test_without_anybody_alone_nothing_is_the_customer_s() -> None:
    assert customer_segments(EVEN, []) == ()
    assert customer_segments(EVEN, [turn(0, 5, "a"), turn(0, 5, "b")]) == ()
    assert customer_segments(EVEN, [turn(0, 0.3, "a")]) == ()


def test_turns_beyond_the_clip_are_cut() -> None:
    assert customer_segments(EVEN, [turn(-1, 3, "a"), turn(9, 99, "a"), turn(50, 60, "b")]) == ((0, 3), (9, 10))


@given(
    st.lists(
        st.tuples(st.floats(-2, 12), st.floats(-2, 12), st.sampled_from("abc")).map(
            lambda made: SpeakerTurn(min(made[:2]), max(made[:2]), made[2])
        ),
        max_size=12,
    )
)
def test_spans_are_in_order_apart_and_nobody_else_s(turns: list[SpeakerTurn]) -> None:
    spans = customer_segments(EVEN, turns)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges) and all(0 <= edge <= 10 for edge in edges)
    for start, end in spans:
        middle = (start + end) / 2
        assert len({one.speaker for one in turns if one.start_s < middle < one.end_s}) == 1
    assert spans == () or np.sum([end - start for start, end in spans]) >= 0.5
