"""Sound as no microphone makes it: words, an empty text or a clear refusal, and never a crash."""

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speech import AudioError, Transcriber, decode
from tests.speech.fake_engine import FakeEngine
from vocabulary import SAMPLE_RATE_HZ, Clip


def encoded(samples: np.ndarray, rate_hz: int = SAMPLE_RATE_HZ, kind: str = "WAV", subtype: str | None = None) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate_hz, format=kind, subtype=subtype)
    return buffer.getvalue()


def at_rate(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    import soxr

    return np.asarray(soxr.resample(samples, SAMPLE_RATE_HZ, rate_hz))


@pytest.fixture(scope="module")
def variants(spoken_order: Clip) -> dict[str, bytes]:
    voice = spoken_order.samples
    six = np.zeros((voice.size, 6), np.float32)
    six[:, 2] = voice
    return {
        "8 kHz": encoded(at_rate(voice, 8_000), 8_000),
        "96 kHz": encoded(at_rate(voice, 96_000), 96_000, subtype="FLOAT"),
        "one of six channels": encoded(six),
        "DC": encoded(np.clip(0.4 * voice + 0.5, -1, 1)),
        "clipped": encoded(np.clip(4 * voice, -1, 1)),
        "quiet": encoded(0.02 * voice),
        "loud floats": encoded(20_000 * voice, subtype="FLOAT"),
        "between clicks": encoded(np.maximum(voice, np.arange(voice.size) % 4000 == 0)),
    }


@pytest.mark.parametrize(
    "name", ["8 kHz", "96 kHz", "one of six channels", "DC", "clipped", "quiet", "loud floats", "between clicks"]
)
def test_voice_is_heard_however_it_was_recorded(
    transcriber: Transcriber, variants: dict[str, bytes], name: str
) -> None:
    transcript = transcriber.transcribe(decode(variants[name]))
    assert transcript.reason is None
    assert "order" in transcript.text.lower()


@pytest.mark.parametrize(
    ("samples", "code"),
    [(np.full(8_000, np.nan, np.float32), "not_finite"), (np.full(8_000, np.inf, np.float32), "not_finite")],
)
def test_samples_that_are_no_numbers_are_refused(samples: np.ndarray, code: str) -> None:
    with pytest.raises(AudioError) as caught:
        decode(encoded(samples, subtype="FLOAT"))
    assert caught.value.code == code


def test_nothing_and_next_to_nothing(transcriber: Transcriber) -> None:
    with pytest.raises(AudioError) as caught:
        decode(b"")
    assert caught.value.code == "empty"
    for size in (1, 2, 400, 511, 512, 600, 1_600):
        for level in (0.0, 1.0):
            transcript = transcriber.transcribe(decode(encoded(np.full(size, level, np.float32))))
            assert (transcript.text, transcript.reason) == ("", "no_speech")


@pytest.mark.parametrize("kind", ["wav", "ogg", "webm", "mp3", "flac"])
@pytest.mark.parametrize("kept", [0.02, 0.4, 0.9])
def test_cut_off_file_is_refused_or_its_beginning_is_heard(
    tmp_path: Path, spoken_order: Clip, kind: str, kept: float
) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed: apt-get install ffmpeg")
    (tmp_path / "in.wav").write_bytes(encoded(spoken_order.samples))
    whole = tmp_path / f"whole.{kind}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "in.wav", whole], check=True)
    data = whole.read_bytes()
    engine = FakeEngine(lambda _: [])
    try:
        clip = decode(data[: int(len(data) * kept)])
    except AudioError as err:
        assert err.code in ("truncated", "not_audio", "empty")
    else:
        assert clip.seconds < spoken_order.seconds + 0.2
        Transcriber(engine).transcribe(clip)
