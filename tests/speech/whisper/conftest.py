"""The micro checkpoint, put on a shelf by the product's own command, and its sentences spoken again by flite."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.main import app
from speech import Shelf, SpeechSetup, decode
from speech.recognition.engines import open_engine
from speech.recognition.transcript import Engine
from tests.speech.whisper.sentences import SENTENCES, VOICES, speak
from vocabulary import SAMPLE_RATE_HZ, Clip

ENGINES = ("faster-whisper", "openai-whisper", "transformers")
MICRO = Path(__file__).parent / "micro.pt"
PAUSE_S = 0.4


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ATTUNE_HOME of an installation whose shelf holds the micro checkpoint in all forms."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ATTUNE_HOME", str(folder))
        result = CliRunner().invoke(app, ["speech", "model", "add", str(MICRO), "--keep-all", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["forms"] == ["ctranslate2", "openai", "transformers"]
    return folder


@pytest.fixture(scope="session")
def shelf(home: Path) -> Shelf:
    return Shelf(home / "speech")


@pytest.fixture(scope="session")
def engines(shelf: Shelf) -> dict[str, Engine]:
    """All three, opened by name from the shelf; language to be detected."""
    return {name: open_engine(SpeechSetup(engine=name, shelf=shelf.folder, language=None)) for name in ENGINES}


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Clip]]:
    """Each sentence by one of the voices, in turn."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed: apt-get install flite")
    folder = tmp_path_factory.mktemp("spoken")
    return [
        (sentence, decode(speak(sentence, VOICES[number % len(VOICES)], folder / f"{number}.wav")))
        for number, sentence in enumerate(SENTENCES)
    ]


@pytest.fixture(scope="session")
def long_recording(spoken: list[tuple[str, Clip]]) -> tuple[list[str], Clip]:
    """Sentences one after another, with pauses, longer than one of Whisper's windows."""
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE_HZ), dtype=np.float32)
    pieces, texts, seconds = [], [], 0.0
    for sentence, clip in spoken:
        pieces += [clip.samples, pause]
        texts.append(sentence)
        seconds += clip.seconds + PAUSE_S
        if seconds > 34:
            break
    return texts, Clip(np.concatenate(pieces))
