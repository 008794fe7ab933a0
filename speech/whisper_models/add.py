"""Puts a model on the shelf: OpenAI's by name, a `.pt` file, a Hugging Face folder or a CTranslate2 folder."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from speech.errors import TranscriberError
from speech.recognition.setup import SpeechSetup
from speech.recognition.transcript import Hints
from speech.whisper_models.checkpoint import open_checkpoint
from speech.whisper_models.convert import preprocessor, to_ctranslate2, to_transformers
from speech.whisper_models.shelf import Form, KeptModel, Manifest, Shelf, check_name
from speech.whisper_models.tokens import vocabulary, write_tokenizer
from vocabulary import SAMPLE_RATE_HZ

Step = Callable[[str, int | None, int | None], None]
"""Told what is done now, and how much of it: bytes so far and in all, None where that is not known."""

_DOWNLOADS: Final = ".downloads"
_CTRANSLATE2_FILES: Final = (
    "model.bin",
    "config.json",
    "vocabulary.json",
    "tokenizer.json",
    "preprocessor_config.json",
)
# Beside CTranslate2's own: weights that transformers reads, and what tells how to use them.
_TRANSFORMERS_FILES: Final = (
    "config.json",
    "generation_config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "normalizer.json",
)


@dataclass(frozen=True)
class Added:
    """A model that is now on the shelf. fetched_bytes: the size of what was downloaded, 0 if nothing was."""

    kept: KeptModel
    fetched_bytes: int


def official_models() -> dict[str, tuple[str, str]]:
    """OpenAI's models: name → (address, SHA-256). Imports torch. Raises: TranscriberError."""
    try:
        from whisper import _MODELS
    except ImportError:
        raise TranscriberError("openai-whisper is not installed. Run: make setup", code="engine_missing") from None
    return {name: (url, url.split("/")[-2]) for name, url in _MODELS.items()}


def add_model(
    shelf: Shelf,
    source: str,
    *,
    name: str | None = None,
    keep_all: bool = False,
    step: Step = lambda _what, _so_far, _all: None,
) -> Added:
    """Fetch if need be, convert, try, keep, and choose it. Nothing stands on the shelf unless all of it worked.

    source: a name of official_models(), a `.pt` file or a folder. keep_all: also what the other two engines read.
    Raises: TranscriberError.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        return _from_folder(shelf, path, name or _as_name(path.name), keep_all, step)
    if path.is_file():
        return _from_file(shelf, path, name or _as_name(path.stem), str(path), keep_all, step, fetched=0)
    known = official_models()
    if source not in known:
        raise TranscriberError(
            f"{source!r} is no file, no folder and no model of OpenAI's; expected one of {', '.join(known)}, a .pt "
            "file or a folder.",
            code="no_model",
        )
    from speech.whisper_models.fetch import fetch

    name = name or source
    check_name(name)
    url, sha256 = known[source]
    with shelf.work_on(f"fetch-{source}"):
        target = shelf.folder / _DOWNLOADS / f"{source}.pt"
        fetch(url, sha256, target, progress=lambda so_far, total: step("fetching", so_far, total))
        added = _from_file(shelf, target, name, url, keep_all, step, fetched=target.stat().st_size)
        target.unlink(missing_ok=True)
    return added


def _from_file(shelf: Shelf, path: Path, name: str, source: str, keep_all: bool, step: Step, *, fetched: int) -> Added:
    from speech.whisper_models.fetch import checksum

    step("checking", None, None)
    sha256 = checksum(path)
    # A file of OpenAI's is known by its checksum, whatever it is called here; its last name is the plainest.
    official = next((known for known, (_, theirs) in official_models().items() if theirs == sha256), None)
    checkpoint = open_checkpoint(path)
    dimensions = checkpoint.dimensions
    with shelf.work_on(name) as workplace:
        made = workplace / "model"
        made.mkdir()
        hugging_face = (made if keep_all else workplace) / Form.TRANSFORMERS.value
        step("converting", None, None)
        to_transformers(checkpoint, hugging_face, official=official)
        parameters = sum(tensor.numel() for tensor in checkpoint.tensors.values())
        del checkpoint
        to_ctranslate2(hugging_face, made / Form.CTRANSLATE2.value)
        if keep_all:
            shutil.copyfile(path, made / Form.OPENAI.value)
        manifest = _manifest(
            name,
            source,
            "OpenAI checkpoint",
            sha256,
            official,
            dimensions.n_mels,
            dimensions.languages,
            dimensions.n_audio_state,
            parameters,
        )
        return Added(_finish(shelf, made, manifest, step), fetched)


def _from_folder(shelf: Shelf, path: Path, name: str, keep_all: bool, step: Step) -> Added:
    step("checking", None, None)
    config = _json(path / "config.json")
    converted = (path / "model.bin").is_file() and "alignment_heads" in config
    if not converted and config.get("model_type") != "whisper":
        raise TranscriberError(
            f"{path} is no Whisper model: expected CTranslate2's model.bin and config.json, or a config.json whose "
            "model_type is whisper, and its weights.",
            code="not_a_checkpoint",
        )
    with shelf.work_on(name) as workplace:
        made = workplace / "model"
        made.mkdir()
        ready = made / Form.CTRANSLATE2.value
        if converted:
            step("copying", None, None)
            _copy(path, ready, _CTRANSLATE2_FILES)
            size = _vocabulary_size(path, ready)
            told = _json(ready / "preprocessor_config.json").get("feature_size")
            mel_bands, width, parameters = told if told in (80, 128) else 128 if size == 51866 else 80, 0, 0
        else:
            step("converting", None, None)
            hugging_face = (made if keep_all else workplace) / Form.TRANSFORMERS.value
            _copy_transformers(path, hugging_face)
            size, mel_bands, width = (_whole(path, config, key) for key in ("vocab_size", "num_mel_bins", "d_model"))
            _complete(hugging_face, size, mel_bands)
            to_ctranslate2(hugging_face, ready)
            parameters = 0
        _complete(ready, size, mel_bands)
        languages = size - 51766 if size >= 51865 else 1
        kind = "CTranslate2 folder" if converted else "Hugging Face folder"
        manifest = _manifest(name, str(path), kind, None, None, mel_bands, languages, width, parameters)
        return Added(_finish(shelf, made, manifest, step), 0)


def _finish(shelf: Shelf, made: Path, manifest: Manifest, step: Step) -> KeptModel:
    step("trying", None, None)
    _try(made / Form.CTRANSLATE2.value)
    kept = shelf.put(made, manifest)
    shelf.use(manifest.name)
    return kept


def _try(folder: Path) -> None:
    """Hear a second of silence: a model that cannot be opened never reaches the shelf."""
    from speech.recognition.whisper_ctranslate2 import open_engine

    engine = open_engine(SpeechSetup(model=str(folder), language=None))
    list(engine.recognise(np.zeros(SAMPLE_RATE_HZ, dtype=np.float32), Hints(language=None)))


def _copy_transformers(source: Path, target: Path) -> None:
    """Only known files, and weights only as safetensors: those of PyTorch can carry code."""
    weights = sorted(source.glob("model*.safetensors"))
    if not weights:
        raise TranscriberError(
            f"{source} has no model.safetensors; expected weights in that format. Save it again with transformers: "
            "model.save_pretrained(folder).",
            code="not_a_checkpoint",
        )
    _copy(source, target, (*(path.name for path in weights), "model.safetensors.index.json", *_TRANSFORMERS_FILES))


def _copy(source: Path, target: Path, names: Sequence[str]) -> None:
    """Those of the files that are there, and nothing else that lies in the folder."""
    target.mkdir()
    for name in names:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)


def _vocabulary_size(source: Path, folder: Path) -> int:
    try:
        words = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        if isinstance(words, list):
            return len(words)
    except (OSError, ValueError):
        pass
    raise TranscriberError(
        f"{source} has no vocabulary.json with a list of words; expected a folder as CTranslate2 writes it.",
        code="not_a_checkpoint",
    )


def _whole(source: Path, config: dict[str, Any], key: str) -> int:
    value = config.get(key)
    if not isinstance(value, int) or value < 1:
        raise TranscriberError(
            f"{source}/config.json says {value!r:.40} for {key}; expected a number above 0.", code="not_a_checkpoint"
        )
    return value


def _complete(folder: Path, size: int, mel_bands: int) -> None:
    """What engines would otherwise ask a hub for, or guess."""
    if not (folder / "tokenizer.json").is_file():
        write_tokenizer(vocabulary(size), folder)
    if not (folder / "preprocessor_config.json").is_file():
        (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor(mel_bands)), encoding="utf-8")


def _json(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _as_name(text: str) -> str:
    return "".join(letter if (letter.isalnum() and letter.isascii()) or letter in "._-" else "-" for letter in text)


def _manifest(
    name: str,
    source: str,
    kind: str,
    sha256: str | None,
    official: str | None,
    mel_bands: int,
    languages: int,
    width: int,
    parameters: int,
) -> Manifest:
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    return Manifest(name, source, kind, sha256, official, now, mel_bands, languages, width, parameters)
