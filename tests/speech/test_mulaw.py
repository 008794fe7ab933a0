"""The telephone's codec, by the numbers of ITU-T G.711, and its filters, by tones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech import FromTelephone, ToTelephone, decode_mulaw, encode_mulaw, over_telephone
from vocabulary import Clip

# ITU-T G.711, table 2a: the first code of each segment and what it stands for, in 14 bits.
SEGMENTS = {0x80: 8031, 0x8F: 4191, 0x9F: 2079, 0xAF: 1023, 0xBF: 495, 0xCF: 231, 0xDF: 99, 0xEF: 33, 0xFE: 2, 0xFF: 0}


@pytest.mark.parametrize(("code", "value"), SEGMENTS.items())
def test_codes_stand_for_the_values_of_the_standard(code: int, value: int) -> None:
    assert decode_mulaw(bytes([code])).tolist() == [4 * value]
    assert decode_mulaw(bytes([code & 0x7F])).tolist() == [-4 * value]


def test_every_code_comes_back_and_zero_has_two() -> None:
    codes = bytes(range(256))
    back = encode_mulaw(decode_mulaw(codes))
    assert [(a, b) for a, b in zip(codes, back, strict=True) if a != b] == [(0x7F, 0xFF)]


def test_every_sample_is_off_by_half_a_step_of_its_segment_at_most() -> None:
    samples = np.arange(-32_124, 32_125, dtype=np.int16)
    off = np.abs(decode_mulaw(encode_mulaw(samples)).astype(int) - samples)
    segment = np.floor(np.log2(np.abs(samples.astype(int)) // 4 + 33)).astype(int) - 5
    assert (off <= 4 << segment).all()
    assert decode_mulaw(encode_mulaw(np.array([32_767, -32_768], dtype=np.int16))).tolist() == [32_124, -32_124]


def tone(hz: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return (8000 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)).astype(np.int16)


def level(samples: np.ndarray) -> float:
    """Root of the mean square, without the first 50 ms."""
    return float(np.sqrt(np.mean(samples[len(samples) // 10 :].astype(float) ** 2)))


@pytest.mark.parametrize("hz", [300, 1000, 3000])
def test_a_tone_of_speech_goes_there_and_back_as_it_was(hz: float) -> None:
    there = ToTelephone().take(tone(hz, 16_000))
    back = FromTelephone().take(there)
    assert (len(there), len(back)) == (4000, 8000)
    assert level(back) == pytest.approx(level(tone(hz, 16_000)), rel=0.05)
    spectrum = np.abs(np.fft.rfft(back * np.hanning(len(back))))
    assert np.argmax(spectrum) * 16_000 / len(back) == pytest.approx(hz, abs=4)


def test_what_a_telephone_does_not_carry_leaves_nothing_behind() -> None:
    alias = decode_mulaw(ToTelephone().take(tone(5500, 16_000)))
    assert level(alias) < level(tone(5500, 16_000)) / 100
    mirrored = FromTelephone().take(encode_mulaw(tone(1500, 8000)))
    spectrum = np.abs(np.fft.rfft(mirrored * np.hanning(len(mirrored))))
    bin_hz = 16_000 / len(mirrored)
    assert spectrum[int(6500 / bin_hz)] < spectrum[int(1500 / bin_hz)] / 1000


@given(st.lists(st.integers(0, 400), min_size=1, max_size=20))
def test_pieces_sound_like_the_whole(sizes: list[int]) -> None:
    sound = np.random.default_rng(3).integers(-20_000, 20_000, sum(sizes), dtype=np.int16)
    whole, line, at, pieces = ToTelephone().take(sound), ToTelephone(), 0, b""
    for size in sizes:
        pieces += line.take(sound[at : at + size])
        at += size
    assert pieces == whole
    up, parts, at = FromTelephone(), [], 0
    for size in sizes:
        parts.append(up.take(whole[at : at + size]))
        at += size
    assert np.array_equal(np.concatenate(parts), FromTelephone().take(whole))


def test_a_clip_over_the_telephone_is_as_long_and_sounds_alike() -> None:
    clip = Clip((0.5 * np.sin(np.arange(16_001) / 9)).astype(np.float32))
    arrived = over_telephone(clip)
    assert abs(len(arrived.samples) - len(clip.samples)) <= 1
    assert level(arrived.samples) == pytest.approx(level(clip.samples), rel=0.05)
    assert len(over_telephone(Clip(np.zeros(0, dtype=np.float32))).samples) == 0
