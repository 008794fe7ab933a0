"""The shelf: vocabulary and conversion beside the authors' own, hostile files, the commands."""

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.main import app
from speech import Hints, Shelf, SpeechSetup, TranscriberError, add_model
from speech.recognition.engines import chosen, open_engine
from speech.whisper_models.checkpoint import Dimensions, open_checkpoint, shapes
from speech.whisper_models.tokens import not_speech, tokenizer, vocabulary
from tests.speech.whisper.conftest import ENGINES, MICRO

runner = CliRunner()
SIZES = {51864: 80, 51865: 80, 51866: 128}
LINES = ("Where is my order 417203?", " naïve café — 4½ €, it's we'll", "日本語 и русский 🙂", "  two  spaces\n\ttab")


@pytest.mark.parametrize("size", SIZES)
def test_tokenizer_writes_the_ids_of_openai_s(size: int) -> None:
    from whisper.tokenizer import get_tokenizer

    multilingual = size >= 51865
    theirs = get_tokenizer(multilingual, num_languages=size - 51765 - multilingual)
    words = vocabulary(size)
    ours = tokenizer(words)
    assert ours.get_vocab_size() == size == theirs.encoding.n_vocab
    for name, number in theirs.special_tokens.items():
        assert ours.token_to_id(name) == number
    for line in LINES:
        ids = ours.encode(line, add_special_tokens=False).ids
        assert ids == theirs.encode(line)
        assert ours.decode(ids) == line
    assert set(theirs.non_speech_tokens) < set(not_speech(words))
    assert len(words.languages) == (100 if size == 51866 else 99)


# The micro checkpoint stands for the vocabulary of 51,865 tokens.
@pytest.mark.parametrize("size", [51864, 51866])
def test_every_vocabulary_is_converted_and_opened_by_all_engines(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A model of random numbers never ends by itself: one try along one path.
    monkeypatch.setattr("speech.recognition.whisper_choice.TEMPERATURES", (0.0,))
    monkeypatch.setattr("speech.recognition.whisper_choice.BEAMS", 1)
    path = random_model(tmp_path / "random.pt", size)
    shelf = Shelf(tmp_path / "shelf")
    kept = add_model(shelf, str(path), keep_all=True).kept
    assert kept.manifest.languages == {51864: 1, 51865: 99, 51866: 100}[size]
    assert kept.manifest.mel_bands == SIZES[size]
    sound = (0.1 * np.random.default_rng(0).standard_normal(16_000)).astype(np.float32)
    for name in ENGINES:
        engine = open_engine(SpeechSetup(engine=name, shelf=shelf.folder))
        assert ("English only" in engine.name) == (size == 51864)
        list(engine.recognise(sound, Hints(language=None)))


def test_english_only_models_are_not_used_for_other_languages(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    add_model(shelf, str(random_model(tmp_path / "little.en.pt", 51864)))
    setup = SpeechSetup(shelf=shelf.folder, language="de")
    # None of the engines that need no download understands German, either.
    with pytest.raises(TranscriberError, match=r"little\.en knows English only"):
        chosen(setup)
    with pytest.raises(TranscriberError, match="English only"):
        open_engine(SpeechSetup(engine="faster-whisper", shelf=shelf.folder, language="de"))
    engine = open_engine(SpeechSetup(engine="faster-whisper", shelf=shelf.folder))
    with pytest.raises(TranscriberError) as caught:
        list(engine.recognise(np.zeros(16_000, dtype=np.float32), Hints(language="de")))
    assert caught.value.code == "language"


def random_model(path: Path, size: int) -> Path:
    """A checkpoint of random numbers, 16 wide."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(1)
    model = Whisper(ModelDimensions(SIZES[size], 1500, 16, 2, 1, size, 448, 16, 2, 2))
    torch.nn.init.normal_(model.decoder.positional_embedding)
    torch.save({"dims": asdict(model.dims), "model_state_dict": model.state_dict()}, path)
    return path


def hostile(case: str, path: Path) -> Path:
    """Files that pretend to be a checkpoint."""
    import torch

    told: dict[str, Any] = torch.load(MICRO, weights_only=True)
    if case == "text":
        path.write_text("no model")
    elif case == "empty":
        path.write_bytes(b"")
    elif case == "truncated":
        path.write_bytes(MICRO.read_bytes()[:-5000])
    elif case == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "a")
    elif case == "bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("archive/data.pkl", bytes(50_000_000))
    elif case == "code":
        torch.save({"dims": told["dims"], "model_state_dict": told["model_state_dict"], "run": Path}, path)
    elif case == "other":
        torch.save({"weights": torch.zeros(3)}, path)
    elif case == "huge":
        torch.save(told | {"dims": told["dims"] | {"n_audio_state": 10**9}}, path)
    elif case == "lying":
        torch.save(told | {"dims": told["dims"] | {"n_audio_layer": 3}}, path)
    elif case == "words":
        torch.save(told | {"dims": told["dims"] | {"n_mels": "many"}}, path)
    elif case == "infinite":
        told["model_state_dict"]["encoder.conv1.bias"][0] = float("nan")
        torch.save(told, path)
    elif case in ("repeating", "nowhere", "sparse", "small numbers"):
        # Every tensor of the right shape: one number seen again and again, none at all, or of another kind.
        make: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
            "repeating": lambda tensor: torch.zeros(1).expand(tensor.shape),
            "nowhere": lambda tensor: tensor.to("meta"),
            "sparse": lambda tensor: tensor.to_sparse(),
            "small numbers": lambda tensor: tensor.to(torch.float8_e4m3fn),
        }
        tensors = {name: make[case](tensor) for name, tensor in told["model_state_dict"].items()}
        torch.save(told | {"model_state_dict": tensors}, path)
    elif case == "numbered":
        torch.save(told | {"model_state_dict": {**told["model_state_dict"], 5: torch.zeros(1)}}, path)
    return path


@pytest.mark.parametrize(
    "case",
    [
        *("text", "empty", "truncated", "zip", "bomb", "code", "other", "huge", "lying", "words", "infinite"),
        *("repeating", "nowhere", "sparse", "small numbers", "numbered"),
    ],
)
def test_hostile_files_are_refused_and_leave_nothing(case: str, tmp_path: Path) -> None:
    path = hostile(case, tmp_path / f"{case}.pt")
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(TranscriberError, match="checkpoint") as caught:
        add_model(shelf, str(path))
    assert caught.value.code == "not_a_checkpoint"
    assert shelf.models() == []


@pytest.mark.parametrize(
    "files",
    [
        {"config.json": '{"model_type": "whisper"}', "model.safetensors": ""},
        {"config.json": '{"model_type": "whisper", "vocab_size": "many"}', "model.safetensors": ""},
        {"config.json": '{"alignment_heads": []}', "model.bin": ""},
        {"config.json": '{"alignment_heads": []}', "model.bin": "", "vocabulary.json": "7"},
        {"config.json": "[]"},
    ],
)
def test_incomplete_folders_are_refused_and_leave_nothing(files: dict[str, str], tmp_path: Path) -> None:
    source = tmp_path / "given"
    source.mkdir()
    for name, text in files.items():
        (source / name).write_text(text)
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(TranscriberError) as caught:
        add_model(shelf, str(source))
    assert caught.value.code == "not_a_checkpoint"
    assert shelf.models() == [] and not list(shelf.folder.glob(".work-*"))


def test_shapes_are_those_of_openai_s_class() -> None:
    from whisper.model import ModelDimensions, Whisper

    for size, mels in SIZES.items():
        sizes = (mels, 1500, 16, 2, 3, size, 448, 16, 2, 2)
        theirs = {name: tuple(tensor.shape) for name, tensor in Whisper(ModelDimensions(*sizes)).state_dict().items()}
        assert shapes(Dimensions(*sizes)) == theirs
    assert open_checkpoint(MICRO).dimensions.multilingual


def test_folders_are_taken_as_well(shelf: Shelf, tmp_path: Path) -> None:
    """A Hugging Face folder is converted, a CTranslate2 folder copied; what they lack is written."""
    other = Shelf(tmp_path / "shelf")
    sound = np.zeros(16_000, dtype=np.float32)
    expected = list(open_engine(SpeechSetup(engine="faster-whisper", shelf=shelf.folder)).recognise(sound, Hints()))
    for form in ("transformers", "ctranslate2"):
        source = tmp_path / form
        shutil.copytree(shelf.folder / "micro" / form, source)
        (source / "tokenizer.json").unlink()
        kept = add_model(other, str(source)).kept
        assert kept.manifest.languages == 99
        engine = open_engine(SpeechSetup(engine="faster-whisper", shelf=other.folder, model=form))
        assert [one.text for one in engine.recognise(sound, Hints())] == [one.text for one in expected]
    with pytest.raises(TranscriberError, match="no Whisper model"):
        add_model(other, str(tmp_path))


def test_commands_add_list_use_remove(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    source = str(shelf.folder / "micro" / "ctranslate2")

    def run(*words: str, status: int = 0) -> dict[str, Any]:
        result = runner.invoke(app, ["speech", "model", *words, "--json"])
        assert result.exit_code == status, result.output
        (line,) = result.stdout.splitlines()
        return json.loads(line)

    assert run("list")["models"] == []
    for name in ("first", "second"):
        assert run("add", source, "--name", name)["in_use"] is True
    assert [(one["name"], one["in_use"]) for one in run("list")["models"]] == [("second", True), ("first", False)]
    assert run("use", "first")["in_use"] is True
    assert "first" in doctor_line()["engine"]
    assert run("remove", "first")["in_use"] == "second"
    assert run("remove", "second")["in_use"] is None
    assert doctor_line()["note"] == "run: attune speech model add small"
    assert run("use", "first", status=1)["error"]["code"] == "no_model"
    assert run("add", "nothing-of-that-name", status=1)["error"]["code"] == "no_model"
    assert run("add", source, "--name", "../out", status=1)["error"]["code"] == "name"
    assert [path.name for path in (tmp_path / "speech").iterdir() if not path.name.startswith(".lock")] == ["in-use"]


def doctor_line() -> dict[str, Any]:
    report = json.loads(runner.invoke(app, ["doctor", "--json"]).stdout)
    (line,) = [line for line in report["capabilities"] if line["capability"] == "speech to text"]
    assert isinstance(line, dict)
    return line


def test_official_names_have_addresses_and_checksums() -> None:
    from speech import official_models

    known = official_models()
    assert {"tiny", "small", "small.en", "large-v3", "turbo"} <= known.keys()
    assert all(url.startswith("https://") and len(sha256) == 64 for url, sha256 in known.values())
