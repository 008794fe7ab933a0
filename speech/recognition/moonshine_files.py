"""Where the model's files are, and whether they are whole. The package around them is never imported."""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from speech.errors import TranscriberError

_PACKAGE: Final = "moonshine_voice"
HOW_TO_GET: Final = (
    "run: make setup (its wheel exists for Linux with glibc 2.34 or later, macOS 15 on Apple chips, Windows)"
)


@dataclass(frozen=True)
class _File:
    """sha256: of the file in the wheel of version 0.0.73."""

    name: str
    size: int
    sha256: str


ENCODER: Final = "encoder_model.ort"
DECODER: Final = "decoder_model_merged.ort"
TOKENS: Final = "tokenizer.bin"
_FILES: Final = (
    _File(ENCODER, 13_281_600, "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221"),
    _File(DECODER, 30_412_256, "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0"),
    _File(TOKENS, 249_974, "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d"),
)


def find_folder() -> Path | None:
    """The model's folder inside the installed wheel; None if it is not installed. Imports nothing of it."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "assets" / "tiny-en"


def what_is_missing(folder: Path | None) -> str | None:
    """Why the model cannot be used, judged by the sizes of its files; None if it can."""
    if folder is None:
        return "its wheel is not installed"
    for file in _FILES:
        path = folder / file.name
        size = path.stat().st_size if path.is_file() else 0
        if size != file.size:
            return f"{file.name} has {size} bytes; expected {file.size}"
    return None


def checked(folder: Path | None) -> Path:
    """The folder, after every byte of its files was compared with what it should be (about 0.05 s).

    Raises: TranscriberError (code "engine_missing" without the files, "engine_model" if they are damaged).
    """
    missing = what_is_missing(folder)
    if folder is None:
        raise TranscriberError(f"Moonshine cannot be used: {missing}. {HOW_TO_GET}", code="engine_missing")
    for file in _FILES:
        if missing is None and hashlib.sha256((folder / file.name).read_bytes()).hexdigest() != file.sha256:
            missing = f"{file.name} is not the file of version 0.0.73"
    if missing is not None:
        raise TranscriberError(
            f"Moonshine's model in {folder} is damaged: {missing}. "
            "Run: .venvs/ml/bin/python -m pip uninstall moonshine-voice, then make setup",
            code="engine_model",
        )
    return folder
