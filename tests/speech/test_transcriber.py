"""From a clip to words: chunks, times, guards, partial texts, and the engines behind them."""

import itertools
import logging
from pathlib import Path

import numpy as np
import pytest

from speech import Transcriber, TranscriberError, decode, describe_engines, open_transcriber, word_errors
from speech.recognition.setup import SpeechSetup
from speech.recognition.transcript import Passage, Word
from tests.flite import Speak
from tests.speech.fake_engine import FakeEngine
from vocabulary import SAMPLE_RATE_HZ, Clip


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def hello(_: np.ndarray) -> list[Passage]:
    return [Passage("hello there", average_log_probability=-0.1)]


@pytest.fixture(scope="session")
def long_talk(spoken_order: Clip) -> Clip:
    """Six sentences with pauses, and one after half a minute of silence."""
    parts = [part for _ in range(6) for part in (spoken_order.samples, silence(1.0))]
    return Clip(np.concatenate([*parts, silence(30), spoken_order.samples]))


def test_speech_is_given_in_chunks_without_long_silence(long_talk: Clip) -> None:
    engine = FakeEngine(hello, longest_s=12.0)
    transcript = Transcriber(engine).transcribe(long_talk)
    assert max(engine.given) <= 12.0
    assert len(engine.given) >= 2
    assert sum(engine.given) < long_talk.seconds - 28
    assert transcript.text == " ".join(["hello there"] * len(engine.given))
    whole = FakeEngine(hello, longest_s=100.0)
    Transcriber(whole).transcribe(long_talk)
    assert len(whole.given) == 1


def test_times_count_from_the_beginning_of_the_clip(spoken_order: Clip) -> None:
    clip = Clip(np.concatenate([silence(2), spoken_order.samples, silence(8), spoken_order.samples]))

    def timed(samples: np.ndarray) -> list[Passage]:
        end_s = samples.size / SAMPLE_RATE_HZ
        words = (Word("first", 0.3, 0.6), Word("untimed"), Word("last", end_s - 0.5, end_s - 0.3))
        return [Passage("first untimed last", words, end_s=end_s)]

    first, untimed, last = Transcriber(FakeEngine(timed)).transcribe(clip).words
    assert first.start_s == pytest.approx(2.0 + 0.1, abs=0.3)
    assert untimed.start_s is None and untimed.end_s is None
    assert last.start_s == pytest.approx(clip.seconds - 0.5, abs=0.5)


def test_partial_texts_grow(long_talk: Clip) -> None:
    heard: list[str] = []
    transcript = Transcriber(FakeEngine(hello, longest_s=8.0)).transcribe(long_talk, on_partial=heard.append)
    assert len(heard) > 2
    assert heard[-1] == transcript.text
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(heard))


def test_words_that_are_not_believed_leave_a_reason_and_no_content(
    spoken_order: Clip, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    engine = FakeEngine(lambda _: [Passage("zebra gnu", average_log_probability=-3.0)])
    with caplog.at_level(logging.INFO, logger="speech"):
        transcript = Transcriber(engine).transcribe(spoken_order, on_partial=heard.append)
    assert (transcript.text, transcript.reason, transcript.words) == ("", "not_believed", ())
    assert heard == []
    (record,) = [record for record in caplog.records if record.name == "speech.transcriber"]
    assert record.__dict__["reasons"] == "unlikely"
    assert "zebra" not in str(record.__dict__)


def test_what_is_believed_stays_beside_what_is_not(spoken_order: Clip) -> None:
    engine = FakeEngine(lambda _: [Passage("where is my order"), Passage("♪♪")])
    transcript = Transcriber(engine).transcribe(spoken_order)
    assert (transcript.text, transcript.reason) == ("where is my order", None)


def test_chunk_with_a_loop_is_heard_again_in_halves(spoken_order: Clip) -> None:
    clip = Clip(np.concatenate([spoken_order.samples] * 4))

    def loops_when_long(samples: np.ndarray) -> list[Passage]:
        long = samples.size > 0.7 * clip.samples.size
        return [Passage("and so " * 20 if long else "hello there", average_log_probability=-0.1)]

    engine = FakeEngine(loops_when_long, longest_s=60)
    transcript = Transcriber(engine).transcribe(clip)
    assert transcript.text == "hello there hello there"
    assert len(engine.given) == 3
    forever = FakeEngine(lambda _: [Passage("and so " * 20)], longest_s=60)
    assert Transcriber(forever).transcribe(clip).reason == "not_believed"
    assert len(forever.given) <= 7


def test_engine_without_words_has_not_understood(spoken_order: Clip) -> None:
    transcript = Transcriber(FakeEngine(lambda _: [])).transcribe(spoken_order)
    assert (transcript.text, transcript.reason) == ("", "not_understood")
    assert transcript.speech_seconds > 0


def test_engine_is_not_asked_where_nobody_speaks() -> None:
    engine = FakeEngine(hello)
    for samples in (np.zeros(0), np.zeros(48_000), 0.05 * np.random.default_rng(3).standard_normal(48_000)):
        transcript = Transcriber(engine).transcribe(Clip(samples.astype(np.float32)))
        assert (transcript.text, transcript.reason, transcript.speech_seconds) == ("", "no_speech", 0)
    assert engine.given == []


def test_warming_up_hears_nothing_and_asks_the_engine_once() -> None:
    engine = FakeEngine(hello)
    Transcriber(engine).warm_up()
    assert engine.given == [1.0]


def test_default_engine_hears_the_same_twice(transcriber: Transcriber, spoken_order: Clip, speak: Speak) -> None:
    first = transcriber.transcribe(spoken_order)
    transcriber.transcribe(decode(speak("I want to talk to a person please")))
    again = transcriber.transcribe(spoken_order)
    assert first.text == again.text != ""
    assert "where is my order" in first.text.lower()
    assert first.reason is None
    assert first.audio_seconds == spoken_order.seconds
    assert 0 < first.speech_seconds <= first.audio_seconds
    assert first.engine == transcriber.engine


def test_unknown_engine_is_named() -> None:
    with pytest.raises(TranscriberError, match="auto or one of") as caught:
        open_transcriber(SpeechSetup(engine="telepathy"))
    assert caught.value.code == "settings"


def test_every_capability_names_its_engine() -> None:
    statuses = describe_engines()
    assert {"speech to text", "voice activity", "audio decoding"} <= {status.capability for status in statuses}
    assert all(status.better is not None or status.how_to_get is None for status in statuses)


@pytest.mark.shared
def test_natural_speech_is_understood(shared_data: Path, transcriber: Transcriber) -> None:
    path = shared_data / "speech" / "jfk.flac"
    if not path.is_file():
        pytest.skip("jfk.flac is not in the measuring data")
    words = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
    assert word_errors(words, transcriber.transcribe(decode(path)).text) <= 8


def test_an_engine_that_does_not_exist_is_named_with_those_that_do() -> None:
    status = describe_engines(SpeechSetup(engine="foo"))[0]
    assert (status.engine, status.in_use) == ("none", False)
    assert "ATTUNE_SPEECH_ENGINE" in str(status.how_to_get)
    assert "'foo'" in str(status.how_to_get) and "moonshine" in str(status.how_to_get)


def test_model_that_is_not_there_is_named_beside_what_serves_instead(tmp_path: Path) -> None:
    status = describe_engines(SpeechSetup(model="nowhere", shelf=tmp_path))[0]
    assert status.in_use
    assert status.how_to_get is not None
    assert "ATTUNE_SPEECH_MODEL is 'nowhere'" in status.how_to_get
