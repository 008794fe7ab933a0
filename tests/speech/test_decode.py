"""Decoding: every container, every insult."""

import io
import shutil
import struct
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from speech import AudioError, decode
from vocabulary import SAMPLE_RATE_HZ

# A 1 × 1 picture.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "000000050001a5f645400000000049454e44ae426082"
)


def sine(seconds: float = 1.0, rate_hz: int = SAMPLE_RATE_HZ, amplitude: float = 0.5) -> np.ndarray:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (amplitude * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)


def encoded(samples: np.ndarray, rate_hz: int = SAMPLE_RATE_HZ, kind: str = "WAV", subtype: str | None = None) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate_hz, format=kind, subtype=subtype)
    return buffer.getvalue()


def refused(data: bytes | Path, **options: float) -> AudioError:
    with pytest.raises(AudioError) as caught:
        decode(data, **options)
    assert not caught.value.retryable
    return caught.value


def pitch_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(spectrum.argmax() * SAMPLE_RATE_HZ / samples.size)


@pytest.mark.parametrize(("kind", "subtype"), [("WAV", None), ("WAV", "FLOAT"), ("FLAC", None), ("OGG", "VORBIS")])
def test_sound_comes_back_at_sixteen_kilohertz(kind: str, subtype: str | None) -> None:
    clip = decode(encoded(sine(), kind=kind, subtype=subtype))
    assert clip.seconds == pytest.approx(1.0, abs=0.01)
    assert pitch_hz(clip.samples) == pytest.approx(440, abs=2)
    assert float(np.abs(clip.samples).max()) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("ending", ["mp3", "webm", "m4a", "opus", "aac", "ogg"])
def test_containers_of_browsers_and_phones_are_decoded(tmp_path: Path, ending: str) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed: apt-get install ffmpeg")
    (tmp_path / "in.wav").write_bytes(encoded(sine(2.0)))
    out = tmp_path / f"out.{ending}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "in.wav", out], check=True)
    for clip in (decode(out), decode(out.read_bytes())):
        assert clip.seconds == pytest.approx(2.0, abs=0.15)
        assert pitch_hz(clip.samples) == pytest.approx(440, abs=2)
    assert refused(out, max_seconds=1.0).code == "too_long"


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 48_000, 96_000])
def test_other_rates_and_stereo_are_fine(rate_hz: int) -> None:
    clip = decode(encoded(np.stack([sine(1.0, rate_hz)] * 2, axis=1), rate_hz))
    assert clip.seconds == pytest.approx(1.0, abs=0.01)
    assert pitch_hz(clip.samples) == pytest.approx(440, abs=2)


def test_channels_that_cancel_each_other_are_still_heard() -> None:
    clip = decode(encoded(np.stack([sine(), -sine()], axis=1)))
    assert float(np.abs(clip.samples).max()) == pytest.approx(0.5, abs=0.05)


def test_float_file_in_another_scale_is_scaled_down() -> None:
    clip = decode(encoded(sine(amplitude=20_000.0), subtype="FLOAT"))
    assert float(np.abs(clip.samples).max()) == pytest.approx(1.0)
    assert pitch_hz(clip.samples) == pytest.approx(440, abs=2)


def test_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    assert refused(b"").code == "empty"
    assert refused(tmp_path / "empty.wav").code == "empty"
    assert refused(encoded(np.zeros(0, np.float32))).code == "empty"


def test_missing_file_is_named(tmp_path: Path) -> None:
    error = refused(tmp_path / "nowhere.wav")
    assert error.code == "not_readable"
    assert "nowhere.wav" in str(error)


def test_picture_that_is_called_wav_is_refused(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(PNG)
    assert refused(tmp_path / "voice.wav").code == "not_audio"
    assert refused(PNG).code == "not_audio"


@pytest.mark.parametrize(
    "head",
    [b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS", b"\x1a\x45\xdf\xa3", b"\0\0\0\x18ftypM4A ", b"ID3\x04", b"\xff\xfb\x90"],
)
def test_file_that_only_begins_like_audio_is_refused(head: bytes) -> None:
    for rest in (b"", b"\0" * 2_000, b"This is a letter. " * 200):
        assert refused(head + rest).code in ("not_audio", "empty", "unsupported", "truncated")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.95])
def test_cut_off_flac_is_refused(kept: float) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 3 * SAMPLE_RATE_HZ).astype(np.float32)
    whole = encoded(noise, kind="FLAC")
    assert refused(whole[: int(len(whole) * kept)]).code == "truncated"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused(value: float) -> None:
    samples = sine()
    samples[5_000] = value
    assert refused(encoded(samples, subtype="FLOAT")).code == "not_finite"


def test_hour_of_sound_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        for _ in range(60):
            file.writeframes(bytes(2 * SAMPLE_RATE_HZ * 60))
    error = refused(path)
    assert error.code == "too_long"
    assert "3600 s" in str(error)


def test_small_file_that_unpacks_to_an_hour_is_refused() -> None:
    bomb = encoded(np.zeros(3600 * 8_000, np.float32), 8_000, "FLAC")
    assert len(bomb) < 200_000
    assert refused(bomb).code == "too_long"
    assert refused(bomb, max_seconds=3599.0).code == "too_long"


def test_flac_that_hides_its_length_is_refused_while_it_is_read() -> None:
    data = bytearray(encoded(sine(5.0), kind="FLAC"))
    # The last 36 bits of the 8 bytes at offset 18 are the number of samples; 0 means unknown.
    (fields,) = struct.unpack_from(">Q", data, 18)
    struct.pack_into(">Q", data, 18, fields & ~((1 << 36) - 1))
    assert decode(bytes(data)).seconds == pytest.approx(5.0, abs=0.3)
    assert refused(bytes(data), max_seconds=2.0).code == "too_long"


@pytest.mark.parametrize("rate_hz", [1, 1_000, 2_000_000_000])
def test_absurd_rates_are_refused(rate_hz: int) -> None:
    data = bytearray(encoded(sine(0.1)))
    struct.pack_into("<I", data, 24, rate_hz)
    assert refused(bytes(data)).code in ("unsupported", "not_audio")


@given(data=st.binary(max_size=500))
@hypothesis_settings(max_examples=200, deadline=None)
def test_any_bytes_are_decoded_or_refused_clearly(data: bytes) -> None:
    try:
        decode(data)
    except AudioError as err:
        assert err.code


@given(position=st.integers(min_value=0, max_value=3_000), value=st.integers(min_value=0, max_value=255))
@hypothesis_settings(max_examples=150, deadline=None)
def test_damaged_flac_is_decoded_or_refused_clearly(position: int, value: int) -> None:
    data = bytearray(encoded(sine(0.2), kind="FLAC"))
    data[position % len(data)] = value
    try:
        decode(bytes(data))
    except AudioError as err:
        assert err.code
