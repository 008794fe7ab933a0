"""The trained assistant: whether its files changed, and training it with Rasa."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cli.processes import ROOT

RASA_PYTHON: Final = ROOT / ".venvs" / "rasa" / "bin" / "python"
_SOURCES: Final = ("config.yml", "domain.yml", "data", "bot/nlu", "bot/policies")


class TrainingError(Exception):
    """`rasa train` failed."""

    code = "training_failed"


def _source_files() -> Iterator[Path]:
    for name in _SOURCES:
        path = ROOT / name
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in {".yml", ".txt", ".py"})
        else:
            yield path


def fingerprint(encoder_dir: Path) -> str:
    """Changes whenever training again would give another model; 12 hex digits."""
    digest = hashlib.sha256()
    for file in _source_files():
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    digest.update((encoder_dir / "version.txt").read_bytes())
    return digest.hexdigest()[:12]


def model_path(home: Path, encoder_dir: Path) -> Path:
    """Where the model of today's files is, or will be."""
    return home / "rasa" / "models" / f"attune-{fingerprint(encoder_dir)}.tar.gz"


def train(home: Path, encoder_dir: Path, *, force: bool = False) -> tuple[Path, float | None]:
    """Train if the files changed. Returns the model and the seconds that training took, None if it was up to date.

    Raises: TrainingError with Rasa's own words.
    """
    model = model_path(home, encoder_dir)
    if model.is_file() and not force:
        return model, None
    model.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    finished = subprocess.run(
        [
            str(RASA_PYTHON),
            "-m",
            "rasa",
            "train",
            *("--config", "config.yml", "--domain", "domain.yml", "--data", "data"),
            *("--out", str(model.parent), "--fixed-model-name", f".{model.name.removesuffix('.tar.gz')}"),
        ],
        cwd=ROOT,
        env=training_environment(encoder_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    made = model.parent / f".{model.name}"
    if finished.returncode != 0 or not made.is_file():
        sys.stderr.write(finished.stdout)
        raise TrainingError(
            "training the assistant failed; Rasa's messages stand above. Mend the named file in data/, "
            "domain.yml or config.yml and run `attune train` again."
        )
    # Only a finished training gets the real name: an interrupted one is never taken for a model.
    made.replace(model)
    for old in model.parent.glob("attune-*.tar.gz"):
        if old != model:
            old.unlink()
    return model, time.monotonic() - started


def training_environment(encoder_dir: Path) -> dict[str, str]:
    """What `rasa train` and `rasa test` need to find the product's own components."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(Path.home()),
        "PYTHONPATH": str(ROOT),
        "ATTUNE_ENCODER_DIR": str(encoder_dir),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }
