"""Moonshine over the real model: texts, confidences, threads, odd inputs, damaged files."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from speech import (
    PHRASES,
    Hints,
    SpeechSetup,
    TranscriberError,
    decode,
    describe_engines,
    open_transcriber,
    word_errors,
)
from speech.recognition.moonshine import MoonshineEngine, open_engine, presence
from speech.recognition.moonshine_files import checked, find_folder, what_is_missing
from speech.recognition.moonshine_pieces import Pieces
from tests.flite import Speak

FOLDER = find_folder()
ROOT = Path(__file__).resolve().parents[2]
JFK = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
pytestmark = pytest.mark.skipif(FOLDER is None, reason="Moonshine's wheel is not installed: make setup")


@pytest.fixture(scope="module")
def engine() -> MoonshineEngine:
    return open_engine(SpeechSetup())


def heard(engine: MoonshineEngine, samples: np.ndarray, hints: Hints | None = None) -> str:
    return " ".join(passage.text for passage in engine.recognise(samples, hints or Hints()))


def test_order_number_is_understood_with_a_confidence_for_each_word(engine: MoonshineEngine, speak: Speak) -> None:
    samples = decode(speak("where is my order four one seven two zero three")).samples
    (passage,) = engine.recognise(samples, Hints())
    assert passage.words
    assert " ".join(word.text for word in passage.words) == passage.text
    assert all(word.confidence is not None and 0 <= word.confidence <= 1 for word in passage.words)
    assert all(word.start_s is None and word.end_s is None for word in passage.words)
    assert passage.end_s == samples.size / 16_000
    assert passage.average_log_probability is not None
    assert -1.5 < passage.average_log_probability <= 0
    assert "417203" in open_transcriber(SpeechSetup(engine="moonshine")).transcribe(decode(speak(
        "where is my order four one seven two zero three"
    ))).text  # fmt: skip


def test_words_of_the_shop_are_understood(engine: MoonshineEngine, speak: Speak) -> None:
    sentences = (
        "I would like to return the toaster",
        "my washing machine is leaking",
        "when does the parcel arrive",
        "I have been charged two times for the same order",
        "let me talk to a person please",
    )
    texts = [heard(engine, decode(speak(sentence)).samples).lower().rstrip(".?!,") for sentence in sentences]
    errors = sum(word_errors(said.lower(), text) for said, text in zip(sentences, texts, strict=True))
    assert errors / sum(len(said.split()) for said in sentences) <= 0.15


@pytest.mark.parametrize("samples", [1, 100, 800, 16_000], ids=lambda count: f"{count} samples")
def test_short_and_silent_sounds_are_no_error(engine: MoonshineEngine, samples: int) -> None:
    heard(engine, np.zeros(samples, dtype=np.float32))


def test_no_sound_gives_no_passage(engine: MoonshineEngine) -> None:
    assert list(engine.recognise(np.zeros(0, dtype=np.float32), Hints())) == []


def test_half_a_minute_is_taken_at_once(engine: MoonshineEngine, speak: Speak) -> None:
    one = decode(speak("I would like to return the toaster because it does not heat any more")).samples
    pause = np.zeros(8_000, dtype=np.float32)
    samples = np.concatenate([part for _ in range(10) for part in (one, pause)])[: 30 * 16_000]
    text = heard(engine, samples).lower()
    assert text.count("toaster") >= 4


def test_threads_do_not_mix_their_words(engine: MoonshineEngine, speak: Speak) -> None:
    clips = [decode(speak(said)).samples for said in ("cancel my order", "where is my refund", "the kettle is broken")]
    alone = [heard(engine, clip) for clip in clips]
    assert len(set(alone)) == 3
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda place: heard(engine, clips[place % 3]), range(9)))
    assert together == alone * 3


def test_hotword_is_heard_where_it_sounds_alike(engine: MoonshineEngine, speak: Speak) -> None:
    samples = decode(speak("please call mister weber")).samples
    plain = heard(engine, samples).lower()
    helped = heard(engine, samples, Hints(hotwords=("Weber",))).lower()
    assert "weber" in helped
    assert helped == plain or "weber" not in plain
    other = decode(speak("cancel my order")).samples
    assert heard(engine, other, Hints(hotwords=("Weber",))) == heard(engine, other)


def test_other_language_is_refused_and_not_chosen(engine: MoonshineEngine) -> None:
    assert "English only" in str(presence(SpeechSetup(language="de")).missing)
    with pytest.raises(TranscriberError, match="English only"):
        open_transcriber(SpeechSetup(language="de"))
    with pytest.raises(TranscriberError, match="'de'"):
        list(engine.recognise(np.zeros(16_000, dtype=np.float32), Hints(language="de")))
    assert not describe_engines(SpeechSetup(language="de"))[0].in_use


def test_damaged_file_is_named(tmp_path: Path) -> None:
    assert FOLDER is not None
    for path in FOLDER.iterdir():
        (tmp_path / path.name).symlink_to(path)
    assert what_is_missing(tmp_path) is None
    whole = (tmp_path / "tokenizer.bin").read_bytes()
    (tmp_path / "tokenizer.bin").unlink()
    (tmp_path / "tokenizer.bin").write_bytes(whole[:-1])
    assert str(what_is_missing(tmp_path)).startswith("tokenizer.bin has")
    (tmp_path / "tokenizer.bin").write_bytes(whole[:-1] + b"!")
    with pytest.raises(TranscriberError, match=r"tokenizer\.bin is not the file") as caught:
        checked(tmp_path)
    assert caught.value.code == "engine_model"


def test_missing_wheel_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speech.recognition.moonshine_files.find_spec", lambda _: None)
    found = presence(SpeechSetup())
    assert found.missing == "its wheel is not installed"
    assert "make setup" in str(found.how_to_get)
    with pytest.raises(TranscriberError) as caught:
        open_engine(SpeechSetup())
    assert caught.value.code == "engine_missing"
    assert "PocketSphinx" in open_transcriber().engine


def test_broken_language_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "phrases.lm").write_text("no model")
    with pytest.raises(TranscriberError, match="attune speech prepare") as caught:
        open_engine(SpeechSetup(language_model=tmp_path / "phrases.lm"))
    assert caught.value.code == "engine_model"


def test_name_says_whether_the_shop_s_phrases_are_there(tmp_path: Path, engine: MoonshineEngine) -> None:
    assert PHRASES.is_file()
    assert engine.name == presence(SpeechSetup()).name == "Moonshine tiny, English, with this shop's phrases"
    assert presence(SpeechSetup(language_model=tmp_path / "none.lm")).name == "Moonshine tiny, English"


def test_pieces_come_back_from_their_text() -> None:
    assert FOLDER is not None
    pieces = Pieces.unpack((FOLDER / "tokenizer.bin").read_bytes())
    assert len(pieces) == 32_768
    for text in ("Where is my order 417203?", "Müller, 20 €!", "four-oh"):
        assert pieces.text(pieces.encode(text)) == text


def test_code_of_the_wheel_is_never_imported() -> None:
    script = (
        "import sys, numpy; from speech import SpeechSetup; from speech.recognition.moonshine import *; "
        "list(open_engine(SpeechSetup()).recognise(numpy.zeros(16000, dtype='float32'), Hints())); "
        "heavy = {'moonshine_voice', 'torch', 'transformers', 'sounddevice', 'sklearn'}; "
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.shared
def test_natural_speech_is_understood(shared_data: Path, engine: MoonshineEngine) -> None:
    path = shared_data / "speech" / "jfk.flac"
    if not path.is_file():
        pytest.skip("jfk.flac is not in the measuring data")
    text = open_transcriber(SpeechSetup(engine="moonshine")).transcribe(decode(path)).text
    words = "".join(sign for sign in text.lower() if sign.isalpha() or sign == " ")
    assert word_errors(JFK, words) / len(JFK.split()) <= 0.05
