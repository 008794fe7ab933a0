"""Sound that arrives in pieces gives the numbers of the whole, to the last bit."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emotion.voice.prosody import Prosody, StreamingProsody, summarise
from tests.emotion.builders import voice
from vocabulary import SAMPLE_RATE_HZ, Clip, ClipError


def same(one: Prosody | None, other: Prosody | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(Prosody)
        if field.name != "cycles"
    ) and all(np.array_equal(getattr(one.cycles, name), getattr(other.cycles, name)) for name in ("jitter", "shimmer"))


def streamed(samples: NDArray[np.float32], sizes: list[int]) -> Prosody | None:
    """Pieces of these sizes, over and over."""
    stream = StreamingProsody()
    start, turn = 0, 0
    while start < samples.size:
        size = sizes[turn % len(sizes)]
        stream.feed(samples[start : start + size])
        start, turn = start + size, turn + 1
    return stream.finish()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 40_000), st.lists(st.integers(1, 20_000), min_size=1, max_size=5))
def test_pieces_of_any_size_give_the_numbers_of_the_whole(n_samples: int, sizes: list[int]) -> None:
    samples = voice(1, seconds=2.5).samples[:n_samples]
    sizes = [max(size, n_samples // 100) for size in sizes]
    assert same(streamed(samples, sizes), Prosody.of(Clip(samples)))


@pytest.mark.parametrize("size", [333, 48_000])
def test_of_a_long_turn_only_the_end_is_kept(size: int) -> None:
    samples = np.concatenate([voice(seed, seconds=8.0).samples for seed in range(3)])
    whole = Prosody.of(Clip(samples))
    assert same(streamed(samples, [size]), whole)
    assert whole is not None and len(whole.hz) <= 2000


def test_ends_of_spans_are_the_customer_s_segments() -> None:
    samples = voice(2, seconds=6.0).samples
    spans = ((0.5, 2.0), (3.0, 3.01), (3.5, 5.75))
    stream = StreamingProsody()
    for start_s, end_s in spans:
        stream.feed(samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)])
        stream.end_span()
    assert same(stream.finish(), Prosody.of(Clip(samples, customer_segments=spans)))


def test_nothing_fed_is_no_prosody() -> None:
    assert StreamingProsody().finish() is None
    stream = StreamingProsody()
    stream.feed(np.zeros(0, dtype=np.float32))
    assert stream.finish() is None


def test_what_is_not_sound_is_refused() -> None:
    with pytest.raises(ClipError, match="NaN or infinity"):
        StreamingProsody().feed(np.array([0.0, np.nan], dtype=np.float32))
    with pytest.raises(ClipError, match="float32"):
        StreamingProsody().feed(np.zeros(10))  # type: ignore[arg-type]


def test_a_stream_is_summed_up_as_a_clip_is() -> None:
    clip = voice(3)
    prosody, live = Prosody.of(clip), streamed(clip.samples, [777])
    assert prosody is not None and live is not None
    one, other = summarise(prosody), summarise(live)
    assert one is not None and other is not None
    assert (one == other).all()
