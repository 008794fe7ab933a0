"""Probabilities become stretches, stretches become chunks: hand-computed."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from speech.activity import Chunk, Stretch, halves, packed
from speech.activity.stretches import stretches, with_margins
from vocabulary import SAMPLE_RATE_HZ


def frames(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_speech_begins_high_and_ends_low() -> None:
    found = stretches(frames(0.4, 0.6, 0.4, 0.9, 0.4, 0.3, 0.9), 1.0)
    assert found == [Stretch(1.0, 5.0, 0.9, 0.575)]


def test_sound_under_the_upper_mark_is_no_speech() -> None:
    assert stretches(frames(0.49, 0.49, 0.49, 0.49, 0.49), 1.0) == []
    assert stretches(frames(), 1.0) == []


def test_two_frames_are_a_click() -> None:
    assert stretches(frames(0.0, 0.99, 0.99, 0.0), 1.0) == []
    assert len(stretches(frames(0.99, 0.99, 0.99), 1.0)) == 1


def test_short_pauses_are_joined_and_margins_stay_in_the_clip() -> None:
    found = [Stretch(0.1, 1.0, 0.8, 0.6), Stretch(1.5, 2.5, 0.9, 0.8), Stretch(4.0, 5.0, 1.0, 1.0)]
    joined = with_margins(found, 5.1, margin_s=0.25, join_s=0.6)
    assert [(each.start_s, each.end_s) for each in joined] == [(0.0, 2.75), (3.75, 5.1)]
    assert joined[0].peak == 0.9
    assert joined[0].mean == pytest.approx((0.6 * 0.9 + 0.8 * 1.0) / 1.9)


def test_stretches_share_a_chunk_and_a_long_silence_between_them_is_left_out() -> None:
    found = [Stretch(1, 3, 0.9, 0.8), Stretch(4, 6, 1.0, 0.9), Stretch(20, 22)]
    (chunk,) = packed(found, np.zeros(30 * SAMPLE_RATE_HZ, np.float32), 30.0)
    assert chunk.pieces == ((1, 6), (20, 22))
    assert chunk.seconds == 7
    assert chunk.peak == 1.0
    assert chunk.samples(np.zeros(30 * SAMPLE_RATE_HZ, np.float32)).size == 7 * SAMPLE_RATE_HZ


def test_moments_of_a_chunk_are_found_in_the_clip() -> None:
    chunk = Chunk(((1.0, 6.0), (20.0, 22.0)), None, None)
    assert [chunk.clip_s(at) for at in (0.0, 4.5, 5.5, 7.0, 9.0)] == [1.0, 5.5, 20.5, 22.0, 22.0]


def test_chunks_end_at_pauses() -> None:
    found = [Stretch(0, 8), Stretch(9, 17), Stretch(18, 25)]
    chunks = list(packed(found, np.zeros(25 * SAMPLE_RATE_HZ, np.float32), 20.0))
    assert [chunk.pieces for chunk in chunks] == [((0, 17),), ((18, 25),)]


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    samples = np.full(25 * SAMPLE_RATE_HZ, 0.5, np.float32)
    samples[int(15.9 * SAMPLE_RATE_HZ) : int(16.1 * SAMPLE_RATE_HZ)] = 0.01
    first, second = packed([Stretch(0, 25)], samples, 20.0)
    assert first.pieces[0][1] == second.pieces[0][0] == pytest.approx(16.0, abs=0.06)


def test_halves_part_at_the_middle_pause_or_the_quietest_place() -> None:
    samples = np.full(12 * SAMPLE_RATE_HZ, 0.5, np.float32)
    samples[7 * SAMPLE_RATE_HZ : int(7.2 * SAMPLE_RATE_HZ)] = 0
    two = halves(Chunk(((0.0, 2.0), (4.0, 6.0), (9.0, 12.0)), 0.9, 0.8), samples)
    assert [half.pieces for half in two] == [((0.0, 2.0), (4.0, 6.0)), ((9.0, 12.0),)]
    first, second = halves(Chunk(((0.0, 12.0),), None, None), samples)
    assert first.pieces[0][1] == second.pieces[0][0] == pytest.approx(7.1, abs=0.06)


def test_chunks_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        list(packed([Stretch(0, 1)], np.zeros(16_000, np.float32), 0.0))


@given(
    lengths=st.lists(
        st.tuples(st.floats(min_value=0.01, max_value=4), st.floats(min_value=0.1, max_value=40)), max_size=8
    ),
    longest_s=st.floats(min_value=1, max_value=30),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_no_speech_is_lost_doubled_or_too_long(lengths: list[tuple[float, float]], longest_s: float) -> None:
    at = 0.0
    found = []
    for pause, seconds in lengths:
        found.append(Stretch(at + pause, at + pause + seconds))
        at += pause + seconds
    samples = np.random.default_rng(1).standard_normal(round((at + 1) * SAMPLE_RATE_HZ)).astype(np.float32)
    chunks = list(packed(found, samples, longest_s))
    pieces = [piece for chunk in chunks for piece in chunk.pieces]
    assert all(chunk.seconds <= longest_s + 1e-6 for chunk in chunks)
    assert all(first[1] <= second[0] + 1e-6 for first, second in itertools.pairwise(pieces))
    for stretch in found:
        covered = sum(max(0.0, min(end, stretch.end_s) - max(start, stretch.start_s)) for start, end in pieces)
        assert covered == pytest.approx(stretch.seconds, abs=1e-6)
