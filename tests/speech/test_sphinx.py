"""PocketSphinx: two readings, decoders that are shared, confidences, and words that its dictionary lacks."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from speech import PHRASES, SpeechSetup, Talk, Transcriber, TranscriberError, build_shop_model, decode, open_transcriber
from speech.measure import distance
from speech.recognition.rivals import Rivals
from speech.recognition.sphinx import SphinxEngine
from speech.recognition.transcript import Hints
from tests.flite import Speak
from vocabulary import Clip

pytest.importorskip("pocketsphinx")
HINTS = Hints()


def text(engine: SphinxEngine, clip: Clip) -> str:
    return " ".join(passage.text for passage in engine.recognise(clip.samples, HINTS))


@pytest.fixture(scope="module")
def sphinx() -> SphinxEngine:
    return SphinxEngine(language_model=PHRASES)


def test_spoken_order_number_is_understood(sphinx: SphinxEngine, spoken_order: Clip) -> None:
    assert text(sphinx, spoken_order) == "where is my order four one seven two zero three"
    assert Transcriber(sphinx).transcribe(spoken_order).text == "where is my order 417203"


def test_words_have_times_and_confidences(sphinx: SphinxEngine, spoken_order: Clip) -> None:
    (passage,) = sphinx.recognise(spoken_order.samples, HINTS)
    assert " ".join(word.text for word in passage.words) == passage.text
    ends = 0.0
    for word in passage.words:
        assert word.start_s is not None
        assert word.end_s is not None
        assert word.confidence is not None
        assert ends <= word.start_s < word.end_s <= spoken_order.seconds
        assert 0 <= word.confidence <= 1
        ends = word.start_s
    assert np.mean([word.confidence for word in passage.words if word.confidence is not None]) > 0.5


def test_same_clip_gives_the_same_words(sphinx: SphinxEngine, spoken_order: Clip, speak: Speak) -> None:
    first = text(sphinx, spoken_order)
    text(sphinx, decode(speak("I want to talk to a person please")))
    assert text(sphinx, spoken_order) == first


def test_quiet_voice_is_understood_as_well(sphinx: SphinxEngine, spoken_order: Clip) -> None:
    quiet = Clip((0.05 * spoken_order.samples).astype(np.float32))
    assert "four one seven two zero three" in text(sphinx, quiet)


def test_threads_share_few_decoders_and_do_not_mix_their_words(spoken_order: Clip) -> None:
    shared = SphinxEngine(decoders=2)
    alone = text(shared, spoken_order)
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda _: text(shared, spoken_order), range(6)))
    assert texts == [alone] * 6


def test_decoder_is_given_back_after_a_failure(spoken_order: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SphinxEngine(decoders=1)

    def broken(*_: object) -> str:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("speech.recognition.sphinx._decode", broken)
        with pytest.raises(TranscriberError):
            text(engine, spoken_order)
    finished = threading.Thread(target=text, args=(engine, spoken_order))
    finished.start()
    finished.join(timeout=60)
    assert not finished.is_alive()


def test_broken_language_model_is_named(tmp_path: Path, spoken_order: Clip) -> None:
    (tmp_path / "phrases.lm").write_text("no model")
    with pytest.raises(TranscriberError, match="attune speech prepare") as caught:
        text(SphinxEngine(language_model=tmp_path / "phrases.lm"), spoken_order)
    assert caught.value.code == "engine_model"


def test_missing_language_model_leaves_the_general_one_and_says_so(tmp_path: Path) -> None:
    setup = SpeechSetup(engine="pocketsphinx", language_model=tmp_path / "nowhere.lm")
    assert open_transcriber(setup).engine == "PocketSphinx, English, general phrases only"
    assert (
        open_transcriber(SpeechSetup(engine="pocketsphinx")).engine == "PocketSphinx, English, with this shop's phrases"
    )


def test_brand_that_no_dictionary_knows_is_heard(tmp_path: Path, speak: Speak) -> None:
    model = build_shop_model(
        Talk(("is it broken", "my kettle is broken"), ("Brunnholt kettle", "Zephrin heater")),
        tmp_path / "phrases.lm",
        dictionary=None,
    )
    model.path.with_suffix(".dict").write_text("brunnholt B R AH N HH OW L T\nzephrin Z EH F R IH N\n")
    clip = decode(speak("my brunnholt kettle is broken"))
    assert "brunnholt" in text(SphinxEngine(language_model=model.path), clip)
    assert "brunnholt" not in text(SphinxEngine(), clip)


class _Table:
    """A language model of whole sentences: words in the table are likely, others are not."""

    def __init__(self, *likely: str) -> None:
        self._likely = {word for sentence in likely for word in sentence.split()} | {"</s>"}

    def prob(self, gram: list[str]) -> int:
        return -10_000 if gram[0] in self._likely else -120_000


@pytest.fixture
def rivals() -> Iterator[Rivals]:
    sounds = {"for": "F AO R", "four": "F AO R", "cattle": "K AE T AH L", "kettle": "K EH T AH L", "sheep": "SH IY P"}
    yield Rivals(
        _Table("for cattle sheep"),  # type: ignore[arg-type]
        _Table("four kettle"),  # type: ignore[arg-type]
        lambda word: sounds[word].split(),
        share=0.5,
        nats_per_phone=1.0,
    )


def test_shop_reading_counts_when_it_sounds_alike_and_only_then(rivals: Rivals) -> None:
    assert rivals.choose("four", "for") == "four"
    assert rivals.choose("sheep", "kettle") == "sheep"
    assert rivals.choose("", "kettle") == "kettle"
    assert rivals.choose("sheep", "") == "sheep"


def test_distance_counts_insertions_deletions_and_changes() -> None:
    assert distance("kitten", "sitting") == 3
    assert distance("", "abc") == distance("abc", "") == 3
