"""Whisper's three engines over the same checkpoint: what they hear, when, in which language, and what they refuse."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from speech import Hints, Shelf, SpeechSetup, Transcriber, TranscriberError, describe_engines, spoken_form, word_errors
from speech.recognition.engines import chosen, open_engine
from speech.recognition.transcript import Engine, Passage
from tests.speech.whisper.conftest import ENGINES
from tests.speech.whisper.sentences import INVENTION
from vocabulary import SAMPLE_RATE_HZ, Clip

SLOW = 12
"""Of how many sentences one goes through the two engines over PyTorch; all go through faster-whisper."""


def texts(engine: Engine, clip: Clip, hints: Hints | None = None) -> str:
    return " ".join(passage.text for passage in engine.recognise(clip.samples, hints or Hints(language=None)))


def test_every_sentence_is_heard(engines: dict[str, Engine], spoken: list[tuple[str, Clip]]) -> None:
    heard = [texts(engines["faster-whisper"], clip) for _, clip in spoken]
    assert heard == [sentence for sentence, _ in spoken]


@pytest.mark.parametrize("name", ENGINES)
def test_the_three_engines_hear_the_same(engines: dict[str, Engine], spoken: list[tuple[str, Clip]], name: str) -> None:
    for sentence, clip in spoken[::SLOW]:
        assert spoken_form(texts(engines[name], clip)) == spoken_form(sentence)


@pytest.mark.parametrize("name", ENGINES)
def test_words_have_times_and_probabilities(
    engines: dict[str, Engine], spoken: list[tuple[str, Clip]], name: str
) -> None:
    _, clip = spoken[0]
    (passage,) = engines[name].recognise(clip.samples, Hints(language=None))
    assert " ".join(word.text for word in passage.words) == passage.text
    assert passage.language == "en"
    assert passage.no_speech_probability is not None and passage.no_speech_probability < 0.1
    assert passage.average_log_probability is not None and -0.5 < passage.average_log_probability <= 0
    for word in passage.words:
        assert word.start_s is not None and word.end_s is not None and word.confidence is not None
        assert 0 <= word.start_s <= word.end_s <= clip.seconds + 0.1
        assert 0 < word.confidence <= 1


@pytest.mark.parametrize("name", ENGINES)
def test_long_sound_is_heard_window_after_window(
    engines: dict[str, Engine], long_recording: tuple[list[str], Clip], name: str
) -> None:
    sentences, clip = long_recording
    assert clip.seconds > 34
    passages = list(engines[name].recognise(clip.samples, Hints()))
    heard = " ".join(spoken_form(" ".join(passage.text for passage in passages)))
    reference = " ".join(spoken_form(" ".join(sentences)))
    # Sentence after sentence up to the edge of a window and beyond it is the hardest for so small a model.
    assert word_errors(reference, heard) <= 0.15 * len(reference.split())
    starts = [word.start_s for passage in passages for word in passage.words]
    assert starts == sorted(starts)
    # Past the first window of 30 s.
    assert starts[-1] > 31
    for passage in passages:
        assert passage.start_s < passage.end_s <= clip.seconds + 0.1


@pytest.mark.parametrize("name", ENGINES)
def test_language_is_detected_or_taken_or_refused(
    engines: dict[str, Engine], spoken: list[tuple[str, Clip]], name: str
) -> None:
    sentence, clip = spoken[1]
    assert texts(engines[name], clip, Hints(language="en")) == sentence
    with pytest.raises(TranscriberError, match="'xx'") as caught:
        texts(engines[name], clip, Hints(language="xx"))
    assert caught.value.code == "language"


@pytest.mark.parametrize("name", ENGINES)
def test_prompt_and_hotwords_are_taken(engines: dict[str, Engine], spoken: list[tuple[str, Clip]], name: str) -> None:
    sentence, clip = spoken[2]
    hints = Hints(prompt="They talk about a kettle.", hotwords=("Attune", "voucher"))
    assert texts(engines[name], clip, hints) == sentence


@pytest.mark.parametrize("name", ENGINES)
def test_an_invention_on_silence_says_that_nobody_speaks(engines: dict[str, Engine], name: str) -> None:
    quiet = np.zeros(2 * SAMPLE_RATE_HZ, dtype=np.float32)
    hiss = (0.01 * np.random.default_rng(1).standard_normal(3 * SAMPLE_RATE_HZ)).astype(np.float32)
    for samples in (quiet, hiss):
        passages: list[Passage] = list(engines[name].recognise(samples, Hints()))
        # The micro checkpoint is taught to invent, as the large ones do; its own doubt must come through.
        assert [passage.text for passage in passages] == [INVENTION]
        assert passages[0].no_speech_probability is not None and passages[0].no_speech_probability > 0.9


@pytest.mark.parametrize("name", ENGINES)
def test_silence_gives_no_words_in_the_end(engines: dict[str, Engine], name: str) -> None:
    hiss = (0.01 * np.random.default_rng(2).standard_normal(3 * SAMPLE_RATE_HZ)).astype(np.float32)
    assert Transcriber(engines[name]).transcribe(Clip(hiss)).text == ""


def test_whole_transcriber_hears_a_long_recording(
    engines: dict[str, Engine], long_recording: tuple[list[str], Clip]
) -> None:
    sentences, clip = long_recording
    transcript = Transcriber(engines["faster-whisper"]).transcribe(clip)
    heard = spoken_form(transcript.text)
    # Detection cuts the sound otherwise than the checkpoint learnt it; most of it must come through.
    right = sum(" ".join(spoken_form(sentence)) in " ".join(heard) for sentence in sentences)
    assert right >= 0.7 * len(sentences)


def test_threads_do_not_mix_their_words(engines: dict[str, Engine], spoken: list[tuple[str, Clip]]) -> None:
    for name in ENGINES:
        engine = engines[name]
        some = spoken[:2]
        with ThreadPoolExecutor(2) as pool:
            heard = list(pool.map(lambda one, engine=engine: texts(engine, one[1]), some))
        assert heard == [sentence for sentence, _ in some]


def test_the_best_engine_with_a_model_is_chosen(shelf: Shelf) -> None:
    setup = SpeechSetup(shelf=shelf.folder)
    assert chosen(setup) == "faster-whisper"
    status = describe_engines(setup)[0]
    assert "micro" in status.engine and "faster-whisper" in status.engine
    assert status.better is None


def test_without_a_model_the_way_to_one_is_told(tmp_path) -> None:
    setup = SpeechSetup(shelf=tmp_path)
    assert chosen(setup) not in ENGINES
    status = describe_engines(setup)[0]
    assert status.better is not None and "Whisper" in status.better
    assert status.how_to_get == "run: attune speech model add small"
    with pytest.raises(TranscriberError, match="attune speech model add small"):
        open_engine(replace(setup, engine="faster-whisper"))


def test_a_folder_without_tokenizer_never_asks_a_hub(shelf: Shelf, tmp_path) -> None:
    folder = tmp_path / "bare"
    shutil.copytree(shelf.folder / "micro" / "ctranslate2", folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(TranscriberError, match=r"tokenizer\.json"):
        open_engine(SpeechSetup(engine="faster-whisper", model=str(folder)))


def test_damaged_files_are_named(shelf: Shelf, tmp_path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(shelf.folder / "micro" / "ctranslate2", folder)
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TranscriberError) as caught:
        open_engine(SpeechSetup(engine="faster-whisper", model=str(folder)))
    assert caught.value.code == "engine_model"
