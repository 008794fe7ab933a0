"""Speech to text: order numbers, silence, several threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from speech import Transcriber, TranscriberError, decode, describe_engines, open_transcriber, word_errors
from speech.recognition.rivals import Rivals, distance
from speech.recognition.sphinx import SphinxEngine
from tests.speech.conftest import Speak
from vocabulary import Clip


def test_spoken_order_number_is_understood(transcriber: Transcriber, spoken_order: Clip) -> None:
    transcript = transcriber.transcribe(spoken_order)
    assert transcript.text == "where is my order four one seven two zero three"
    assert transcript.reason is None
    assert transcript.audio_seconds == spoken_order.seconds
    assert 0 < transcript.speech_seconds <= transcript.audio_seconds
    assert transcript.seconds > 0
    assert "pocketsphinx" in transcript.engine


@pytest.mark.parametrize("sentence", ["I want to talk to a person please", "my kettle leaks and I want my money back"])
def test_words_of_the_shop_are_understood(transcriber: Transcriber, speak: Speak, sentence: str) -> None:
    text = transcriber.transcribe(decode(speak(sentence))).text
    assert word_errors(sentence.lower(), text) <= 2


def test_silence_gives_no_words_and_the_reason(transcriber: Transcriber) -> None:
    for samples in (np.zeros(0), np.zeros(48_000), 0.05 * np.random.default_rng(3).standard_normal(48_000)):
        transcript = transcriber.transcribe(Clip(samples.astype(np.float32)))
        assert (transcript.text, transcript.reason) == ("", "no_speech")
        assert transcript.speech_seconds == 0


def test_same_clip_gives_the_same_words(transcriber: Transcriber, spoken_order: Clip, speak: Speak) -> None:
    first = transcriber.transcribe(spoken_order).text
    transcriber.transcribe(decode(speak("I want to talk to a person please")))
    assert transcriber.transcribe(spoken_order).text == first


def test_quiet_voice_is_understood_as_well(transcriber: Transcriber, spoken_order: Clip) -> None:
    quiet = Clip((0.05 * spoken_order.samples).astype(np.float32))
    assert "four one seven two zero three" in transcriber.transcribe(quiet).text


def test_threads_share_few_decoders_and_do_not_mix_their_words(spoken_order: Clip) -> None:
    shared = SphinxEngine(decoders=2)
    alone = shared.transcribe(spoken_order).text
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda _: shared.transcribe(spoken_order).text, range(6)))
    assert texts == [alone] * 6


def test_decoder_is_given_back_after_a_failure(spoken_order: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    transcriber = SphinxEngine(decoders=1)

    def broken(*_: object) -> str:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("speech.recognition.sphinx._decode", broken)
        with pytest.raises(TranscriberError):
            transcriber.transcribe(spoken_order)
    finished = threading.Thread(target=transcriber.transcribe, args=(spoken_order,))
    finished.start()
    finished.join(timeout=60)
    assert not finished.is_alive()


def test_broken_language_model_is_named(tmp_path: Path, spoken_order: Clip) -> None:
    (tmp_path / "phrases.lm").write_text("no model")
    with pytest.raises(TranscriberError, match="attune speech prepare") as caught:
        open_transcriber(tmp_path / "phrases.lm").transcribe(spoken_order)
    assert caught.value.code == "engine_model"


def test_missing_language_model_leaves_the_general_one_and_says_so(tmp_path: Path) -> None:
    transcriber = open_transcriber(tmp_path / "nowhere.lm")
    assert transcriber.engine == "pocketsphinx en-us"
    status = describe_engines(tmp_path / "nowhere.lm")[0]
    assert status.in_use
    assert status.how_to_get == "run: attune speech prepare"


def test_every_capability_names_its_engine() -> None:
    statuses = describe_engines()
    assert {status.capability for status in statuses} == {"speech to text", "voice activity", "audio decoding"}
    assert all(status.in_use for status in statuses)
    assert all((status.better is None) == (status.how_to_get is None) for status in statuses)


class _Table:
    """A language model of whole sentences: words in the table are likely, others are not."""

    def __init__(self, *likely: str) -> None:
        self._likely = {word for sentence in likely for word in sentence.split()} | {"</s>"}

    def prob(self, gram: list[str]) -> int:
        return -10_000 if gram[0] in self._likely else -120_000


def test_shop_reading_counts_when_it_sounds_alike_and_only_then() -> None:
    sounds = {"for": "F AO R", "four": "F AO R", "cattle": "K AE T AH L", "kettle": "K EH T AH L", "sheep": "SH IY P"}
    rivals = Rivals(
        _Table("for cattle sheep"),
        _Table("four kettle"),
        lambda word: sounds[word].split(),
    )
    assert rivals.choose("four", "for") == "four"
    assert rivals.choose("sheep", "kettle") == "sheep"
    assert rivals.choose("", "kettle") == "kettle"
    assert rivals.choose("sheep", "") == "sheep"


def test_distance_counts_insertions_deletions_and_changes() -> None:
    assert distance("kitten", "sitting") == 3
    assert distance("", "abc") == distance("abc", "") == 3
    assert word_errors("where is my order", "where is the order now") == 2


@pytest.mark.shared
def test_natural_speech_is_understood_roughly(shared_data: Path, transcriber: Transcriber) -> None:
    path = shared_data / "speech" / "jfk.flac"
    if not path.is_file():
        pytest.skip("jfk.flac is not in the measuring data")
    words = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
    assert word_errors(words, transcriber.transcribe(decode(path)).text) <= 8
