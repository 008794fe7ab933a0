"""What browsers record is decoded: Chromium's WebM, Firefox's Ogg, Safari's MP4.

Chromium's own recordings are decoded in tests/e2e/test_voice.py. The others are written here by FFmpeg's libraries, in
the containers and codecs of those browsers, streamed as a recorder writes them: in fragments, without a length.
"""

import io

import av
import numpy as np
import pytest

from speech import AudioError, decode

RATE_HZ = 48_000
SECONDS = 3.0
# (container, codec, options): Safari and newer Chromium write fragmented MP4.
FORMATS = {
    "webm/opus": ("webm", "libopus", {"live": "1"}),
    "ogg/opus": ("ogg", "libopus", {}),
    "mp4/aac": ("mp4", "aac", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
    "mp4/opus": ("mp4", "libopus", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
}


def tone(seconds: float = SECONDS) -> np.ndarray:
    """440 Hz, (1, n_samples), float32."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.4 * np.sin(2 * np.pi * 440 * at)).astype(np.float32)[np.newaxis]


def recorded(name: str) -> bytes:
    container, codec, options = FORMATS[name]
    file = io.BytesIO()
    with av.open(file, "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=RATE_HZ, layout="mono")
        stream.bit_rate = 32_000
        frame = av.AudioFrame.from_ndarray(tone(), format="fltp", layout="mono")
        frame.sample_rate = RATE_HZ
        for packet in (*stream.encode(frame), *stream.encode(None)):
            output.mux(packet)
    return file.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_recording_of_every_browser_is_decoded(name: str) -> None:
    clip = decode(recorded(name))
    assert clip.seconds == pytest.approx(SECONDS, abs=0.1)
    middle = clip.samples[16_000:32_000]
    spectrum = np.abs(np.fft.rfft(middle))
    assert int(spectrum.argmax()) == pytest.approx(440, abs=2), "the tone is there, at its pitch"
    assert float(np.sqrt(np.mean(middle**2))) == pytest.approx(0.4 / np.sqrt(2), rel=0.15), "and as loud"


@pytest.mark.parametrize("name", FORMATS)
def test_recording_that_broke_off_is_heard_or_refused_in_words(name: str) -> None:
    sound = recorded(name)
    try:
        clip = decode(sound[: len(sound) // 2])
    except AudioError as err:
        assert err.code in ("truncated", "not_readable", "empty")
    else:
        assert 0 < clip.seconds < SECONDS
